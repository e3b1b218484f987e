"""What AWS is asked before a deployment, and what its answers mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class About(Enum):
    """What a question is about."""

    IMAGE = "image"
    QUOTA = "quota"
    WEIGHTS = "weights"
    SECRET = "secret"  # noqa: S105 - the word, not one
    PACKAGE = "model package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that a deployment needs.

    Args:
        about: What kind of thing it is.
        subject: Which: an image's address, an instance type, an S3 address, a secret's name or
            ARN, or a model package's ARN.
        region: The Region that is asked.
        path: The construct that needs it; one of them where there are several.
        count: How many instances are needed at first; 0 where it is no quota.
        most: How many scaling may start; 0 where it is no quota.
    """

    about: About
    subject: str
    region: str
    path: str
    count: int = 0
    most: int = 0


class Outcome(Enum):
    """How a question ended."""

    OK = "ok"
    FAILS = "fails"
    UNASKED = "could not be asked"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out.

    Args:
        outcome: Whether it is there.
        detail: What AWS said of it.
        fix: What to do; empty where nothing is to be done.
    """

    outcome: Outcome
    detail: str
    fix: str = ""
