"""Find the cause of a failure in what was said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sagemaker_model.why.causes import CAUSES, Cause
from sagemaker_model.why.evidence import Evidence, Said


class Diagnosis(NamedTuple):
    """A cause, and the words that tell it.

    Args:
        cause: The cause.
        said: The words.
    """

    cause: Cause
    said: Said


def diagnose(evidence: Evidence) -> list[Diagnosis]:
    """Return the causes that what was said tells of, the most likely first, each once.

    Args:
        evidence: What was said.
    """
    found: dict[str, Diagnosis] = {}
    for diagnosis in _told(evidence):
        found.setdefault(diagnosis.cause.id, diagnosis)
    return sorted(found.values(), key=lambda each: each.cause.vague)


def _told(evidence: Evidence) -> Iterator[Diagnosis]:
    for said in evidence.said():
        for cause in CAUSES:
            if cause.words.search(said.text):
                yield Diagnosis(cause, said)
