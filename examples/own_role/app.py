"""A role that another team made, and a caller that may invoke the endpoint."""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model import Container, InstanceType, SageMakerModel


def build(scope: Construct) -> Stack:
    """Give the role a policy of this stack, and let another role call."""
    stack = Stack(scope, "OwnRole")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        revision="a09a35458c702b33eeacc393d103063234e8bc28",
        instance_type=InstanceType.ML_G5_2XLARGE,
    )
    role = iam.Role.from_role_name(stack, "Role", "sagemaker-execution")
    model = SageMakerModel(stack, "Model", model=container, role=role, endpoint_name="qwen-chat")
    caller = iam.Role.from_role_name(stack, "Caller", "chat-backend")
    model.grant_invoke(caller)
    # CDK grants a role that lives elsewhere its rights by an inline policy: yours to decide.
    Validations.of(caller).acknowledge(
        *[
            Acknowledgment(id=f"{pack}-IAMNoInlinePolicy", reason="It is one right of one caller.")
            for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
        ]
    )
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
