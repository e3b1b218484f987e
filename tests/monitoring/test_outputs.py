"""What a stack tells of an endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from construct.models import container, cpu_container
from monitoring.models import asynchronous, component, real_time
from sagemaker_model import Container, ContainerImages, SageMakerModel


def served_by(stack: Stack, image: Any) -> SageMakerModel:
    deployed = Container(model_id="org/name", instance_type="ml.g5.2xlarge", container=image)
    return SageMakerModel(stack, "Model", model=deployed, endpoint_name="Chat")


def outputs(stack: Stack) -> dict[str, Any]:
    return {
        name: each["Value"] for name, each in Template.from_stack(stack).find_outputs("*").items()
    }


def text(value: Any) -> str:
    """Return a value as CloudFormation would fill it in, with a word for each token."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(map(text, value["Fn::Join"][1]))
    if "Fn::FindInMap" in value:
        return "<console>"
    return f"<{next(iter(value.values()))}>"


def test_an_endpoint_is_told_by_its_name_and_its_link(app: App, stack: Stack) -> None:
    asynchronous(stack).add_outputs(prefix="")

    app.synth()
    told = outputs(stack)
    (endpoint,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Endpoint")
    assert told["EndpointName"] == {"Fn::GetAtt": [endpoint, "EndpointName"]}
    assert text(told["Console"]).startswith(
        "https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/endpoints/"
    )
    assert set(told) == {"EndpointName", "Console"}


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (ContainerImages.HF_VLLM_LATEST, True),
        (ContainerImages.SGLANG_LATEST, True),
        (ContainerImages.TEI_LATEST, False),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1", False),
    ],
    ids=["vLLM", "SGLang", "TEI", "mine"],
)
def test_the_url_for_clients_of_openai_is_told_where_the_engine_has_one(
    stack: Stack, image: Any, expected: bool
) -> None:
    model = served_by(stack, image)

    assert ("OpenAiUrl" in model.add_outputs()) is expected


def test_the_url_for_clients_of_openai_is_the_one_that_sagemaker_documents(stack: Stack) -> None:
    served_by(stack, ContainerImages.VLLM_LATEST).add_outputs(prefix="Chat")

    url = text(outputs(stack)["ChatOpenAiUrl"])
    assert url == (
        "https://runtime.sagemaker.us-east-1.<AWS::URLSuffix>/endpoints/<name>/openai/v1"
    ).replace("<name>", text(outputs(stack)["ChatEndpointName"]))


def test_a_component_is_told_beside_the_endpoint_that_it_lies_on(stack: Stack) -> None:
    component(stack).add_outputs(prefix="")

    told = {name: text(value) for name, value in outputs(stack).items()}
    name = told["InferenceComponentName"]
    assert name
    path = f"/endpoints/{told['EndpointName']}/inference-components/{name}/openai/v1"
    assert told["OpenAiUrl"].endswith(path)


def test_a_queue_has_no_url_for_clients_of_openai(stack: Stack) -> None:
    assert "OpenAiUrl" not in asynchronous(stack).add_outputs()


def test_a_container_of_yours_may_have_the_url_too(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=cpu_container())

    assert "OpenAiUrl" in model.add_outputs(openai=True)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_each_partition_has_its_console(app: App, region: str, host: str) -> None:
    stack = Stack(app, "There", env=Environment(account="123456789012", region=region))
    image = "123456789012.dkr.ecr.amazonaws.com/mine:1"

    served_by(stack, image).add_outputs(prefix="")

    assert text(outputs(stack)["Console"]).startswith(f"https://{host}/sagemaker/home?region=")


def test_a_partition_whose_console_is_not_known_has_no_link() -> None:
    env = Environment(account="123456789012", region="us-iso-east-1")
    stack = Stack(App(), "There", env=env)
    image = "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov/mine:1"

    told = served_by(stack, image).add_outputs()

    assert set(told) == {"EndpointName"}


def test_without_a_region_cloudformation_looks_the_console_up(app: App, agnostic: Stack) -> None:
    for name in ("First", "Second"):
        SageMakerModel(agnostic, name, model=container()).add_outputs()

    app.synth()
    links = [text(value) for name, value in outputs(agnostic).items() if "Console" in name]
    beginning = "https://<AWS::Region>.<console>/sagemaker/home?region=<AWS::Region>#/endpoints/"
    assert [link.startswith(beginning) for link in links] == [True, True]
    assert len(Template.from_stack(agnostic).find_mappings("SageMakerModelConsoles")) == 1


def test_several_models_of_a_stack_have_names_of_their_own_by_default(
    app: App, stack: Stack
) -> None:
    for name in ("First", "Second"):
        SageMakerModel(stack, name, model=container()).add_outputs()

    app.synth()
    assert len(outputs(stack)) == 6


def test_a_prefix_that_no_output_can_have_is_refused(stack: Stack) -> None:
    model = real_time(stack)

    with pytest.raises(ValueError, match="prefix must be letters and digits, got 'my-chat'"):
        model.add_outputs(prefix="my-chat")
    model.add_outputs(prefix="Chat")
    with pytest.raises(ValueError, match="add_outputs was called before"):
        model.add_outputs(prefix="Chat")
