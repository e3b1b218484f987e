"""A request, and what must hold of its answer."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from math import inf
from typing import Any

from sagemaker_model.smoke_test.condition import check_expression

JSON = "application/json"
TOLERANCE = 0.001
"""How far numbers may lie apart: what other processors and releases make of the same model."""
_STATUSES = range(400, 600)


@dataclass(frozen=True, slots=True)
class Example:
    """A request, and what must hold of its answer.

    Args:
        name: What it is called.
        body: What is sent.
        content_type: What that is. Default: ``application/json``.
        accept: What the answer should be. Default: ``application/json``.
        answer: What must be answered: JSON, or text where the answer is none. Fields of objects
            that it leaves out are not looked at. Default: None, and nothing is compared.
        part: JMESPath expression for the part of the answer that *answer* is. Default: all of it.
        tolerance: How far apart numbers may lie, absolutely or relative to the larger one.
            Default: 0.001.
        expect: Text that must be in the answer, or in an error's words. Default: any will do.
        expect_json: JMESPath expression that must be true of the answer. Default: any will do.
        status: Status of the error that must come, 400 to 599. Default: None, it must answer.

    Raises:
        ValueError: A value is out of its range, *part* or *expect_json* is no JMESPath expression,
            or an error's answer is to be compared, of which only the words and the status are told.
    """

    name: str
    body: bytes
    _: KW_ONLY
    content_type: str = JSON
    accept: str = JSON
    answer: Any = None
    part: str = ""
    tolerance: float = TOLERANCE
    expect: str = ""
    expect_json: str = ""
    status: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.tolerance < inf:
            raise ValueError(f"tolerance must be 0 or above, got {self.tolerance!r}")
        for name in ("part", "expect_json"):
            if getattr(self, name):
                check_expression(name, getattr(self, name))
        if self.status is not None:
            self._check_status(self.status)

    def _check_status(self, status: int) -> None:
        if status not in _STATUSES:
            raise ValueError(
                f"status must be that of an error, 400 to 599, got {status!r}; leave it out where "
                "the endpoint must answer"
            )
        if self.answer is not None or self.expect_json or self.part:
            raise ValueError(
                f"an error (status {status}) tells its words alone; give expect instead of answer, "
                "part and expect_json"
            )

    @property
    def says_nothing(self) -> bool:
        """Whether any answer will do."""
        return self.answer is None and not (self.expect or self.expect_json or self.status)
