"""A cause of failed deployments, and the words by which it is known."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that makes deployments fail.

    Args:
        id: Its name: lower case, joined by hyphens.
        title: What it is, in one sentence.
        words: What is said where it is the cause; upper and lower case are the same.
        fix: How to mend it.
        rules: Findings at synth that warn of it before.
        vague: Whether the words tell only that something failed, so that any other cause that is
            found is the better answer.
    """

    id: str
    title: str
    words: re.Pattern[str]
    fix: str
    rules: tuple[str, ...] = ()
    vague: bool = False


def words(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern that finds any of several.

    Args:
        *alternatives: Regular expressions.
    """
    return re.compile("|".join(alternatives), re.IGNORECASE)
