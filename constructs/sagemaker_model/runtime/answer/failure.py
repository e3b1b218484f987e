"""What an engine says when it gives no answer.

Sources: ``router/src/server.rs`` and ``router/src/infer/mod.rs`` of text-generation-inference
(422, 424, 429 and 500, with ``error_type``); ``ErrorResponse`` of vLLM and SGLang, formerly without
``error`` around it; "Error Responses" of LMI's schema; multi-model-server, which the toolkit runs
on; FastAPI's ``detail``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sagemaker_model.runtime.errors import (
    EndpointError,
    InvalidRequestError,
    ModelFailedError,
    OverloadedError,
)

_OVERLOADED = frozenset({429, 503})
_FAILED_DEPENDENCY = 424
_CLIENT_ERRORS = range(400, 500)
# What TGI and TEI call their errors, which says more than the status of a stream.
_KINDS: dict[str, type[EndpointError]] = {
    "validation": InvalidRequestError,
    "template_error": InvalidRequestError,
    "overloaded": OverloadedError,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What an engine says of an error.

    Args:
        text: In its own words.
        kind: What it calls the error. Default: nothing.
        status: The status that it names. Default: none.
    """

    text: str
    kind: str = ""
    status: int | None = None


def said_in(value: Any) -> Said | None:
    """Return what a decoded answer says of an error; None where it is no error.

    Args:
        value: A whole answer, or one event of a stream.
    """
    match value:
        case {"error": {"message": text, **more}} | {"object": "error", "message": text, **more}:
            status = more.get("code", more.get("http_status_code"))
            return Said(str(text), str(more.get("type", "")), _whole(status))
        case {"error": text, **more} if text:
            return Said(str(text), str(more.get("error_type", "")), _whole(more.get("code")))
    return None


def refused(status: int | None, body: str) -> EndpointError:
    """Return what to raise for a container's answer that is an error.

    Args:
        status: Its status; None where none is known.
        body: Its body.
    """
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    said = said_in(value) or Said(_plain(value) or body)
    return failure(Said(said.text, said.kind, status or said.status))


def failure(said: Said) -> EndpointError:
    """Return what to raise for an error, of the type that fits."""
    kind = _KINDS.get(said.kind.lower()) or _by_status(said.status)
    shown = f" ({said.status})" if said.status else ""
    text = said.text.strip() or "it says nothing more"
    if kind is InvalidRequestError:
        message = f"the model's server refuses the request{shown}: {text}"
    elif kind is OverloadedError:
        message = (
            f"the model's server has more requests than it takes{shown}: {text}; try again later, "
            "or scale the endpoint"
        )
    else:
        message = (
            f"the model's server failed at the request{shown}: {text}; its log, "
            "/aws/sagemaker/Endpoints/ and the endpoint's name in CloudWatch, tells more"
        )
    return kind(message, status=said.status, text=said.text)


def _by_status(status: int | None) -> type[EndpointError]:
    if status in _OVERLOADED:
        return OverloadedError
    if status in _CLIENT_ERRORS and status != _FAILED_DEPENDENCY:
        return InvalidRequestError
    return ModelFailedError


def _plain(value: Any) -> str:
    """Return the text of an error that its status alone tells to be one."""
    match value:
        case {"message": str(text)}:
            return text
        case {"detail": detail}:
            return detail if isinstance(detail, str) else json.dumps(detail)
    return ""


def _whole(status: object) -> int | None:
    return status if isinstance(status, int) and not isinstance(status, bool) else None
