"""No role reaches another bucket, prefix, secret, build or endpoint than its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.iam import acts
from local.iam.deployment import OTHERS, Deployment

ROLES = ["Staged/Role", "Kept/Role", "Staged/BuildRole", "Copied/BuildRole"]
CUSTOM_RESOURCE = "SageMakerModelStaging/Role"


def denied(call: Callable[[], Any]) -> bool:
    with pytest.raises(ClientError) as refused:
        call()
    code = refused.value.response.get("Error", {}).get("Code")
    return code in {"AccessDenied", "AccessDeniedException"}


@pytest.mark.parametrize("role", [*ROLES, CUSTOM_RESOURCE, "Caller"])
def test_a_prefix_in_the_bucket_of_others_is_not_read(deployment: Deployment, role: str) -> None:
    s3 = deployment.as_role(role, "s3")
    assert denied(lambda: s3.get_object(Bucket=OTHERS, Key="elsewhere/config.json"))


@pytest.mark.parametrize("role", [*ROLES, CUSTOM_RESOURCE])
def test_a_bucket_of_others_is_not_written(deployment: Deployment, role: str) -> None:
    s3 = deployment.as_role(role, "s3")
    assert denied(lambda: s3.put_object(Bucket=OTHERS, Key="model/config.json", Body=b"x"))


@pytest.mark.parametrize("role", ["Staged/BuildRole", CUSTOM_RESOURCE])
def test_another_stacks_prefix_in_the_store_is_not_written(
    deployment: Deployment, role: str
) -> None:
    s3, bucket = deployment.as_role(role, "s3"), deployment.id("Store/Bucket")
    assert denied(lambda: s3.put_object(Bucket=bucket, Key="other-stack/config.json", Body=b"x"))


def test_a_build_does_not_write_another_models_prefix(deployment: Deployment) -> None:
    s3, bucket = deployment.as_role("Staged/BuildRole", "s3"), deployment.id("Store/Bucket")
    assert denied(lambda: s3.put_object(Bucket=bucket, Key="rights/other/config.json", Body=b"x"))


def test_a_model_does_not_read_another_models_prefix(deployment: Deployment) -> None:
    s3, bucket = deployment.as_role("Staged/Role", "s3"), deployment.id("Store/Bucket")
    deployment.client("s3").put_object(Bucket=bucket, Key="rights/other/config.json", Body=b"x")
    assert denied(lambda: s3.get_object(Bucket=bucket, Key="rights/other/config.json"))
    assert denied(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="rights/other/"))


@pytest.mark.parametrize("role", ["Staged/Role", "Copied/BuildRole", CUSTOM_RESOURCE, "Caller"])
def test_the_hub_token_is_read_by_the_build_alone(deployment: Deployment, role: str) -> None:
    secrets = deployment.as_role(role, "secretsmanager")
    assert denied(lambda: secrets.get_secret_value(SecretId=deployment.id("Token")))


def test_a_build_does_not_read_another_secret(deployment: Deployment) -> None:
    deployment.client("secretsmanager").create_secret(Name="another", SecretString="x")
    secrets = deployment.as_role("Staged/BuildRole", "secretsmanager")
    assert denied(lambda: secrets.get_secret_value(SecretId="another"))


def test_the_custom_resource_does_not_run_builds_of_another_stack(deployment: Deployment) -> None:
    codebuild = deployment.as_role(CUSTOM_RESOURCE, "codebuild")
    assert denied(lambda: codebuild.start_build(projectName="another_stack"))
    assert denied(lambda: codebuild.batch_get_builds(ids=["another_stack:1"]))


def test_who_may_invoke_one_endpoint_may_invoke_no_other(deployment: Deployment) -> None:
    assert "sagemaker:InvokeEndpoint" in acts.invoke(deployment, "Kept")


def test_the_smoke_test_invokes_no_endpoint_that_has_none(deployment: Deployment) -> None:
    runtime = deployment.as_role("SageMakerModelSmokeTest/Role", "sagemaker-runtime")
    name = deployment.endpoint("Staged")
    assert denied(lambda: runtime.invoke_endpoint(EndpointName=name, Body=b"{}"))


def test_who_may_invoke_an_endpoint_may_not_delete_it(deployment: Deployment) -> None:
    sagemaker = deployment.as_role("Caller", "sagemaker")
    assert denied(lambda: sagemaker.delete_endpoint(EndpointName=deployment.endpoint("Staged")))
