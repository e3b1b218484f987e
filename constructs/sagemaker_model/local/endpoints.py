"""The endpoints of a local AWS, and what they answer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sagemaker_model.local.clients import Clients
from sagemaker_model.local.sample_requests import sample_requests
from sagemaker_model.local.serving.answers import ANSWERED_BY
from sagemaker_model.local.serving.container import ContainerDefinition
from sagemaker_model.runtime.errors import EndpointError
from sagemaker_model.runtime.raw_endpoint import RawEndpoint

_TYPE = "AWS::SageMaker::Endpoint"
_JSON = "application/json"


@dataclass(frozen=True)
class Endpoint:
    """An endpoint.

    Args:
        name: Its name.
        region: Its Region.
        status: Such as ``InService``.
        stack: Name of the stack that made it; empty where none did.
        reason: Why it failed; empty where it did not.
    """

    name: str
    region: str
    status: str
    stack: str
    reason: str


@dataclass(frozen=True)
class Answered:
    """What came of one request.

    Args:
        endpoint: Name of the endpoint.
        request: What was sent.
        body: What was answered, or the error's message.
        ok: Whether the model answered.
        answered_by: What answered instead of the container's own program; None where that did.
        seconds: How long it took.
    """

    endpoint: str
    request: str
    body: str
    ok: bool
    answered_by: str | None
    seconds: float


def endpoints(clients: Clients, regions: Iterable[str]) -> list[Endpoint]:
    """Return all endpoints of Regions, by name.

    Args:
        clients: Clients of the local AWS.
        regions: Where to look.
    """
    return [each for region in regions for each in _of_region(clients, region)]


def _of_region(clients: Clients, region: str) -> Iterator[Endpoint]:
    sagemaker = clients.client("sagemaker", region)
    stacks = dict(_stacks(clients, region))
    pages = sagemaker.get_paginator("list_endpoints").paginate(SortBy="Name", SortOrder="Ascending")
    for found in (found for page in pages for found in page["Endpoints"]):
        told = sagemaker.describe_endpoint(EndpointName=found["EndpointName"])
        yield Endpoint(
            name=told["EndpointName"],
            region=region,
            status=told["EndpointStatus"],
            stack=stacks.get(told["EndpointName"].lower(), ""),
            reason=told.get("FailureReason", ""),
        )


def _stacks(clients: Clients, region: str) -> Iterator[tuple[str, str]]:
    """Tell which stack made which endpoint; ARNs of endpoints are in lower case."""
    cloudformation = clients.client("cloudformation", region)
    for stack in cloudformation.describe_stacks()["Stacks"]:
        answer = cloudformation.describe_stack_resources(StackName=stack["StackId"])
        for resource in answer["StackResources"]:
            if resource["ResourceType"] == _TYPE and resource.get("PhysicalResourceId"):
                physical_id = resource["PhysicalResourceId"]
                yield physical_id.rpartition("/")[2].lower(), stack["StackName"]


def ask(clients: Clients, endpoint: Endpoint, body: bytes, content_type: str = _JSON) -> Answered:
    """Send a request to an endpoint.

    Args:
        clients: Clients of the local AWS.
        endpoint: The endpoint.
        body: The request's body.
        content_type: What that is. Default: JSON.
    """
    asked = RawEndpoint(endpoint.name, region=endpoint.region, session=clients)
    begun = time.monotonic()
    headers: Mapping[str, str] = {}
    try:
        answer = asked.invoke(body, content_type=content_type)
        text, ok, headers = answer.text, True, answer.headers
    except EndpointError as error:
        text, ok = str(error), False
    seconds = time.monotonic() - begun
    sent = body.decode(errors="replace")
    return Answered(endpoint.name, sent, text, ok, headers.get(ANSWERED_BY), seconds)


def ask_something(clients: Clients, endpoint: Endpoint) -> Answered:
    """Send requests that the endpoint's container should know, until it answers one.

    Args:
        clients: Clients of the local AWS.
        endpoint: The endpoint.

    Returns:
        The first answer that is none of a mistake; else the last one.
    """
    first, *others = sample_requests(_container(clients, endpoint))
    answered = ask(clients, endpoint, json.dumps(first).encode())
    for request in others:
        if answered.ok:
            break
        answered = ask(clients, endpoint, json.dumps(request).encode())
    return answered


def _container(clients: Clients, endpoint: Endpoint) -> ContainerDefinition:
    sagemaker = clients.client("sagemaker", endpoint.region)
    told = sagemaker.describe_endpoint(EndpointName=endpoint.name)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=told["EndpointConfigName"])
    variant: Mapping[str, Any] = config["ProductionVariants"][0]
    if "ModelName" not in variant:
        # It has inference components, and what they take nobody told.
        return ContainerDefinition(None, {}, None, None, variant["VariantName"])
    model = sagemaker.describe_model(ModelName=variant["ModelName"])
    return ContainerDefinition.from_request(model["PrimaryContainer"], variant["VariantName"])
