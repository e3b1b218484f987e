"""The endpoint configuration as CloudFormation takes it."""

from __future__ import annotations

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.hosting.hosting import BoundHosting, Hosting, VariantModel


def make_endpoint_config(
    scope: Construct,
    *,
    hosting: Hosting,
    bound: BoundHosting,
    model: VariantModel,
    key_arn: str | None,
) -> sagemaker.CfnEndpointConfig:
    """Make the configuration that *hosting* asks for.

    Args:
        scope: The model's construct.
        hosting: How the model is served.
        bound: What that became in *scope*.
        model: What is served.
        key_arn: Key of the instances' volumes; None for SageMaker's own.
    """
    config = sagemaker.CfnEndpointConfig(
        scope,
        "EndpointConfig",
        production_variants=[hosting.production_variant(model)],
        kms_key_id=key_arn,
        async_inference_config=bound.async_inference,
        data_capture_config=bound.data_capture,
    )
    for path, value in bound.overrides.items():
        config.add_property_override(path, value)
    return config
