"""What every way to invoke an endpoint shares: who answers, and what is told where nobody does.

Source: the API reference of InvokeEndpoint and its errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.services import ApiError, Request
from sagemaker_model.local.sagemaker.components import fleet_of_component
from sagemaker_model.local.sagemaker.endpoints import ENDPOINTS, fleet_of
from sagemaker_model.local.sagemaker.fleet import COMPONENT_LOG_GROUPS, LOG_GROUPS, Fleet
from sagemaker_model.local.serving.limits import REAL_TIME
from sagemaker_model.local.serving.worker import Worker

LARGEST_BODY = REAL_TIME.largest_body
LONGEST_ANSWER = REAL_TIME.longest_answer
_PATH = re.compile(r"/endpoints/(?P<name>[^/]+)/(?P<verb>[a-z-]+)")
_COMPONENT = "x-amzn-sagemaker-inference-component"
_VARIANT = "x-amzn-sagemaker-target-variant"


@dataclass(frozen=True)
class Target:
    """Who answers a request.

    Args:
        endpoint: Name of the endpoint.
        variant: The variant, or the inference component.
        worker: What answers.
        log_group: Where it writes what it says.
    """

    endpoint: str
    variant: str
    worker: Worker
    log_group: str


def parse(request: Request) -> tuple[str, str]:
    """Return the endpoint and the verb of a request's path.

    Raises:
        ApiError: The path is none of this API.
    """
    found = _PATH.fullmatch(request.path)
    if found is None:
        raise ApiError("UnknownOperationException", f"there is no operation at {request.path}", 404)
    return found["name"], found["verb"]


@contextmanager
def target(endpoint: str, headers: Mapping[str, str]) -> Iterator[Target]:
    """Keep who answers until the request is answered.

    Args:
        endpoint: Name of the endpoint.
        headers: Headers of the request, which may name a variant or a component.

    Raises:
        ApiError: The endpoint isn't there or serves nothing yet, or has no such part.
    """
    component = headers.get(_COMPONENT)
    with fleet_of(endpoint) as fleet:
        if fleet is None or endpoint not in ENDPOINTS.kept:
            raise _invalid(f"Endpoint {endpoint} of account {scope.account()} not found.")
        if component is None:
            yield _one_of(endpoint, fleet, headers.get(_VARIANT))
            return
        own = fleet_of_component(component)
        if own is None:
            raise _invalid(f"Inference Component {component} not found.")
        with own.at_work():
            group = f"{COMPONENT_LOG_GROUPS}/{component}"
            yield Target(endpoint, component, own.hosts[component].worker, group)


def check_body(body: bytes) -> None:
    """Refuse a body that is larger than SageMaker takes.

    Raises:
        ApiError: It is.
    """
    if len(body) > LARGEST_BODY:
        raise _invalid(f"Request body of {len(body)} bytes is larger than {LARGEST_BODY}", 413)


def model_error(found: Target, status: int, message: str) -> ApiError:
    """Return what is told of a container that answers with an error.

    Args:
        found: Who answered.
        status: The status of its answer.
        message: The body of its answer.
    """
    whose = "client" if status < 500 else "server"  # noqa: PLR2004
    text = (
        f'Received {whose} error ({status}) from primary with message "{message}". See '
        f"https://{scope.region()}.console.aws.amazon.com/cloudwatch/home?region={scope.region()}"
        f"#logEventViewer:group={found.log_group} in account {scope.account()} for more "
        "information."
    )
    return _failed(found, status, message, text)


def too_slow(found: Target) -> ApiError:
    """Return what is told of a container that takes too long."""
    text = (
        "Your invocation timed out while waiting for a response from container primary. Review the "
        "latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
    )
    return _failed(found, 0, "", text)


def _failed(found: Target, status: int, message: str, text: str) -> ApiError:
    arn = f"arn:aws:logs:{scope.region()}:{scope.account()}:log-group"
    more = {
        "OriginalStatusCode": status,
        "OriginalMessage": message,
        "LogStreamArn": f"{arn}:{found.log_group}",
        "Message": text,
    }
    return ApiError("ModelError", text, 424, more)


def _one_of(endpoint: str, fleet: Fleet, variant: str | None) -> Target:
    if not fleet.hosts:
        raise _invalid(
            f"Endpoint {endpoint} has inference components: name one in InferenceComponentName."
        )
    name = variant or next(iter(fleet.hosts))
    worker = fleet.worker(name)
    if worker is None:
        raise _invalid(f"Variant {name} not found for endpoint {endpoint}.")
    return Target(endpoint, name, worker, f"{LOG_GROUPS}/{endpoint}")


def _invalid(message: str, status: int = 400) -> ApiError:
    return ApiError("ValidationError", message, status, {"Message": message})
