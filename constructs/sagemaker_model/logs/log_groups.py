"""Where the containers of endpoints and inference components, and builds, write.

Source of the names: "CloudWatch Logs for Amazon SageMaker AI" in SageMaker's developer guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from sagemaker_model.aws import Aws
from sagemaker_model.logs.log_reader import LogStream
from sagemaker_model.stack_events import Event, stack_events

GROUPS = {
    "AWS::SageMaker::Endpoint": "/aws/sagemaker/Endpoints/",
    "AWS::SageMaker::InferenceComponent": "/aws/sagemaker/InferenceComponents/",
}
"""How the log groups of a type of CloudFormation begin; the name of the thing follows."""

BUILD_ID = re.compile(r"[\w.-]+:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What CodeBuild calls a build: its project and a UUID."""

_PROJECT = "AWS::CodeBuild::Project"


def groups_of(aws: Aws, name: str) -> list[str]:
    """Return the log groups of an endpoint, a component, or all of a stack; also of deleted ones.

    Args:
        aws: Makes the clients of AWS.
        name: Name of the endpoint, the inference component or the stack; or how only the name of
            what wrote a log begins.

    Raises:
        ValueError: There is nothing of that name, nor a log of it.
    """
    endpoint, component = GROUPS.values()
    if _is_endpoint(aws, name):
        components = [f"{component}{each}" for each in component_names(aws, name)]
        return [f"{endpoint}{name}", *components]
    in_stack = _in_stack(aws, name)
    if in_stack is not None:
        wanted = (find_group(aws, prefix, each) for prefix, each in in_stack)
    else:
        wanted = (find_group(aws, each, name, begins=True) for each in (endpoint, component))
    found = [group for group in wanted if group]
    if not found and in_stack is None:
        raise ValueError(
            f"there is no endpoint, no inference component and no stack {name!r}, nor a log of "
            "one; look at the Region and account, and at the name: sagemaker-model list"
        )
    return found


def find_group(aws: Aws, prefix: str, name: str, *, begins: bool = False) -> str | None:
    """Return the log group of something; None where it wrote nothing.

    Args:
        aws: Makes the clients of AWS.
        prefix: How its group begins, one of :data:`GROUPS`.
        name: Its name. Upper and lower case are the same, as ARNs have names in lower case.
        begins: Whether it may be how only its name begins. Default: it is whole.
    """
    pages = aws.client("logs").get_paginator("describe_log_groups")
    low = (prefix + name).lower()
    known = [
        str(each["logGroupName"])
        for page in pages.paginate(logGroupNamePrefix=prefix)
        for each in page["logGroups"]
    ]
    alike = [each for each in known if each.lower().startswith(low)]
    exact = [each for each in alike if each.lower() == low]
    found = exact or (alike if begins else [])
    return found[0] if len(found) == 1 else None


def build_streams(aws: Aws, name: str) -> list[LogStream]:
    """Return where builds write: one build, or the newest one of each project.

    Args:
        aws: Makes the clients of AWS.
        name: Id of a build, or name of a project or of a stack with projects.

    Raises:
        ValueError: There is no such stack or project.
    """
    ids = [name] if BUILD_ID.fullmatch(name) else _newest_builds(aws, name)
    told = aws.client("codebuild").batch_get_builds(ids=ids)["builds"] if ids else []
    logs = [each.get("logs", {}) for each in told]
    return [
        LogStream(each["groupName"], each["streamName"])
        for each in logs
        if each.get("groupName") and each.get("streamName")
    ]


def _newest_builds(aws: Aws, name: str) -> list[str]:
    """Return the newest build of a project, or of each of a stack's; else the one it failed by."""
    try:
        events = list(stack_events(aws, name))
    except LookupError as error:
        found = _of_project(aws, name)
        if found is None:
            raise ValueError(
                f"there is no stack and no project of CodeBuild {name!r}; look at the Region and "
                "account"
            ) from error
        return found
    projects = dict.fromkeys(_physical_ids(events, _PROJECT))
    builds = [build for project in projects for build in _of_project(aws, project) or ()]
    reasons = " ".join(event.get("ResourceStatusReason", "") for event in events)
    return builds or BUILD_ID.findall(reasons)[:1]


def _of_project(aws: Aws, project: str) -> list[str] | None:
    """Return the newest build of a project, if there is one; None for no project."""
    try:
        told = aws.client("codebuild").list_builds_for_project(
            projectName=project, sortOrder="DESCENDING"
        )
    except ClientError:
        return None
    return list(told["ids"][:1])


def _in_stack(aws: Aws, stack: str) -> list[tuple[str, str]] | None:
    """Return how the group begins of what writes in a stack, and its name; None for no stack."""
    try:
        events = list(stack_events(aws, stack))
    except (LookupError, ClientError):
        # Who may only read logs names them by what writes them.
        return None
    found = ((prefix, of) for kind, prefix in GROUPS.items() for of in _physical_ids(events, kind))
    return [*dict.fromkeys((prefix, of.rpartition("/")[2]) for prefix, of in found)]


def _physical_ids(events: Iterable[Event], kind: str) -> list[str]:
    return [
        event["PhysicalResourceId"]
        for event in events
        if event["ResourceType"] == kind and event.get("PhysicalResourceId")
    ]


def _is_endpoint(aws: Aws, name: str) -> bool:
    try:
        aws.client("sagemaker").describe_endpoint(EndpointName=name)
    except ClientError:
        return False
    return True


def component_names(aws: Aws, endpoint: str) -> list[str]:
    """Return the names of an endpoint's inference components.

    Args:
        aws: Makes the clients of AWS.
        endpoint: Name of the endpoint.
    """
    pages: Any = aws.client("sagemaker").get_paginator("list_inference_components")
    return [
        each["InferenceComponentName"]
        for page in pages.paginate(EndpointNameEquals=endpoint)
        for each in page["InferenceComponents"]
    ]
