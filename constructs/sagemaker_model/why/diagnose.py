"""Find the cause of a failure in what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sagemaker_model.why.cause import Cause
from sagemaker_model.why.causes import CAUSES
from sagemaker_model.why.evidence import Evidence, Said

# A line that its program calls a warning. Model servers call all that a worker writes to standard
# error so, and pip the network that it does not reach.
_WARNING = re.compile(r"^(?!.*(-stderr|Retrying \()).*\bWARN(ING)?\b")


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

    What was said first comes first, as the rest mostly follows from it; but a cause that is vague,
    or told by a mere warning, goes behind all others.

    Args:
        evidence: What was said.
    """
    found: dict[str, Diagnosis] = {}
    for diagnosis in sorted(_told(evidence), key=_doubt):
        found.setdefault(diagnosis.cause.id, diagnosis)
    return list(found.values())


def _told(evidence: Evidence) -> Iterator[Diagnosis]:
    for said in evidence.said():
        for cause in CAUSES:
            if cause.words.search(said.text):
                yield Diagnosis(cause, said)


def _doubt(diagnosis: Diagnosis) -> tuple[bool, bool]:
    return diagnosis.cause.vague, bool(_WARNING.search(diagnosis.said.text))
