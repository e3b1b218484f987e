"""Rules about asynchronous hosting."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.asynchronous import Asynchronous


@rule(
    "async-input-unreadable",
    Severity.WARNING,
    "Nothing lets the role read requests.",
    fix="Give `input_path`; accept it where you let the role read the requests.",
)
def async_input_unreadable(deployed: Deployed) -> Iterator[Problem]:
    """Find a bucket for answers, but none for requests."""
    hosting = deployed.hosting
    if isinstance(hosting, Asynchronous) and hosting.output_path and not hosting.input_path:
        yield Problem(
            "hosting.input_path",
            "is not given, so nothing lets the role read the requests in S3, and each fails",
            fix="give the folder where they lie; accept it where you let model.role read them",
        )


ASYNCHRONOUS_RULES = (async_input_unreadable,)
