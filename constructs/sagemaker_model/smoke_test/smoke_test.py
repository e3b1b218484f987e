"""What a model must answer for its deployment to count."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Final

from sagemaker_model.hosting.limits import check_duration
from sagemaker_model.smoke_test.condition import check_expression
from sagemaker_model.smoke_test.known_requests import Known
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import Duration

_MOST_BYTES = 65_536
"""A resource's properties reach a function in one event, and lie in a template of 1 MB."""
_LONGEST_PATIENCE = 13 * 60
"""Seconds: a function runs for 15 minutes at most ("Lambda quotas"), and an answer takes one."""
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class SmokeTest:
    """Ask the endpoint after each creation and update, and fail the deployment if it is silent.

    CloudFormation then rolls the stack back. ``smoke_test=None`` of the model asks nothing.

    Args:
        payload: What is sent: text and bytes as they are, anything else as JSON; at most 64 KiB.
            Default: a short request that the engine, the task or the ready handler is known to
            answer.
        content_type: What the payload is. Default: ``application/json``, and
            ``application/octet-stream`` for bytes.
        accept: What the answer should be. Default: left to the container.
        expect: Text that must be in the answer, or a compiled regular expression that must be
            found in it. Default: any answer will do.
        expect_json: JMESPath expression that must be true of the answer, which then must be JSON:
            ``"length(@[0]) == `384`"``. It is checked at synth where boto3 is installed. Default:
            any answer will do.
        patience: How long it is asked again where it is silent, 10 seconds to 13 minutes. What is
            answered otherwise than expected three times is not asked again. Default: 10 minutes,
            and 13 for what may have to wake up: a queue, or an inference component.
        during_roll_out: Whether it is also asked each minute of an update whose roll-out waits, so
            that a failure moves the traffic back. Default: yes.

    Raises:
        TypeError: An argument is of another kind.
        ValueError: *payload* is too large or no JSON, *expect_json* is no JMESPath expression, or
            *patience* is out of range.
    """

    payload: Any = None
    _: KW_ONLY
    content_type: str | None = None
    accept: str | None = None
    expect: str | re.Pattern[str] | None = None
    expect_json: str | None = None
    patience: Duration | None = None
    during_roll_out: bool = True

    def __post_init__(self) -> None:
        size = len(_encoded(self.payload)["body"].encode())
        if size > _MOST_BYTES:
            raise ValueError(
                f"payload must be at most {_MOST_BYTES} bytes as it is written into the template, "
                f"got {size}; a small request proves as much"
            )
        _check_expected(self.expect)
        if self.expect_json is not None:
            check_expression("expect_json", self.expect_json)
        if self.patience is not None and self.patience.is_unresolved():
            raise ValueError("patience must be known at synth, got a token; give a Duration")
        check_duration("patience", self.patience, 10, _LONGEST_PATIENCE)

    def question(self, known: Known | None, patience: float, *, optional: bool = False) -> str:
        """Return what the function of the stack is told, as JSON.

        Args:
            known: What the model is known to answer, which is asked without a payload.
            patience: The hosting's own, in seconds.
            optional: Whether nobody asked for the test, so that only the model's own silence fails
                it. Default: somebody did.
        """
        asks = known.requests if self.payload is None and known else (self.payload,)
        told = {
            "requests": [self._request(each) for each in asks],
            **self._pattern(),
            "condition": self.expect_json,
            "patience": self.patience.to_seconds() if self.patience else patience,
            "tolerates": self._tolerated(known, optional=optional),
        }
        return json.dumps({name: value for name, value in told.items() if value})

    def _request(self, payload: object) -> dict[str, Any]:
        default = "application/octet-stream" if isinstance(payload, bytes) else _JSON
        request = {**_encoded(payload), "content_type": self.content_type or default}
        return request | ({"accept": self.accept} if self.accept else {})

    def _pattern(self) -> dict[str, Any]:
        if self.expect is None or isinstance(self.expect, str):
            return {"pattern": re.escape(self.expect or "")}
        return {"pattern": self.expect.pattern, "flags": self.expect.flags}

    def _tolerated(self, known: Known | None, *, optional: bool) -> list[str]:
        """Return what fails nothing: what says nothing of the model, and is no test of the user's.

        That an engine refuses a request proves that it is there; which of its models it serves,
        and so which request is right, its variables do not always tell.
        """
        tolerated = ["asleep", *(["unreachable"] if optional else [])]
        own = self.payload is not None or self.expect is not None or self.expect_json is not None
        return tolerated if own or known is None else [*tolerated, *known.tolerated]


def _encoded(payload: object) -> Mapping[str, Any]:
    """Write a payload so that it can stand in JSON.

    >>> _encoded({"inputs": "a text"}), _encoded("a,b"), _encoded(bytes([255]))
    ({'body': '{"inputs": "a text"}'}, {'body': 'a,b'}, {'body': '/w==', 'base64': True})
    """
    if isinstance(payload, bytes):
        return {"body": base64.b64encode(payload).decode(), "base64": True}
    if isinstance(payload, str):
        return {"body": payload}
    try:
        return {"body": json.dumps(payload, ensure_ascii=False, allow_nan=False)}
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"payload must be text, bytes or what JSON can hold, got {payload!r}: {error}; encode "
            "it yourself, and give content_type"
        ) from None


def _check_expected(expect: object) -> None:
    if expect is None:
        return
    if not isinstance(getattr(expect, "pattern", expect), str):
        raise TypeError(
            f"expect must be text or a regular expression on text, got {expect!r}; write "
            "re.compile(…) for the latter"
        )
    if isinstance(expect, str) and is_token(expect):
        raise ValueError("expect must be known at synth, got a token; use expect_json")


WHERE_KNOWN: Final = SmokeTest()
"""The default: on where a request is known that the model answers, else off."""
