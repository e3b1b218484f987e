"""CodeBuild's API besides the running of builds."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from local.builds.cloud import ROLE, Builder, spec
from sagemaker_model.local.builds.failures import RequestError
from sagemaker_model.local.builds.template import project_from_template

CODEBUILD = botocore.session.get_session().get_service_model("codebuild")


def problems(shape: str, told: dict[str, Any]) -> str:
    """Return what botocore's model says against a value."""
    return str(ParamValidator().validate(told, CODEBUILD.shape_for(shape)).generate_report())


def test_a_build_has_the_shape_that_the_api_has(builder: Builder) -> None:
    build = builder.run(spec("true"))

    assert problems("Build", build) == ""


def test_a_project_keeps_all_that_it_is_told(builder: Builder) -> None:
    told: dict[str, Any] = {
        "name": "all",
        "source": {"type": "S3", "location": "assets/a.zip"},
        "secondarySources": [
            {"type": "S3", "location": "assets/b.zip", "sourceIdentifier": "code"}
        ],
        "artifacts": {"type": "NO_ARTIFACTS"},
        "environment": {"type": "LINUX_CONTAINER", "image": "i", "computeType": "c"},
        "serviceRole": ROLE,
        "timeoutInMinutes": 480,
        "queuedTimeoutInMinutes": 480,
        "encryptionKey": "alias/mine",
        "logsConfig": {"cloudWatchLogs": {"status": "ENABLED", "groupName": "g"}},
        "vpcConfig": {"vpcId": "vpc-1", "subnets": ["s"], "securityGroupIds": ["g"]},
        "tags": [{"key": "a", "value": "b"}],
    }

    builder.service.call("CreateProject", told)
    (found,) = builder.service.call("BatchGetProjects", {"names": ["all"]})["projects"]

    assert {name: found[name] for name in told} == told
    assert found["arn"] == "arn:aws:codebuild:us-east-1:123456789012:project/all"
    assert problems("Project", found) == ""


def test_a_project_has_the_defaults_that_aws_documents(builder: Builder) -> None:
    builder.project(spec("true"))

    (found,) = builder.service.call("BatchGetProjects", {"names": ["one"]})["projects"]

    assert found["timeoutInMinutes"] == 60
    assert found["queuedTimeoutInMinutes"] == 480
    assert found["encryptionKey"].endswith(":alias/aws/s3")


def test_a_project_is_found_by_its_arn_too(builder: Builder) -> None:
    builder.project(spec("true"))
    arn = "arn:aws:codebuild:us-east-1:123456789012:project/one"

    found = builder.service.call("BatchGetProjects", {"names": [arn, "two"]})

    assert [project["name"] for project in found["projects"]] == ["one"]
    assert found["projectsNotFound"] == ["two"]


def test_an_update_changes_what_it_names(builder: Builder) -> None:
    builder.project(spec("true"), description="old", timeoutInMinutes=10)

    builder.service.call("UpdateProject", {"name": "one", "description": "new"})

    (found,) = builder.service.call("BatchGetProjects", {"names": ["one"]})["projects"]
    assert (found["description"], found["timeoutInMinutes"]) == ("new", 10)


def test_a_template_takes_away_what_it_no_longer_names(builder: Builder) -> None:
    builder.project(spec("true"), description="old", timeoutInMinutes=10)

    builder.service.replace_project({"name": "one", "serviceRole": ROLE})

    (found,) = builder.service.call("BatchGetProjects", {"names": ["one"]})["projects"]
    assert (found["description"], found["timeoutInMinutes"]) == ("", 60)


def test_a_second_project_of_a_name_is_refused(builder: Builder) -> None:
    builder.project(spec("true"))

    with pytest.raises(RequestError, match="Project already exists") as refused:
        builder.project(spec("true"))

    assert refused.value.code == "ResourceAlreadyExistsException"


def test_a_repeated_request_with_its_token_starts_no_second_build(builder: Builder) -> None:
    builder.project(spec("true"))

    first, again = builder.start(idempotencyToken="t"), builder.start(idempotencyToken="t")

    assert first == again
    assert builder.start(idempotencyToken="u") != first
    with pytest.raises(RequestError, match="'t' was used for another request; take a new one"):
        builder.start(idempotencyToken="t", timeoutInMinutesOverride=5)


def test_builds_are_listed_the_newest_first_a_hundred_at_a_time(builder: Builder) -> None:
    builder.project(spec("true"), serviceRole="arn:aws:iam::123456789012:role/unknown")
    names = [builder.start() for _ in range(101)]

    page = builder.service.call("ListBuildsForProject", {"projectName": "one"})
    rest = builder.service.call(
        "ListBuildsForProject", {"projectName": "one", "nextToken": page["nextToken"]}
    )
    oldest = builder.service.call("ListBuilds", {"sortOrder": "ASCENDING"})

    assert page["ids"] == names[:0:-1]
    assert rest == {"ids": names[:1]}
    assert oldest["ids"] == names[:100]


