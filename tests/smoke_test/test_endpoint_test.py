"""What a smoke test adds to a stack, and when there is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, NestedStack, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from conftest import VIRGINIA
from sagemaker_model import (
    Asynchronous,
    Container,
    ContainerImages,
    CustomInference,
    InferenceComponent,
    ModelPackage,
    ReadyHandlers,
    SageMakerModel,
    Serverless,
    SharedEndpoint,
    SmokeTest,
    Weights,
)
from staging.staged import COMMIT, MODEL, custom

TEST = "Custom::SageMakerModelSmokeTest"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
CPU = ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST


def container(**arguments: Any) -> Container:
    return Container(model_id="org/name", instance_type="ml.g5.2xlarge", **arguments)


def pipeline(**arguments: Any) -> Container:
    given = {"container": CPU, "env": {"HF_TASK": "ner"}, **arguments}
    return Container(model_id="org/name", instance_type="ml.m5.xlarge", **given)


def handler(folder: str, **arguments: Any) -> CustomInference:
    given = {"model_id": MODEL, "revision": COMMIT, "instance_type": "ml.m5.xlarge"}
    return CustomInference(code_folder=folder, **{**given, **arguments})


def properties(stack: Stack) -> Any:
    (resource,) = Template.from_stack(stack).find_resources(TEST).values()
    return resource["Properties"]


def question(stack: Stack) -> Any:
    return json.loads(properties(stack)["Test"])


def rights(stack: Stack) -> dict[str, Any]:
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy").items()
    (policy,) = (each for name, each in policies if "SmokeTest" in name)
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    return {each["Sid"]: (each["Action"], each["Resource"]) for each in statements}


def is_tested(stack: Stack, model: Any, **arguments: Any) -> bool:
    SageMakerModel(stack, "Model", model=model, **arguments)
    return bool(Template.from_stack(stack).find_resources(TEST))


@pytest.mark.parametrize(
    "model",
    [
        container(),
        container(container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST),
        container(weights=Weights.from_s3("s3://bucket/prefix/")),
        pipeline(),
        handler(ReadyHandlers.EMBEDDINGS),
        handler(ReadyHandlers.PIPELINE, env={"HF_TASK": "ner"}),
    ],
    ids=["vllm", "tgi", "weights of one's own", "pipeline", "handler", "handler of pipelines"],
)
def test_a_model_that_is_known_to_answer_something_is_asked_it(stack: Stack, model: Any) -> None:
    assert is_tested(stack, model)


@pytest.mark.parametrize(
    "model",
    [
        ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages=PACKAGE),
        pipeline(env={}),
        pipeline(weights=Weights.from_s3("s3://bucket/model.tar.gz")),
        container(container="123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1"),
        handler(ReadyHandlers.PIPELINE),
        handler(ReadyHandlers.EMBEDDINGS, weights=Weights.from_s3("s3://bucket/prefix/")),
    ],
    ids=[
        "package",
        "no task",
        "archive with code",
        "own image",
        "handler without task",
        "weights of one's own",
    ],
)
def test_a_model_of_which_nobody_can_tell_is_asked_nothing(stack: Stack, model: Any) -> None:
    assert not is_tested(stack, model)


def test_nor_is_code_of_ones_own(stack: Stack, tmp_path: Path) -> None:
    assert not is_tested(stack, custom(tmp_path))


def test_none_asks_nothing_and_makes_nothing(stack: Stack) -> None:
    assert not is_tested(stack, container(), smoke_test=None)
    Template.from_stack(stack).resource_count_is("AWS::Lambda::Function", 0)


def test_any_model_can_be_asked_what_its_user_knows(stack: Stack, tmp_path: Path) -> None:
    test = SmokeTest({"inputs": "a"}, expect="b")
    SageMakerModel(stack, "Model", model=custom(tmp_path), smoke_test=test)

    (request,) = question(stack)["requests"]
    assert json.loads(request["body"]) == {"inputs": "a"}


def test_a_test_without_a_payload_needs_a_model_that_is_known(stack: Stack) -> None:
    with pytest.raises(ValueError, match="smoke_test has no payload, and what this model answers"):
        SageMakerModel(stack, "Model", model=pipeline(env={}), smoke_test=SmokeTest(expect="a"))


def test_it_asks_again_when_the_configuration_or_the_test_has_changed(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container())

    template = Template.from_stack(stack)
    (config,) = template.find_resources("AWS::SageMaker::EndpointConfig")
    told = properties(stack)
    assert told["EndpointConfigName"] == {"Fn::GetAtt": [config, "EndpointConfigName"]}
    assert told["ServiceTimeout"] > 900


def test_it_may_invoke_exactly_its_endpoint(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container())

    (endpoint,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Endpoint")
    assert rights(stack) == {"Ask": (["sagemaker:InvokeEndpoint"], [{"Ref": endpoint}])}


def test_it_waits_for_its_rights_and_for_scaling(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())
    model.auto_scale(max_capacity=2).scale_on_concurrency(4)

    template = Template.from_stack(stack)
    (resource,) = template.find_resources(TEST).values()
    waited = {template.to_json()["Resources"][each]["Type"] for each in resource["DependsOn"]}
    assert waited == {
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::IAM::Policy",
    }


def test_one_function_asks_all_endpoints_of_a_stack(stack: Stack) -> None:
    for name in ("One", "Two"):
        SageMakerModel(stack, name, model=container())

    template = Template.from_stack(stack)
    for kind, count in ((TEST, 2), ("AWS::Lambda::Function", 1), ("AWS::Logs::LogGroup", 1)):
        template.resource_count_is(kind, count)


def test_a_nested_stack_has_one_of_its_own(stack: Stack) -> None:
    nested = NestedStack(stack, "Nested")
    SageMakerModel(nested, "Model", model=container())

    Template.from_stack(nested).resource_count_is("AWS::Lambda::Function", 1)


def test_the_role_of_a_model_gets_nothing_by_it(app: App) -> None:
    stack = Stack(app, "Stack", env=VIRGINIA)
    role = iam.Role.from_role_arn(
        stack, "Role", "arn:aws:iam::123456789012:role/theirs", mutable=False
    )
    SageMakerModel(stack, "Model", model=container(), role=role)

    assert set(rights(stack)) == {"Ask"}


def test_a_request_to_a_queue_lies_in_its_bucket(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), hosting=Asynchronous())

    assert "/input" in str(properties(stack)["InputFolder"])
    found = rights(stack)
    assert found["Ask"][0] == ["sagemaker:InvokeEndpointAsync"]
    assert {"WriteRequests", "ReadAnswers", "ReadFailures", "SeeState"} <= set(found)


def test_the_keys_of_a_queue_may_be_used(stack: Stack) -> None:
    hosting = Asynchronous(encryption_key=kms.Key(stack, "Key"))
    SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    assert {"WriteRequestsKey", "ReadAnswersKey"} <= set(rights(stack))


def test_a_bucket_of_somebody_elses_is_written_to_only_when_asked_for(stack: Stack) -> None:
    hosting = Asynchronous(output_path="s3://theirs/out", input_path="s3://theirs/in")
    other = Stack(App(), "Other", env=VIRGINIA)
    assert not is_tested(other, container(), hosting=hosting)

    SageMakerModel(stack, "Model", model=container(), hosting=hosting, smoke_test=SmokeTest())
    assert properties(stack)["InputFolder"] == "s3://theirs/in"


def test_a_queue_without_a_place_for_requests_can_not_be_asked(stack: Stack) -> None:
    hosting = Asynchronous(output_path="s3://theirs/out")
    with pytest.raises(ValueError, match="smoke_test has nowhere to put its request"):
        SageMakerModel(stack, "Model", model=container(), hosting=hosting, smoke_test=SmokeTest({}))


def test_a_queue_has_more_patience_than_an_endpoint_that_answers_at_once() -> None:
    patience = {}
    for hosting in (Asynchronous(), Serverless(memory_mb=4096)):
        stack = Stack(App(), "Stack", env=VIRGINIA)
        SageMakerModel(stack, "Model", model=pipeline(), hosting=hosting)
        patience[type(hosting)] = question(stack)["patience"]

    assert patience == {Asynchronous: 780, Serverless: 600}


def test_a_model_on_a_shared_endpoint_is_asked_by_its_component(stack: Stack) -> None:
    shared = SharedEndpoint(stack, "Shared", instance_type="ml.g5.2xlarge", max_instances=2)
    SageMakerModel(stack, "Model", model=container(), hosting=InferenceComponent(endpoint=shared))

    template = Template.from_stack(stack)
    (endpoint,) = template.find_resources("AWS::SageMaker::Endpoint")
    (component,) = template.find_resources("AWS::SageMaker::InferenceComponent")
    (model,) = template.find_resources("AWS::SageMaker::Model")
    told = properties(stack)
    assert component in str(told["ComponentName"])
    # Its configuration is the endpoint's, and stays when the model changes.
    assert told["ModelName"] == {"Fn::GetAtt": [model, "ModelName"]}
    assert rights(stack) == {
        "Ask": (["sagemaker:InvokeEndpoint"], [{"Ref": endpoint}, {"Ref": component}])
    }


def test_the_function_can_be_patient_for_as_long_as_that(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), hosting=Asynchronous())

    (function,) = Template.from_stack(stack).find_resources("AWS::Lambda::Function").values()
    answer = 65
    assert question(stack)["patience"] + answer < function["Properties"]["Timeout"]
