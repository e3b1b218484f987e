"""Faults on command: requests that fail, wait or are answered wrongly, as AWS's are on a bad day.

``PUT /_sagemaker_model/faults`` takes a JSON list of faults in place of those before it, and
``GET`` tells them with how often each is still to come and how often it came. Only a local AWS that
is told so (``SAGEMAKER_MODEL_LOCAL_FAULTS=1``) has them. What AWS answers where it is too busy:
"Common Errors" of each service's API reference, and S3's "Error responses" (``SlowDown``, 503).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ministack import app
from ministack.core import iam_actions, router

from sagemaker_model.local.emulator.services import ApiError

HOOKS = (
    "ministack.app:_handle_post_body_shortcuts",
    "ministack.app:_routing_params",
    "ministack.core.iam_actions:access_denied_response",
    "ministack.core.iam_actions:extract_iam_action",
    "ministack.core.router:detect_service",
)

PATH = "/_sagemaker_model/faults"
CUSTOM_RESOURCE_ANSWER = "cloudformation:ResponseURL"
"""The request by which a custom resource's Lambda answers CloudFormation."""
CONTAINER = "sagemaker:StartContainer"
"""The start of an endpoint's container, which is no request: its fault's ``answer`` has ``log``,
the lines that it writes, and ``reason``, why the endpoint fails. ``containing`` is looked for in
the endpoint's name."""
_RESPONSE_URL = "/_ministack/cfn-response/"
_OK = 200
_Answer = tuple[int, dict[str, str], bytes]
_Call = Callable[[str, Mapping[str, Any]], dict[str, Any]]


@dataclass
class Fault:
    """What happens to the next requests of a kind.

    Args:
        action: The requests, such as ``"codebuild:StartBuild"``, ``"s3:*"``, or
            :data:`CUSTOM_RESOURCE_ANSWER`: a pattern of :mod:`fnmatch`.
        containing: What such a request must have in its path or, but for S3's objects, in its
            body, such as a stack's name. Default: anything goes.
        times: How many requests it still happens to.
        code: AWS's name of the error that is answered. Default: none, the request is carried out.
        status: The status of HTTP that the error has. Default: 400.
        message: What the error says. Default: that it is one on command.
        answer: What is answered in place of an error. Default: nothing is.
        delay: Seconds that pass before anything else does. Default: none.
        met: How many requests it has happened to.
    """

    action: str
    containing: str = ""
    times: int = 1
    code: str | None = None
    status: int = 400
    message: str = ""
    answer: Mapping[str, Any] | None = field(default=None)
    delay: float = 0.0
    met: int = 0


_FAULTS: list[Fault] = []


def install() -> None:
    """Have the emulator take faults, and let them happen."""
    faults = _FAULTS
    otherwise = app._handle_post_body_shortcuts  # noqa: SLF001

    async def handle(*request: Any) -> Any:
        method, path, headers, body, query, request_id = request
        if path == PATH:
            return _controlled(faults, method, body)
        action = action_of(method, path, headers, body, query)
        told = path.encode() + (b"" if action.startswith("s3:") else body)
        fault = take(faults, action, told)
        if fault is not None:
            await asyncio.sleep(fault.delay)
            answer = _answer(fault, action, request_id, headers)
            if answer is not None:
                return (*answer[:2], b"" if method == "HEAD" else answer[2])
        return await otherwise(*request)

    app._handle_post_body_shortcuts = handle  # noqa: SLF001


def met_by_container(endpoint: str) -> Fault | None:
    """Return the fault that a container meets as it starts, and count it; None for none.

    Args:
        endpoint: Name of its endpoint.
    """
    fault = take(_FAULTS, CONTAINER, endpoint.encode())
    if fault is not None:
        time.sleep(fault.delay)
    return fault


def met_by_calls(call: _Call) -> _Call:
    """Return a call of SageMaker's operations that meets faults, as requests over HTTP do.

    Args:
        call: Calls an operation by its name.
    """

    def calling(operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        told = json.dumps(parameters, default=str).encode()
        fault = take(_FAULTS, f"sagemaker:{operation}", told)
        if fault is not None:
            time.sleep(fault.delay)
            if fault.code is not None:
                raise ApiError(fault.code, _message(fault))
        return call(operation, parameters)

    return calling


def take(faults: Sequence[Fault], action: str, told: bytes) -> Fault | None:
    """Return the first fault that an action meets, and count it; None where it meets none.

    Args:
        faults: Those that are left.
        action: What is asked, such as ``"s3:PutObject"``.
        told: What a fault's text is looked for in.
    """
    for fault in faults:
        if (
            fault.times > 0
            and fnmatchcase(action, fault.action)
            and fault.containing.encode() in told
        ):
            fault.times -= 1
            fault.met += 1
            return fault
    return None


def action_of(
    method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
) -> str:
    """Return what a request asks, as IAM names it; the verb where IAM has no name for it.

    Args:
        method: The verb of HTTP.
        path: The path.
        headers: Headers by lower-case name.
        body: The body.
        query: Parameters of the query by name.
    """
    if path.startswith(_RESPONSE_URL):
        return CUSTOM_RESOURCE_ANSWER
    told = app._routing_params(method, path, headers, body, query)  # noqa: SLF001
    service = router.detect_service(method, path, headers, told)
    target = headers.get("x-amz-target", "").rpartition(".")[2]
    if target:
        return f"{service}:{target}"
    action = iam_actions.extract_iam_action(service, method, path, headers, body, told)
    return action or f"{service}:{method}"


def _controlled(faults: list[Fault], method: str, body: bytes) -> _Answer:
    if method == "PUT":
        faults[:] = [Fault(**each) for each in json.loads(body)]
    told = json.dumps([asdict(each) for each in faults])
    return _OK, {"Content-Type": "application/json"}, told.encode()


def _answer(fault: Fault, action: str, request_id: str, headers: dict[str, str]) -> _Answer | None:
    if fault.answer is not None:
        told = json.dumps(fault.answer).encode()
        return _OK, {"Content-Type": "application/x-amz-json-1.1"}, told
    if fault.code is None:
        return None
    # ministack's own refusals are in the protocol of each service.
    _, sent, body = iam_actions.access_denied_response(
        action.partition(":")[0],
        action,
        "",
        request_id,
        error_code=fault.code,
        message=_message(fault),
        headers=headers,
    )
    return fault.status, sent, body


def _message(fault: Fault) -> str:
    return fault.message or f"{fault.code} on command"
