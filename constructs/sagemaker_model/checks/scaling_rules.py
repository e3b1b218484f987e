"""Rules about an endpoint whose capacity follows the load."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed


@rule(
    "scaling-downloads-again",
    Severity.WARNING,
    "Each instance that is added downloads the weights from the Hub.",
    fix="Use `Weights.staged()` or `Weights.from_s3(…)`.",
)
def scaling_downloads_again(deployed: Deployed) -> Iterator[Problem]:
    """Find a container that downloads its model and is scaled: slow, and at the Hub's mercy."""
    if deployed.scaled and deployed.container.downloads:
        yield Problem(
            "weights",
            "are downloaded from the Hub again by each instance that scaling adds, which takes "
            "long just when it is needed, and fails where the Hub does",
            fix="weights=Weights.staged() or Weights.from_s3(…)",
        )


SCALING_RULES = (scaling_downloads_again,)
