import os
import subprocess
import sys

import pytest
from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from sagemaker_model import Container, ISageMakerModel, SageMakerModel


def imported(stack: Stack, name: str = "Chat") -> ISageMakerModel:
    return SageMakerModel.from_endpoint_name(stack, "Imported", name)


def test_an_endpoint_is_referred_to_by_its_name_in_the_stacks_account_and_region(
    stack: Stack,
) -> None:
    model = imported(stack)

    assert model.endpoint_name == "Chat"
    assert stack.resolve(model.endpoint_arn)["Fn::Join"][1][-1] == (
        ":sagemaker:us-east-1:123456789012:endpoint/chat"
    )


def test_a_name_that_no_endpoint_can_have_is_refused(stack: Stack) -> None:
    with pytest.raises(ValueError, match="endpoint_name must be"):
        imported(stack, "my_endpoint")


def test_invoking_an_imported_endpoint_is_granted_on_the_name_in_lower_case(stack: Stack) -> None:
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    imported(stack).grant_invoke(role)

    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "sagemaker:InvokeEndpoint"
    assert str(statement["Resource"]).endswith("endpoint/chat']]}")


@pytest.mark.parametrize("kind", ["made", "imported"])
def test_it_can_be_handed_wherever_cdk_takes_an_endpoint(stack: Stack, kind: str) -> None:
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge")
    endpoint = (
        SageMakerModel(stack, "Model", model=container)
        if kind == "made"
        else SageMakerModel.from_endpoint_name(stack, "Imported", "chat")
    )
    api = apigateway.RestApi(stack, "Api")

    api.root.add_method("POST", apigateway.SagemakerIntegration(endpoint))

    template = Template.from_stack(stack)
    assert "sagemaker:InvokeEndpoint" in str(template.find_resources("AWS::IAM::Policy"))
    template.resource_count_is("AWS::ApiGateway::Method", 1)


USE_EVERYTHING = """
from aws_cdk import App, Environment, Stack, aws_ec2 as ec2, aws_iam as iam, aws_kms as kms
from sagemaker_model import Container, SageMakerModel
stack = Stack(App(), "Stack", env=Environment(account="123456789012", region="us-east-1"))
model = SageMakerModel(
    stack,
    "Model",
    model=Container(model_id="org/name", instance_type="ml.m5.xlarge"),
    vpc=ec2.Vpc(stack, "Vpc", max_azs=2),
    encryption_key=kms.Key(stack, "Key"),
    endpoint_name="chat",
)
model.grant_invoke(iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com")))
model.metric_invocations()
"""


def test_nothing_is_used_that_cdk_calls_deprecated() -> None:
    environment = {**os.environ, "JSII_DEPRECATED": "fail", "PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run(
        [sys.executable, "-c", USE_EVERYTHING],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
