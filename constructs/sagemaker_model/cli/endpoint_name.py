"""Which endpoint somebody means by a name."""

from __future__ import annotations

from typing import Any

from sagemaker_model.aws import Aws

_TYPE = "AWS::SageMaker::Endpoint"
_REFUSED = frozenset({"AccessDenied", "AccessDeniedException"})


def find_endpoint_name(aws: Aws, name: str) -> str:
    """Return the name of an endpoint.

    Args:
        aws: Makes the clients of AWS.
        name: Its name, or that of a stack with one endpoint. It is taken as it is where the caller
            may not look.

    Raises:
        ValueError: There is no such endpoint, and no stack with exactly one.
    """
    from botocore.exceptions import ClientError

    try:
        told = aws.client("sagemaker").describe_endpoint(EndpointName=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _REFUSED:
            return name
        return _of_stack(aws, name)
    found: str = told["EndpointName"]
    return found


def _of_stack(aws: Aws, name: str) -> str:
    from botocore.exceptions import ClientError

    try:
        told = aws.client("cloudformation").describe_stack_resources(StackName=name)
    except ClientError as error:
        raise ValueError(
            f"there is no endpoint and no stack {name!r}; look at the Region and account"
        ) from error
    ids = [each["PhysicalResourceId"] for each in told["StackResources"] if _is_endpoint(each)]
    names = _names(aws, {physical_id.rpartition("/")[2].lower() for physical_id in ids})
    if len(names) != 1:
        having = f"has the endpoints {', '.join(names)}: name one" if names else "has no endpoint"
        raise ValueError(f"the stack {name!r} {having}")
    return names[0]


def _is_endpoint(resource: dict[str, Any]) -> bool:
    return resource["ResourceType"] == _TYPE and bool(resource.get("PhysicalResourceId"))


def _names(aws: Aws, lower: set[str]) -> list[str]:
    """Return names as they were given: an ARN has them in lower case, and an invocation minds."""
    pages = aws.client("sagemaker").get_paginator("list_endpoints").paginate()
    names = [each["EndpointName"] for page in pages for each in page["Endpoints"]]
    return sorted(name for name in names if name.lower() in lower)
