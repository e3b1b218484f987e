"""Weights that the container downloads from the Hugging Face Hub."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from sagemaker_model.weights.weights import BoundWeights, Weights


@dataclass(frozen=True, slots=True)
class FromHub(Weights):
    """The container downloads the weights; SageMaker is told nothing of them."""

    def bind(self, scope: Construct) -> BoundWeights:  # noqa: ARG002
        """Need nothing."""
        return BoundWeights()
