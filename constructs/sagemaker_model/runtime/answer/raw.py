"""An answer as it came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sagemaker_model.runtime.answer.generated import unexpected


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a container answered.

    Args:
        body: The body.
        content_type: What the body is. Default: not told.
        headers: Headers of the answer, by lower-case name. Default: none.
    """

    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """Return the body, decoded from JSON.

        Raises:
            UnexpectedAnswerError: It is no JSON.
        """
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise unexpected(self.text, "JSON") from error
