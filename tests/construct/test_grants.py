"""Who may invoke an endpoint, and how."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template

from construct.models import container
from sagemaker_model import Asynchronous, ISageMakerModel, SageMakerModel

INVOKE = "sagemaker:InvokeEndpoint"
WAYS = [
    ("grant_invoke", INVOKE),
    ("grant_invoke_stream", [INVOKE, "sagemaker:InvokeEndpointWithResponseStream"]),
    ("grant_invoke_async", "sagemaker:InvokeEndpointAsync"),
    ("grant_invoke_openai", INVOKE),
]


def caller(stack: Stack) -> iam.Role:
    return iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def granted(stack: Stack) -> list[tuple[Any, Any]]:
    """Return what the caller may do, and on what."""
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    (policy,) = [each for name, each in policies.items() if name.startswith("Caller")]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    return [(statement["Action"], statement["Resource"]) for statement in statements]


def granted_objects(stack: Stack) -> list[tuple[Any, str]]:
    """Return what the caller may do in S3, and the path of each ARN."""
    rights = [(actions, resource) for actions, resource in granted(stack) if "s3:" in str(actions)]
    return [(actions, resource["Fn::Join"][1][-1]) for actions, resource in rights]


def imported(stack: Stack) -> ISageMakerModel:
    return SageMakerModel.from_endpoint_name(stack, "Model", "Chat")


@pytest.mark.parametrize(("method", "actions"), WAYS, ids=[method for method, _ in WAYS])
def test_an_imported_endpoint_is_granted_by_its_name_in_lower_case(
    stack: Stack, method: str, actions: object
) -> None:
    getattr(imported(stack), method)(caller(stack))

    action, resource = granted(stack)[0]
    assert action == actions
    assert resource["Fn::Join"][1][-1] == ":sagemaker:us-east-1:123456789012:endpoint/chat"


@pytest.mark.parametrize(("method", "actions"), WAYS, ids=[method for method, _ in WAYS])
@pytest.mark.parametrize("name", [None, "Chat"])
def test_a_made_endpoint_is_granted_by_its_arn(
    stack: Stack, name: str | None, method: str, actions: object
) -> None:
    model = SageMakerModel(stack, "Model", model=container(), endpoint_name=name)

    getattr(model, method)(caller(stack))

    (endpoint,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Endpoint")
    assert granted(stack)[0] == (actions, {"Ref": endpoint})


def test_a_bearer_token_is_all_that_is_allowed_everywhere(stack: Stack) -> None:
    imported(stack).grant_invoke_openai(caller(stack))

    everywhere = [actions for actions, resource in granted(stack) if resource == "*"]
    assert everywhere == ["sagemaker:CallWithBearerToken"]
    assert len(granted(stack)) == 2


def test_who_queues_requests_may_write_them_and_read_the_answers(stack: Stack) -> None:
    hosting = Asynchronous(
        input_path="s3://in/requests", output_path="s3://out/answers", failure_path="s3://bad/x"
    )
    model = SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    model.grant_invoke_async(caller(stack))

    assert granted_objects(stack) == [
        (["s3:AbortMultipartUpload", "s3:PutObject"], ":s3:::in/requests/*"),
        ("s3:GetObject", ":s3:::out/answers/*"),
        ("s3:GetObject", ":s3:::bad/x/*"),
    ]


def test_who_queues_requests_may_use_the_bucket_that_is_made_and_its_key(stack: Stack) -> None:
    hosting = Asynchronous(encryption_key=kms.Key(stack, "Key"))
    model = SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    model.grant_invoke_async(caller(stack))

    assert [path for _, path in granted_objects(stack)] == ["/input/*", "/output/*", "/failures/*"]
    (key,) = Template.from_stack(stack).find_resources("AWS::KMS::Key")
    use = [actions for actions, arn in granted(stack) if arn == {"Fn::GetAtt": [key, "Arn"]}]
    assert use == [["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], "kms:Decrypt"]


def test_one_caller_may_be_granted_several_endpoints(app: App, stack: Stack) -> None:
    role = caller(stack)
    for name in ("First", "Second"):
        model = SageMakerModel(stack, name, model=container(), hosting=Asynchronous())
        model.grant_invoke_async(role)

    app.synth()
    assert len(granted_objects(stack)) == 6
