"""Each right that a role has is needed: without it, what its owner does is denied."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from local.iam import acts
from local.iam.deployment import Deployment

Act = Callable[[Deployment], str]


class Right(NamedTuple):
    """A statement of a role, and what can't be done without it.

    Args:
        role: Path of the role.
        sid: Name of the statement, or the action of one without a name.
        act: What is tried.
        told: What its failure says.
    """

    role: str
    sid: str
    act: Act
    told: str


def build_the_copy(deployment: Deployment) -> str:
    return acts.build(deployment, "Copied")


EXECUTION, BUILD, COPY = "Staged/Role", "Staged/BuildRole", "Copied/BuildRole"
CUSTOM_RESOURCE = "SageMakerModelStaging/Role"
RIGHTS = [
    Right(EXECUTION, "WriteLogs", acts.serve, "logs:CreateLogGroup"),
    Right(EXECUTION, "WriteMetrics", acts.serve, "cloudwatch:PutMetricData"),
    Right(EXECUTION, "GetRegistryToken", acts.serve, "ecr:GetAuthorizationToken"),
    Right(EXECUTION, "PullImage", acts.serve, "ecr:BatchCheckLayerAvailability"),
    Right(EXECUTION, "ReadModel", acts.serve, "(403) when calling the HeadObject operation"),
    Right(EXECUTION, "ListModel", acts.serve, "perform: s3:ListBucket"),
    Right(EXECUTION, "DecryptModel", acts.serve, "perform: kms:Decrypt"),
    Right(EXECUTION, "UseNetworkInterfaces", acts.serve, "ec2:CreateNetworkInterface"),
    Right(EXECUTION, "UseVolumeKey", acts.serve, "kms:CreateGrant"),
    Right(BUILD, "ReadSources", acts.build, "perform: s3:GetObject"),
    Right(BUILD, "WriteLog", acts.build, "logs:CreateLogStream"),
    Right(BUILD, "ReadHubToken", acts.build, "secretsmanager:GetSecretValue"),
    Right(BUILD, "DecryptHubToken", acts.build, "secretsmanager:GetSecretValue"),
    Right(BUILD, "UseNetworkInterfaces", acts.build, "ec2:CreateNetworkInterface"),
    Right(BUILD, "WriteStagedFiles", acts.build, "perform: s3:PutObject"),
    Right(BUILD, "ReadStore", acts.build, "s3:GetObject"),
    Right(BUILD, "ListObjects", acts.build, "perform: s3:ListBucket"),
    Right(BUILD, "ListUploads", acts.build, "perform: s3:ListBucketMultipartUploads"),
    Right(BUILD, "UseStoreKey", acts.build, "perform: kms:"),
    Right(COPY, "ReadModel", build_the_copy, "s3:GetObject"),
    Right(COPY, "ListModel", build_the_copy, "s3:ListBucket"),
    Right(CUSTOM_RESOURCE, "RunBuilds", acts.clean_up, "codebuild:ListBuildsForProject"),
    Right(CUSTOM_RESOURCE, "KeepStagedFiles", acts.clean_up, "perform: s3:GetObject"),
    Right(CUSTOM_RESOURCE, "ListObjects", acts.clean_up, "perform: s3:ListBucket"),
    Right(CUSTOM_RESOURCE, "ListUploads", acts.clean_up, "s3:ListBucketMultipartUploads"),
    Right(CUSTOM_RESOURCE, "UseStoreKey", acts.clean_up, "perform: kms:"),
    Right(CUSTOM_RESOURCE, "ReadManifest", acts.read_manifest, "this account may not read it"),
    Right(CUSTOM_RESOURCE, "EmptyBucket", acts.empty, "perform: s3:DeleteObjectVersion"),
    Right(CUSTOM_RESOURCE, "ListBucketToEmpty", acts.empty, "perform: s3:ListBucket"),
    Right("Caller", "sagemaker:InvokeEndpoint", acts.invoke, "sagemaker:InvokeEndpoint"),
]
HARMLESS = [
    acts.serve,
    acts.build,
    build_the_copy,
    acts.clean_up,
    acts.read_manifest,
    acts.invoke,
]


def test_a_stack_with_every_right_deploys_with_iam_enforced(deployment: Deployment) -> None:
    assert deployment.endpoint("Staged")


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: f"{right.role}:{right.sid}")
def test_without_the_right_it_is_denied(deployment: Deployment, right: Right) -> None:
    with deployment.without(right.role, right.sid):
        assert right.told in right.act(deployment)


@pytest.mark.parametrize("act", HARMLESS)
def test_with_all_rights_given_back_it_works_again(deployment: Deployment, act: Act) -> None:
    assert act(deployment) == ""
