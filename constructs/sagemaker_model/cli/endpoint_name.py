"""Which endpoint somebody means by a name."""

from __future__ import annotations

from typing import Any

from sagemaker_model.aws import Aws
from sagemaker_model.spelling import did_you_mean

_TYPE = "AWS::SageMaker::Endpoint"
_REFUSED = frozenset({"AccessDenied", "AccessDeniedException"})


def find_endpoint_name(aws: Aws, name: str) -> str:
    """Return the name of an endpoint.

    Args:
        aws: Makes the clients of AWS.
        name: Its name, that of a stack with one endpoint, or how only its name begins, whatever its
            capitals. It is taken as it is where the caller may not look.

    Raises:
        ValueError: There is no such endpoint, and no stack with exactly one.
    """
    from botocore.exceptions import ClientError

    try:
        told = aws.client("sagemaker").describe_endpoint(EndpointName=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _REFUSED:
            return name
        return _of_stack(aws, name) or _beginning(aws, name)
    found: str = told["EndpointName"]
    return found


def _of_stack(aws: Aws, name: str) -> str | None:
    from botocore.exceptions import ClientError

    try:
        told = aws.client("cloudformation").describe_stack_resources(StackName=name)
    except ClientError:
        return None
    ids = [each["PhysicalResourceId"] for each in told["StackResources"] if _is_endpoint(each)]
    # An ARN has the name in lower case, and an invocation minds.
    lower = {physical_id.rpartition("/")[2].lower() for physical_id in ids}
    names = [each for each in _names(aws) if each.lower() in lower]
    if len(names) != 1:
        having = f"has the endpoints {', '.join(names)}: name one" if names else "has no endpoint"
        raise ValueError(f"the stack {name!r} {having}")
    return names[0]


def _beginning(aws: Aws, name: str) -> str:
    known = _names(aws)
    meant = [each for each in known if each.lower().startswith(name.lower())]
    if len(meant) > 1:
        raise ValueError(f"{name!r} may be any of {', '.join(meant)}; give a longer name")
    if not meant:
        raise ValueError(
            f"there is no endpoint and no stack {name!r}; {did_you_mean(name, known)}"
            "sagemaker-model list tells the endpoints of an account and Region"
        )
    return meant[0]


def _is_endpoint(resource: dict[str, Any]) -> bool:
    return resource["ResourceType"] == _TYPE and bool(resource.get("PhysicalResourceId"))


def _names(aws: Aws) -> list[str]:
    pages = aws.client("sagemaker").get_paginator("list_endpoints").paginate()
    return sorted(each["EndpointName"] for page in pages for each in page["Endpoints"])
