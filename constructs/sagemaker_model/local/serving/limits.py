"""What SageMaker allows of a request and its answer, by the kind of hosting.

Source: "Inference options in Amazon SageMaker AI" of the developer guide
(https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model-options.html); BodyBlob in AWS's own
model of the runtime's API.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 11, 21)
"""When they were looked up."""

_MIB = 1024 * 1024


@dataclass(frozen=True)
class RequestLimits:
    """What one kind of hosting allows.

    Args:
        hosting: Name of the kind, for people.
        largest_body: Bytes of a request.
        longest_answer: Seconds until the container must have answered.
    """

    hosting: str
    largest_body: int
    longest_answer: float


REAL_TIME = RequestLimits("a real-time endpoint", 6 * _MIB, 60.0)
SERVERLESS = RequestLimits("a serverless endpoint", 4 * _MIB, 60.0)
ASYNCHRONOUS = RequestLimits("an asynchronous endpoint", 1024 * _MIB, 3600.0)
