"""What only CloudFormation will know is passed on, and never read as text."""

import pytest
from aws_cdk import CfnParameter, Stack
from aws_cdk.assertions import Annotations, Match, Template

from sagemaker_model import Container, SageMakerModel


def parameter(stack: Stack, name: str) -> str:
    return CfnParameter(stack, name).value_as_string


def test_a_model_and_its_revision_may_be_tokens(agnostic: Stack) -> None:
    container = Container(
        model_id=parameter(agnostic, "ModelId"),
        instance_type="ml.g5.2xlarge",
        revision=parameter(agnostic, "Revision"),
    )

    SageMakerModel(agnostic, "Model", model=container)

    (model,) = Template.from_stack(agnostic).find_resources("AWS::SageMaker::Model").values()
    environment = model["Properties"]["PrimaryContainer"]["Environment"]
    assert environment["HF_MODEL_ID"] == {"Ref": "ModelId"}
    assert environment["SM_VLLM_REVISION"] == {"Ref": "Revision"}
    Annotations.from_stack(agnostic).has_no_warning("*", Match.string_like_regexp("not a commit"))


def test_what_is_no_deployment_is_a_plain_error(stack: Stack) -> None:
    with pytest.raises(
        TypeError,
        match="model must be a ModelPackage, a Container or a CustomInference, got 'org/name'",
    ):
        SageMakerModel(stack, "Model", model="org/name")  # type: ignore[arg-type]


def test_what_is_no_hosting_is_a_plain_error(stack: Stack) -> None:
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge")

    with pytest.raises(
        TypeError, match="hosting must be a RealTime, a Serverless, an Asynchronous or an Inf"
    ):
        SageMakerModel(stack, "Model", model=container, hosting=2)  # type: ignore[arg-type]
