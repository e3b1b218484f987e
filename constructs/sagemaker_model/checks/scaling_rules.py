"""Rules about an endpoint whose capacity follows the load."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.scalable import Scalable


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


@rule(
    "scaling-zero-still-paid",
    Severity.WARNING,
    "Instances stay, and are paid for, where no copy of the model does.",
    fix="Use `SharedEndpoint(min_instances=0)`; accept it where another model keeps them busy.",
)
def scaling_zero_still_paid(scalable: Scalable) -> Iterator[Problem]:
    """Find copies that may go down to none on instances that may not."""
    if scalable.paid_at_zero:
        yield Problem(
            "min_capacity",
            f"is 0 copies, but the SharedEndpoint keeps {scalable.paid_at_zero} instance(s), which "
            "are paid for with nothing on them",
            fix="SharedEndpoint(min_instances=0); accept it where another model keeps them busy",
        )


SCALING_RULES = (scaling_downloads_again,)
ZERO_RULES = (scaling_zero_still_paid,)
