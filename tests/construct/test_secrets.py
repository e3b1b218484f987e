"""A secret never ends in a container's environment, in whatever form it is given."""

import pytest
from aws_cdk import App, CfnParameter, SecretValue, Stack
from aws_cdk import aws_secretsmanager as secretsmanager

from sagemaker_model import Container, SageMakerModel


def deploy(stack: Stack, value: str) -> SageMakerModel:
    container = Container(
        model_id="org/name", instance_type="ml.g5.2xlarge", env={"HF_TOKEN": value}
    )
    return SageMakerModel(stack, "Model", model=container)


def test_an_unwrapped_secret_is_refused_though_it_is_a_token() -> None:
    stack = Stack(App(), "Stack")
    secret = secretsmanager.Secret(stack, "Token")

    with pytest.raises(ValueError, match=r"env\['HF_TOKEN'\] is a secret.*DescribeModel"):
        deploy(stack, secret.secret_value.unsafe_unwrap())


def test_a_secure_parameter_is_refused_though_it_is_a_token() -> None:
    stack = Stack(App(), "Stack")

    with pytest.raises(ValueError, match=r"env\['HF_TOKEN'\] is a secret"):
        deploy(stack, SecretValue.ssm_secure("token").unsafe_unwrap())


def test_a_token_that_is_no_secret_passes() -> None:
    stack = Stack(App(), "Stack")
    parameter = CfnParameter(stack, "Parameter")

    model = deploy(stack, parameter.value_as_string)

    assert model.model_id == "org/name"
