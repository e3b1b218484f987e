"""A JumpStart model by the ARN of its package, in each Region where it may be deployed.

The account must have accepted the model's licence in SageMaker Studio first.
"""

from aws_cdk import App, Stack
from constructs import Construct

from sagemaker_model import InstanceType, ModelPackage, SageMakerModel

NAME = "llama2-7b-f-v4-71eeccf76ddf33f2a18d2e16b9c7f302"


def build(scope: Construct) -> Stack:
    """Make a Region-agnostic stack: CloudFormation finds the ARN of the Region."""
    stack = Stack(scope, "Llama2")
    package = ModelPackage(
        model_id="meta-textgeneration-llama-2-7b-f",
        instance_type=InstanceType.ML_G5_2XLARGE,
        packages={
            "us-east-1": f"arn:aws:sagemaker:us-east-1:865070037744:model-package/{NAME}",
            "us-west-2": f"arn:aws:sagemaker:us-west-2:594846645681:model-package/{NAME}",
        },
    )
    SageMakerModel(stack, "Model", model=package)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
