"""A REST API that passes requests to the endpoint, for callers that IAM knows.

The model stands wherever CDK takes a SageMaker endpoint: the integration asks it for its name, and
for the right to invoke it.
"""

from aws_cdk import Acknowledgment, App, Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from sagemaker_model import Container, InstanceType, SageMakerModel

# What depends on who calls and what it may cost is yours to decide.
ACCEPTED = {
    "Callers are services with IAM credentials: neither a firewall nor a user pool is needed.": (
        "AwsSolutions-APIG3",
        "AwsSolutions-COG4",
        "NIST.800.53.R5-APIGWAssociatedWithWAF",
        "PCI.DSS.321-APIGWAssociatedWithWAF",
    ),
    "A model's answers are not cached.": (
        "HIPAA.Security-APIGWCacheEnabledAndEncrypted",
        "NIST.800.53.R5-APIGWCacheEnabledAndEncrypted",
        "PCI.DSS.321-APIGWCacheEnabledAndEncrypted",
    ),
    "SageMaker knows the API by its role, not by a client certificate.": (
        "HIPAA.Security-APIGWSSLEnabled",
        "NIST.800.53.R5-APIGWSSLEnabled",
        "PCI.DSS.321-APIGWSSLEnabled",
    ),
    "CDK lets the API invoke the endpoint by an inline policy.": (
        "HIPAA.Security-IAMNoInlinePolicy",
        "NIST.800.53.R5-IAMNoInlinePolicy",
        "PCI.DSS.321-IAMNoInlinePolicy",
    ),
}


def build(scope: Construct) -> Stack:
    """Put an API before Qwen2.5-7B; an answer must come within API Gateway's 29 seconds."""
    stack = Stack(scope, "Api")
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct",
        revision="a09a35458c702b33eeacc393d103063234e8bc28",
        instance_type=InstanceType.ML_G5_2XLARGE,
    )
    model = SageMakerModel(stack, "Model", model=container)
    api = apigateway.RestApi(stack, "Rest", deploy_options=watched(stack), cloud_watch_role=False)
    api.root.add_method(
        "POST",
        apigateway.SagemakerIntegration(model),
        authorization_type=apigateway.AuthorizationType.IAM,
        request_validator_options={
            "validate_request_body": True,
            "validate_request_parameters": True,
        },
    )
    for reason, rules in ACCEPTED.items():
        Validations.of(api).acknowledge(*[Acknowledgment(id=rule, reason=reason) for rule in rules])
    return stack


def watched(stack: Stack) -> apigateway.StageOptions:
    """Trace, and log who called and when, encrypted."""
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    # CloudWatch Logs uses a key only if the key's own policy lets it.
    key.grant_encrypt_decrypt(iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com"))
    group = logs.LogGroup(stack, "AccessLog", encryption_key=key)
    return apigateway.StageOptions(
        access_log_destination=apigateway.LogGroupLogDestination(group),
        access_log_format=apigateway.AccessLogFormat.clf(),
        logging_level=apigateway.MethodLoggingLevel.ERROR,
        tracing_enabled=True,
    )


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
