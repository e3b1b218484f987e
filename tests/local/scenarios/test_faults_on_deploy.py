"""AWS has a bad day: it throttles, repeats, forgets and dawdles, and the deployment goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from local.conftest import MakeProject
from local.faults import letting
from local.live import LocalAws, until
from local.removal import remove
from sagemaker_model.local.hub.samples import make_samples
from sagemaker_model.local.hub.server import Hub

STACKS = ("throttled", "repeated", "lost", "gone", "late")
LATE = 3.0


def busy(action: str, code: str, *, times: int, status: int = 400) -> dict[str, Any]:
    """Return a fault of requests about the stack ``throttled``."""
    about = {"action": action, "containing": "throttled"}
    return {**about, "times": times, "code": code, "status": status}


# Refusals that an SDK repeats by itself, and those that it does not.
THROTTLING = {
    "a build is asked for": busy("codebuild:StartBuild", "ThrottlingException", times=1),
    "too many builds wait": busy("codebuild:StartBuild", "AccountLimitExceededException", times=2),
    "builds are looked for": busy("codebuild:BatchGetBuilds", "ThrottlingException", times=2),
    "the build writes": busy("s3:PutObject", "SlowDown", times=3, status=503),
    "files are read": busy("s3:GetObject", "SlowDown", times=3, status=503),
    "the CLI looks": busy("cloudformation:DescribeStackEvents", "Throttling", times=2),
}
FORGETFUL = {
    "action": "codebuild:BatchGetBuilds",
    "containing": "lost_",
    "times": 2,
    "answer": {"builds": [], "buildsNotFound": []},
}
# So long that a build is stopped and deleted before it is seen to have ended.
BLIND = {**FORGETFUL, "containing": "gone_", "times": 4}
# Builds that are looked at several times before they have ended.
SLOW = {
    f"slow {stack}": {"action": "s3:PutObject", "containing": f"/{stack}/", "delay": delay}
    for stack, delay in (("throttled", 3.0), ("repeated", 3.0), ("lost", 5.0))
}
ANSWER = {"action": "cloudformation:ResponseURL", "containing": ":stack/late/"}
LATE_ANSWER = [{**ANSWER, "code": "ServiceUnavailable", "status": 503}, {**ANSWER, "delay": LATE}]


@dataclass
class Deployed:
    """What came of the deployment.

    Args:
        aws: The local AWS.
        met: How often each fault was met.
        repeated: What functions answered to a request that came again.
        lost: The build that was stopped and forgotten.
    """

    aws: LocalAws
    met: dict[str, int]
    repeated: list[dict[str, Any]]
    lost: str


@pytest.fixture(scope="module")
def deployed(aws: LocalAws, local_hub: Hub, make_project: MakeProject) -> Iterator[Deployed]:
    """Stacks deployed at once, each with a trouble of its own."""
    make_samples(local_hub.repositories.root)
    project = make_project("staged")
    project.write({"stacks": dict.fromkeys(STACKS, 1)})
    late = dict(zip(("unanswered", "answered late"), LATE_ANSWER, strict=True))
    faults = {**THROTTLING, "forgotten": FORGETFUL, "blind": BLIND, **SLOW, **late}
    with letting(aws, *faults.values()) as told, project.deploying() as running:
        with ThreadPoolExecutor() as pool:
            repeated = pool.submit(repeat, aws, "repeated")
            lost = pool.submit(lose, aws, "gone")
        running.wait().succeed()
        met = dict(zip(faults, told.met(), strict=True))
    yield Deployed(aws, met, repeated.result(), lost.result())
    remove(aws, *STACKS, "store")


def repeat(aws: LocalAws, stack: str) -> list[dict[str, Any]]:
    """Deliver a request of CloudFormation again while it is carried out, as Lambda may."""
    event = until(lambda: running_event(aws, stack)) or {}
    asked = {name: event[name] for name in event if name not in {"PhysicalResourceId", "StartedAt"}}
    own = function(aws, stack, "SageMakerModelStagingOnEvent")
    first = function(aws, stack, "SageMakerModelStagingProviderframeworkonEvent")
    return [invoke(aws, name, asked) for name in (own, own, first)]


def lose(aws: LocalAws, stack: str) -> str:
    """Stop a stack's first build and delete all that is known of it; return its id."""
    codebuild = aws.client("codebuild")
    (project,) = until(partial(projects, aws, stack))
    (build,) = until(lambda: codebuild.list_builds_for_project(projectName=project)["ids"])
    codebuild.stop_build(id=build)
    codebuild.batch_delete_builds(ids=[build])
    return str(build)


