"""Each right that a role has is needed: without it, what its owner does is denied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from local.iam import acts
from local.iam.deployment import OURS, STACK, Deployment
from sagemaker_model.local.permissions.documented import Service, documented

Act = Callable[[Deployment], str]


class Right(NamedTuple):
    """A statement of a role, and what can't be done without it.

    Args:
        role: Path of the role.
        sids: Name of the statement, or the action of one without a name; several where each alone
            would do, as they are about one key.
        act: What is tried.
        told: Pattern of what its failure says.
    """

    role: str
    sids: str
    act: Act
    told: str


def build_the_copy(deployment: Deployment) -> str:
    return acts.build(deployment, "Copied")


def clean_up_ours(deployment: Deployment) -> str:
    return acts.clean_up(deployment, OURS)


EXECUTION, BUILD, COPY = "Staged/Role", "Staged/BuildRole", "Copied/BuildRole"
QUEUED, NOTHING = "Queued/Role", "nothing was written"
CUSTOM_RESOURCE, TEST = "SageMakerModelStaging/Role", "SageMakerModelSmokeTest/Role"
RIGHTS = [
    Right(EXECUTION, "WriteLogs", acts.serve, "logs:CreateLogGroup"),
    Right(EXECUTION, "WriteMetrics", acts.serve, "cloudwatch:PutMetricData"),
    Right(EXECUTION, "GetRegistryToken", acts.serve, "ecr:GetAuthorizationToken"),
    Right(EXECUTION, "PullImage", acts.serve, "ecr:BatchCheckLayerAvailability"),
    Right(EXECUTION, "ReadModel", acts.serve, "perform: s3:GetObject"),
    Right(EXECUTION, "ListModel", acts.serve, "perform: s3:ListBucket"),
    Right(EXECUTION, "DecryptModel", acts.serve, "perform: kms:Decrypt"),
    Right(EXECUTION, "UseNetworkInterfaces", acts.serve, "ec2:CreateNetworkInterface"),
    Right(EXECUTION, "UseVolumeKey", acts.serve, "kms:CreateGrant"),
    Right(BUILD, "ReadSources", acts.build, "perform: s3:GetObject"),
    Right(BUILD, "WriteLog", acts.build, "logs:CreateLogStream"),
    Right(BUILD, "ReadHubToken", acts.build, "secretsmanager:GetSecretValue"),
    Right(BUILD, "DecryptHubToken", acts.build, "secretsmanager:GetSecretValue"),
    Right(BUILD, "UseNetworkInterfaces", acts.build, "ec2:CreateNetworkInterface"),
    Right(BUILD, "WriteStagedFiles", acts.build, r"writing \S+: AccessDenied"),
    Right(BUILD, "ReadStore", acts.build, r"reading \S+: AccessDenied"),
    Right(BUILD, "ListObjects", acts.build, r"listing \S+: AccessDenied"),
    Right(BUILD, "ListUploads", acts.build, r"listing the uploads of \S+: AccessDenied"),
    Right(BUILD, "UseStoreKey", acts.build, r"writing \S+: AccessDenied"),
    Right(COPY, "ReadModel", build_the_copy, "reading model/config.json: AccessDenied"),
    Right(COPY, "ListModel", build_the_copy, "listing model/: AccessDenied"),
    Right(CUSTOM_RESOURCE, "RunBuilds", acts.clean_up, "codebuild:ListBuildsForProject"),
    Right(CUSTOM_RESOURCE, "SeeRollback", acts.clean_up, "cloudformation:DescribeStacks"),
    Right(CUSTOM_RESOURCE, "KeepStagedFiles", acts.clean_up, "perform: s3:GetObject"),
    Right(CUSTOM_RESOURCE, "ListObjects", clean_up_ours, "perform: s3:ListBucket"),
    Right(CUSTOM_RESOURCE, "ListUploads", clean_up_ours, "s3:ListBucketMultipartUploads"),
    Right(CUSTOM_RESOURCE, "UseStoreKey", acts.clean_up, "perform: kms:"),
    Right(CUSTOM_RESOURCE, "ReadManifest", acts.read_manifest, "this account may not read it"),
    Right(CUSTOM_RESOURCE, "EmptyBucket", acts.empty, "perform: s3:DeleteObjectVersion"),
    Right(CUSTOM_RESOURCE, "ListBucketToEmpty", acts.empty, "perform: s3:ListBucket"),
    Right(QUEUED, "ReadRequests", acts.invoke_async, "perform: s3:GetObject"),
    Right(QUEUED, "WriteAnswers", acts.invoke_async, NOTHING),
    Right(QUEUED, "WriteFailures", acts.fail_async, NOTHING),
    Right(QUEUED, "WriteAnswersKey WriteFailuresKey ReadRequestsKey", acts.invoke_async, NOTHING),
    Right(TEST, "Ask", acts.ask, "sagemaker:InvokeEndpoint"),
    Right(TEST, "SeeRollback", acts.see_rollback, "taken to be rolled back"),
    Right(TEST, "WriteRequests", acts.ask_queue, "s3:PutObject"),
    Right(TEST, "ReadAnswers", acts.ask_queue, "neither an answer nor a failure"),
    Right(TEST, "ReadFailures", acts.fail_queue, "neither an answer nor a failure"),
    Right(TEST, "ReadAnswers SeeState", acts.ask_queue, "sagemaker:DescribeEndpoint"),
    Right(TEST, "WriteRequestsKey ReadAnswersKey ReadFailuresKey", acts.ask_queue, "perform: kms:"),
    Right("Caller", "sagemaker:InvokeEndpoint", acts.invoke, "sagemaker:InvokeEndpoint"),
]
# What makes AWS use the statements that the local AWS does not: names of the data file's ``when``.
LISTED: dict[str, tuple[Service, str]] = {
    "WriteLog": ("lambda", "log"),
    "PublishResults": ("sagemaker", "async_topic"),
    "UseTopicKey": ("sagemaker", "topic_key"),
    "WriteCapturedData": ("sagemaker", "data_capture"),
    "WriteCoreDumps": ("sagemaker", "core_dump"),
    "WriteCoreDumpsKey": ("sagemaker", "core_dump_key"),
    "OpenSessions": ("sagemaker", "sessions"),
    "ReadAlarms": ("sagemaker", "rollback_alarm"),
}
HARMLESS = [
    acts.serve,
    acts.build,
    build_the_copy,
    acts.clean_up,
    clean_up_ours,
    acts.read_manifest,
    acts.invoke,
    acts.invoke_async,
    acts.fail_async,
    acts.ask,
    acts.ask_queue,
    acts.fail_queue,
    acts.see_rollback,
]


def test_a_stack_with_every_right_deploys_with_iam_enforced(deployment: Deployment) -> None:
    assert deployment.endpoint("Staged")


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: f"{right.role}:{right.sids}")
def test_without_the_right_it_is_denied(deployment: Deployment, right: Right) -> None:
    with deployment.without(right.role, *right.sids.split()):
        assert re.search(right.told, right.act(deployment))


@pytest.mark.parametrize("act", HARMLESS)
def test_with_all_rights_given_back_it_works_again(deployment: Deployment, act: Act) -> None:
    assert act(deployment) == ""


def test_every_statement_is_needed_here_or_listed_as_one_that_cannot_be_tried(
    deployment: Deployment,
) -> None:
    tried = {(_kind(right.role), sid) for right in RIGHTS for sid in right.sids.split()}
    unknown = [
        (role, sid)
        for role, sid, actions in _statements(deployment.template)
        if (_kind(role), sid) not in tried and not actions <= _listed(sid)
    ]
    assert unknown == []


def test_the_execution_role_may_do_what_aws_documents_and_nothing_else(
    deployment: Deployment,
) -> None:
    uses = {"always", "image", "prefix", "data_key", "volume_key", "vpc"}
    wanted = {call.action for call in documented("sagemaker") if call.when in uses}
    may = [actions for role, _, actions in _statements(deployment.template) if role == EXECUTION]
    assert set().union(*may) == wanted


def test_the_build_may_do_what_aws_documents(deployment: Deployment) -> None:
    uses = {"log", "source", "secret", "secret_key", "vpc"}
    wanted = {call.action for call in documented("codebuild") if call.when in uses}
    may = [actions for role, _, actions in _statements(deployment.template) if role == BUILD]
    assert wanted <= set().union(*may)


def test_no_statement_is_about_all_resources_but_those_whose_actions_know_none(
    deployment: Deployment,
) -> None:
    wide = {
        statement["Sid"]
        for _, statement in _policies(deployment.template)
        if "*" in _each(statement["Resource"])
    }
    assert wide == {"GetRegistryToken", "OpenSessions", "UseNetworkInterfaces", "WriteMetrics"}


def _listed(sid: str) -> set[str]:
    """Return the actions that AWS's pages name for what can't be tried here."""
    service, when = LISTED.get(sid, ("lambda", ""))
    calls = documented(service)
    return {call.action for call in calls if call.when == when and call.local == "no"}


# CDK's own functions around the handlers: their rights are those that CDK grants them.
_CDKS = "SageMakerModelStaging/Provider/"


def _policies(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    resources = template["Resources"]
    for resource in resources.values():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::IAM::Policy":
            for role in properties["Roles"]:
                owner = _owner(resources[role["Ref"]])
                if not owner.startswith(_CDKS):
                    for statement in properties["PolicyDocument"]["Statement"]:
                        yield owner, statement
        for policy in properties.get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield _owner(resource), statement


def _owner(resource: Mapping[str, Any]) -> str:
    path: str = resource["Metadata"]["aws:cdk:path"]
    return path.removeprefix(f"{STACK}/").removesuffix("/Resource")


def _statements(template: Mapping[str, Any]) -> Iterator[tuple[str, str, set[str]]]:
    for role, statement in _policies(template):
        actions = _each(statement["Action"])
        yield role, statement.get("Sid", actions[0]), set(actions)


def _kind(role: str) -> str:
    """Models' roles of one kind have the same statements."""
    return role if role in {CUSTOM_RESOURCE, TEST} else role.rpartition("/")[2]


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