def test_an_ended_build_may_be_forgotten(builder: Builder) -> None:
    builder.project(spec("true"))
    ended = builder.wait(builder.start())["id"]
    running = builder.start(buildspecOverride=spec("sleep 1000"))

    told = builder.service.call("BatchDeleteBuilds", {"ids": [ended, running]})

    assert told["buildsDeleted"] == [f"arn:aws:codebuild:us-east-1:123456789012:build/{ended}"]
    assert told["buildsNotDeleted"] == [{"id": running, "statusCode": "BUILD_IN_PROGRESS"}]
    assert builder.service.call("BatchGetBuilds", {"ids": [ended]})["buildsNotFound"] == [ended]
    assert builder.build(builder.start(buildspecOverride=spec("true")))["buildNumber"] == 3


def test_unknown_builds_are_told_apart(builder: Builder) -> None:
    found = builder.service.call("BatchGetBuilds", {"ids": ["one:none"]})

    assert found == {"builds": [], "buildsNotFound": ["one:none"]}
    with pytest.raises(RequestError, match="Build cannot be found: one:none"):
        builder.service.call("StopBuild", {"id": "one:none"})


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"artifactsOverride": {"type": "S3"}}, "can't do artifactsOverride"),
        ({"fleetOverride": {}}, "can't do fleetOverride"),
    ],
)
def test_an_override_without_effect_is_refused(
    builder: Builder, overrides: dict[str, Any], told: str
) -> None:
    builder.project(spec("true"))

    with pytest.raises(RequestError, match=told):
        builder.start(**overrides)


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("sourceVersion", "v1", ("sourceVersion",)),
        ("sourceTypeOverride", "NO_SOURCE", ("source", "type")),
        ("sourceLocationOverride", "b/k.zip", ("source", "location")),
        ("imageOverride", "other:1", ("environment", "image")),
        ("computeTypeOverride", "BUILD_GENERAL1_LARGE", ("environment", "computeType")),
        ("timeoutInMinutesOverride", 5, ("timeoutInMinutes",)),
        ("queuedTimeoutInMinutesOverride", 6, ("queuedTimeoutInMinutes",)),
        ("encryptionKeyOverride", "alias/mine", ("encryptionKey",)),
    ],
)
def test_a_call_may_override_what_the_project_says(
    builder: Builder, name: str, value: Any, where: tuple[str, ...]
) -> None:
    builder.project(spec("true"))

    told: Any = builder.wait(builder.start(**{name: value}))

    for member in where:
        told = told[member]
    assert told == value


def test_an_operation_that_is_not_emulated_says_so(builder: Builder) -> None:
    with pytest.raises(RequestError, match="the local CodeBuild can't do CreateWebhook"):
        builder.service.call("CreateWebhook", {})


def test_a_template_names_and_types_its_properties_otherwise() -> None:
    request = project_from_template(
        {
            "Name": "one",
            "Source": {
                "Type": "S3",
                "Location": "a/b.zip",
                "BuildSpec": "x",
                "InsecureSsl": "true",
            },
            "SecondarySources": [{"Type": "S3", "Location": "a/c.zip", "SourceIdentifier": "code"}],
            "Environment": {
                "PrivilegedMode": "false",
                "EnvironmentVariables": [{"Name": "N", "Value": 1}],
            },
            "LogsConfig": {"CloudWatchLogs": {"GroupName": "g", "Status": "ENABLED"}},
            "VpcConfig": {"VpcId": "v", "Subnets": ["s"], "SecurityGroupIds": ["g"]},
            "TimeoutInMinutes": "480",
            "QueuedTimeoutInMinutes": 480,
            "Triggers": {"Webhook": True},
            "Tags": [{"Key": "a", "Value": "b"}],
        }
    )

    assert request == {
        "name": "one",
        "source": {"type": "S3", "location": "a/b.zip", "buildspec": "x", "insecureSsl": True},
        "secondarySources": [{"type": "S3", "location": "a/c.zip", "sourceIdentifier": "code"}],
        "environment": {
            "privilegedMode": False,
            "environmentVariables": [{"name": "N", "value": "1"}],
        },
        "logsConfig": {"cloudWatchLogs": {"groupName": "g", "status": "ENABLED"}},
        "vpcConfig": {"vpcId": "v", "subnets": ["s"], "securityGroupIds": ["g"]},
        "timeoutInMinutes": 480,
        "queuedTimeoutInMinutes": 480,
        "tags": [{"key": "a", "value": "b"}],
    }