def projects(aws: LocalAws, stack: str) -> list[str]:
    """Return the names of a stack's build projects; none where there is no such stack yet."""
    there = stack in aws.stacks()
    return aws.resources(stack, "AWS::CodeBuild::Project") if there else []


def function(aws: LocalAws, stack: str, logical_id: str) -> str:
    """Return the name of the function whose logical id begins so."""
    told = aws.client("cloudformation").describe_stack_resources(StackName=stack)
    (name,) = (
        each["PhysicalResourceId"]
        for each in told["StackResources"]
        if each["ResourceType"] == "AWS::Lambda::Function"
        and each["LogicalResourceId"].startswith(logical_id)
    )
    return str(name)


def invoke(aws: LocalAws, name: str, event: dict[str, Any]) -> dict[str, Any]:
    answer = aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    return json.loads(answer["Payload"].read() or b"{}") or {}


def running_event(aws: LocalAws, stack: str) -> dict[str, Any] | None:
    """Return what the provider's state machine was started with; None where it was not yet."""
    if stack not in aws.stacks():
        return None
    states = aws.client("stepfunctions")
    for machine in aws.resources(stack, "AWS::StepFunctions::StateMachine"):
        for each in states.list_executions(stateMachineArn=machine)["executions"]:
            told = states.describe_execution(executionArn=each["executionArn"])
            return dict(json.loads(told["input"]))
    return None


@pytest.mark.parametrize("when", THROTTLING)
def test_a_deployment_outlasts_that_aws_is_too_busy_when(when: str, deployed: Deployed) -> None:
    assert deployed.met[when] == THROTTLING[when]["times"]
    assert deployed.aws.stacks()["throttled"] == "CREATE_COMPLETE"
    assert deployed.aws.served("throttled")["EndpointStatus"] == "InService"


def test_a_request_that_lambda_delivers_again_starts_no_second_build(deployed: Deployed) -> None:
    own, again, _ = deployed.repeated

    assert own["PhysicalResourceId"] == again["PhysicalResourceId"]
    assert deployed.met["slow repeated"] == 1
    assert len(deployed.aws.builds("repeated")) == 1
    assert deployed.aws.stacks()["repeated"] == "CREATE_COMPLETE"


def test_a_build_that_codebuild_does_not_find_for_a_while_is_not_started_again(
    deployed: Deployed,
) -> None:
    assert deployed.met["forgotten"] == FORGETFUL["times"]
    assert [each["buildStatus"] for each in deployed.aws.builds("lost")] == ["SUCCEEDED"]
    assert deployed.aws.stacks()["lost"] == "CREATE_COMPLETE"


def test_a_build_of_which_nothing_is_known_any_more_is_done_again(deployed: Deployed) -> None:
    (build,) = deployed.aws.builds("gone")

    assert build["id"] != deployed.lost
    assert build["buildStatus"] == "SUCCEEDED"
    assert deployed.aws.stacks()["gone"] == "CREATE_COMPLETE"


def test_an_answer_that_cloudformation_gets_late_and_at_the_second_try_counts(
    deployed: Deployed,
) -> None:
    assert deployed.met["unanswered"] == 1
    assert deployed.met["answered late"] == 1
    assert deployed.aws.stacks()["late"] == "CREATE_COMPLETE"


@pytest.mark.parametrize("stack", STACKS)
def test_the_endpoint_answers_after_all_that(stack: str, deployed: Deployed) -> None:
    assert deployed.aws.ask(stack, {"inputs": "hello"})


def test_a_stack_is_deleted_with_its_weights_although_aws_is_too_busy(deployed: Deployed) -> None:
    aws = deployed.aws
    (bucket,) = aws.resources("store", "AWS::S3::Bucket")
    assert aws.keys(bucket, "throttled/")
    faults = [
        {"action": "codebuild:ListBuildsForProject", "code": "ThrottlingException", "times": 2},
        {"action": "s3:PutObject", "containing": bucket, "code": "SlowDown", "status": 503},
        {"action": "s3:Delete*", "containing": bucket, "code": "SlowDown", "status": 503},
    ]

    with letting(aws, *faults) as told:
        remove(aws, "throttled")
        met = told.met()

    assert met == [2, 1, 1]
    assert aws.keys(bucket, "throttled/") == set()
    assert aws.keys(bucket, "late/")
