"""What is asked of an endpoint, and what it must answer, as it comes out of the template."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .outcome import Kind, Outcome


@dataclass(frozen=True)
class Request:
    """One request.

    Args:
        body: What is sent.
        content_type: What that is.
        accept: What the answer should be; empty leaves it to the container.
    """

    body: bytes
    content_type: str
    accept: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The request's types, as boto3 takes them."""
        accept = {"Accept": self.accept} if self.accept else {}
        return {"ContentType": self.content_type, **accept}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Request:
        """Read a request of the template."""
        body = told["body"]
        decoded = base64.b64decode(body) if told.get("base64") else body.encode()
        return cls(decoded, told["content_type"], told.get("accept", ""))


@dataclass(frozen=True)
class SmokeTest:
    """What is asked, and what must be answered.

    Args:
        requests: Tried one after the other, until one is understood.
        pattern: Regular expression that must be found in the answer; empty for any answer.
        flags: The expression's flags.
        condition: JMESPath expression that must be true of the answer; empty for any answer.
        patience: How long it is asked again, in seconds.
        tolerates: What fails nothing: kinds of outcomes, and statuses as text.
    """

    requests: Sequence[Request]
    pattern: str = ""
    flags: int = 0
    condition: str = ""
    patience: float = 0
    tolerates: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> SmokeTest:
        """Read what the template says, as JSON."""
        told = json.loads(text)
        return cls(
            requests=[Request.of(each) for each in told["requests"]],
            pattern=told.get("pattern", ""),
            flags=told.get("flags", 0),
            condition=told.get("condition", ""),
            patience=told["patience"],
            tolerates=frozenset(told.get("tolerates", ())),
        )

    def judge(self, answer: bytes) -> Outcome:
        """Return whether an answer is as expected."""
        text = answer.decode(errors="replace")
        as_expected = self._has_pattern(text) and self._meets_condition(text)
        return Outcome(Kind.ANSWERED if as_expected else Kind.WRONG, text)

    def passes(self, outcome: Outcome) -> bool:
        """Return whether an outcome fails nothing."""
        said = {outcome.kind.value, str(outcome.status)}
        return outcome.kind is Kind.ANSWERED or not self.tolerates.isdisjoint(said)

    def is_refusal(self, outcome: Outcome) -> bool:
        """Return whether another request may be the one that the container understands."""
        return outcome.kind is Kind.REFUSED or str(outcome.status) in self.tolerates

    @property
    def expected(self) -> str:
        """What must be answered, in words."""
        parts = [f"the pattern {self.pattern!r}"] if self.pattern else []
        parts += [f"that {self.condition!r} is true"] if self.condition else []
        return " and ".join(parts) or "any answer"

    def _has_pattern(self, text: str) -> bool:
        return re.search(self.pattern, text, self.flags) is not None

    def _meets_condition(self, text: str) -> bool:
        if not self.condition:
            return True
        import jmespath
        from jmespath.exceptions import JMESPathError

        try:
            return bool(jmespath.search(self.condition, json.loads(text)))
        except (ValueError, JMESPathError):
            return False
