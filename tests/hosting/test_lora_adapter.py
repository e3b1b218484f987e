"""Adapters beside a model on a shared endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match, Template

from construct.models import cpu_container
from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceComponent,
    LoraAdapter,
    SageMakerModel,
    SharedEndpoint,
    Weights,
)

COMPONENT = "AWS::SageMaker::InferenceComponent"
POLICY = "AWS::IAM::Policy"
ARTIFACT = "s3://models/adapters/support.tar.gz"
TYPE = "ml.g5.2xlarge"


def base_of(
    stack: Stack,
    *,
    container: Any = ContainerImages.DJL_INFERENCE_LMI_LATEST,
    env: dict[str, str] | None = None,
    **shared: Any,
) -> SageMakerModel:
    endpoint = SharedEndpoint(stack, "Shared", instance_type=TYPE, max_instances=2, **shared)
    model = Container(
        model_id="org/llama-7B",
        instance_type=TYPE,
        container=container,
        weights=Weights.from_s3("s3://models/llama/"),
        env={"OPTION_ENABLE_LORA": "true"} if env is None else env,
    )
    hosting = InferenceComponent(endpoint=endpoint)
    return SageMakerModel(stack, "Base", model=model, hosting=hosting)


def resource(stack: Stack, kind: str, prefix: str = "Support") -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources(kind)
    (properties,) = (each for name, each in found.items() if name.startswith(prefix))
    return dict(properties)


def test_it_says_where_it_lies_and_on_what_and_nothing_else(app: App, stack: Stack) -> None:
    LoraAdapter(stack, "Support", base=base_of(stack), artifact=ARTIFACT)

    app.synth()
    properties = resource(stack, COMPONENT)["Properties"]
    assert sorted(properties) == ["EndpointName", "InferenceComponentName", "Specification"]
    assert sorted(properties["Specification"]) == ["BaseInferenceComponentName", "Container"]
    assert properties["Specification"]["Container"] == {"ArtifactUrl": ARTIFACT}


def test_it_is_deleted_before_the_model_that_it_adapts(stack: Stack) -> None:
    LoraAdapter(stack, "Support", base=base_of(stack), artifact=ARTIFACT)

    specification = resource(stack, COMPONENT)["Properties"]["Specification"]
    (base,) = (
        name
        for name in Template.from_stack(stack).find_resources(COMPONENT)
        if name.startswith("Base")
    )
    assert f"'Ref': '{base}'" in str(specification["BaseInferenceComponentName"])


def test_the_role_may_read_its_archive_before_it_is_made(stack: Stack) -> None:
    key = kms.Key(stack, "Key")

    LoraAdapter(stack, "Support", base=base_of(stack), artifact=ARTIFACT, encryption_key=key)

    policy = resource(stack, POLICY)["Properties"]
    statements = policy["PolicyDocument"]["Statement"]
    assert "models/adapters/support.tar.gz" in str(statements[0]["Resource"])
    assert statements[-1]["Action"] == "kms:Decrypt"
    assert "SharedRole" in str(policy["Roles"])
    (dependency,) = resource(stack, COMPONENT)["DependsOn"]
    assert dependency.startswith("SupportPolicy")


def test_an_archive_may_lie_in_a_bucket_of_the_app(app: App, stack: Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket")
    uri = bucket.s3_url_for_object("adapters/support.tar.gz")

    LoraAdapter(stack, "Support", base=base_of(stack), artifact=uri)

    app.synth()
    assert "support.tar.gz" in str(resource(stack, POLICY))


def test_callers_are_let_in_to_the_adapter_and_not_to_the_model(stack: Stack) -> None:
    adapter = LoraAdapter(stack, "Support", base=base_of(stack), artifact=ARTIFACT)

    adapter.grant_invoke(iam.User(stack, "Caller"))

    statement = resource(stack, POLICY, "Caller")["Properties"]["PolicyDocument"]["Statement"][0]
    assert "SupportComponent" in str(statement["Resource"])
    assert "BaseComponent" not in str(statement["Resource"])


def test_its_metrics_are_its_own(stack: Stack) -> None:
    base = base_of(stack)
    adapter = LoraAdapter(stack, "Support", base=base, artifact=ARTIFACT, name="support")

    metric = adapter.metric_invocations()

    (dimensions,) = [stack.resolve(metric.dimensions)]
    assert "SupportComponent" in str(dimensions["InferenceComponentName"])
    assert adapter.cfn_inference_component.inference_component_name == "support"
    assert adapter.endpoint_name == base.endpoint_name
    assert adapter.endpoint_arn == base.endpoint_arn


def test_it_moves_with_its_model() -> None:
    def adapter(shared: str) -> str:
        stack = Stack(App(), "Stack")
        LoraAdapter(stack, "Support", base=base_of(stack, endpoint_name=shared), artifact=ARTIFACT)
        names = Template.from_stack(stack).find_resources(COMPONENT)
        (name,) = (each for each in names if each.startswith("Support"))
        return name

    assert adapter("one") == adapter("one")
    assert adapter("one") != adapter("two")


def test_a_model_with_an_endpoint_of_its_own_takes_none(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=cpu_container())

    with pytest.raises(ValueError, match="base must lie on a SharedEndpoint"):
        LoraAdapter(stack, "Support", base=model, artifact=ARTIFACT)


@pytest.mark.parametrize(
    ("artifact", "said"),
    [
        ("s3://models/adapters/", r"must be one \.tar\.gz archive"),
        ("adapters/support.tar.gz", "artifact must be s3://bucket"),
    ],
    ids=["folder", "path"],
)
def test_what_is_no_archive_in_s3_is_refused(stack: Stack, artifact: str, said: str) -> None:
    base = base_of(stack)

    with pytest.raises(ValueError, match=said):
        LoraAdapter(stack, "Support", base=base, artifact=artifact)


def test_a_name_that_no_component_can_have_is_refused(stack: Stack) -> None:
    base = base_of(stack)

    with pytest.raises(ValueError, match="name must be 1 to 63 lower-case"):
        LoraAdapter(stack, "Support", base=base, artifact=ARTIFACT, name="Support")


# -- what is said of its model -----------------------------------------------------------------


def warnings(stack: Stack) -> list[str]:
    pattern = Match.string_like_regexp(r"sagemaker-model:adapter-")
    found = Annotations.from_stack(stack).find_warning("/Stack/Support", pattern)
    return [str(each.entry.data) for each in found]


def test_nothing_is_said_where_lora_is_on(stack: Stack) -> None:
    LoraAdapter(stack, "Support", base=base_of(stack), artifact=ARTIFACT)

    assert warnings(stack) == []


@pytest.mark.parametrize("env", [{}, {"OPTION_ENABLE_LORA": "false"}], ids=["unset", "off"])
def test_lmi_is_to_have_it_switched_on(stack: Stack, env: dict[str, str]) -> None:
    LoraAdapter(stack, "Support", base=base_of(stack, env=env), artifact=ARTIFACT)

    (warning,) = warnings(stack)
    assert "give the model env={'OPTION_ENABLE_LORA': 'true'}" in warning
    assert "adapter-lora-off" in warning


def test_vllm_is_to_have_it_switched_on_and_to_load_at_run_time(stack: Stack) -> None:
    base = base_of(stack, container=ContainerImages.VLLM_LATEST, env={"SM_VLLM_ENABLE_LORA": ""})

    LoraAdapter(stack, "Support", base=base, artifact=ARTIFACT)

    (warning,) = warnings(stack)
    assert "env={'VLLM_ALLOW_RUNTIME_LORA_UPDATING': 'true'}" in warning


def test_an_engine_that_is_not_known_to_take_adapters_is_a_warning(stack: Stack) -> None:
    image = ContainerImages.HF_PYTORCH_INFERENCE_LATEST

    LoraAdapter(stack, "Support", base=base_of(stack, container=image, env={}), artifact=ARTIFACT)

    (warning,) = warnings(stack)
    assert "sagemaker-model:adapter-engine-unknown" in warning


def test_a_role_that_is_left_alone_must_be_given_the_right_by_someone_else(stack: Stack) -> None:
    role = iam.Role.from_role_name(stack, "Role", "serving")
    base = base_of(stack, role=role, grant_permissions=False)

    LoraAdapter(stack, "Support", base=base, artifact=ARTIFACT)

    (warning,) = warnings(stack)
    assert "sagemaker-model:adapter-role-needs-permissions" in warning
    assert "adapters/support.tar.gz" in warning
