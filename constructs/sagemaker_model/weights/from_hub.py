"""Weights that the container downloads from the Hugging Face Hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from constructs import Construct

from sagemaker_model.weights.weights import BoundWeights, Wanted, Weights


@dataclass(frozen=True, slots=True)
class FromHub(Weights):
    """The container downloads the weights; SageMaker is told nothing of them."""

    from_model_id: ClassVar[bool] = True

    def bind(self, scope: Construct, wanted: Wanted) -> BoundWeights:  # noqa: ARG002
        """Need nothing.

        Raises:
            ValueError: There is code to put beside the weights, or a token to use.
        """
        if wanted.code is not None:
            raise ValueError(
                "weights are Weights.from_hub(), but inference code lies beside weights in S3; "
                "leave weights out to have them staged, or use Weights.from_s3(…)"
            )
        if wanted.hf_token is not None:
            raise ValueError(
                "hf_token is given, but weights are Weights.from_hub(): the container would need "
                "the token in its environment, where DescribeModel shows it; leave weights out, "
                "or use Weights.staged(), so that only the build reads the token"
            )
        return BoundWeights()
