"""Weights that another construct of the app has staged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from constructs import Construct

from sagemaker_model.weights.staged import stage_weights
from sagemaker_model.weights.weights import BoundWeights, Wanted, Weights


@dataclass(frozen=True, slots=True)
class Shared(Weights):
    """Staged files of a ``StagedWeights``."""

    bound: BoundWeights

    def bind(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        """Read them where they are; with code, have S3 copy them beside it."""
        if wanted.hf_token is not None:
            raise ValueError(
                "hf_token is given, but the weights are staged by a StagedWeights, which is what "
                "may need it; give it there"
            )
        if wanted.code is None:
            staged = self.bound.staged
            # They go with the stack that stages them, not with the endpoint's.
            kept = replace(staged, default_store=False) if staged else None
            return replace(self.bound, staged=kept)
        joined = stage_weights(
            scope,
            wanted,
            variables={"SOURCE": self.bound.manifest_uri or ""},
            facts={"manifest": self.bound.manifest_uri},
            rights=self.bound.statements,
        )
        # The files are there to be copied once the other construct's resource is.
        for resource in joined.dependencies:
            if isinstance(resource, Construct):
                resource.node.add_dependency(*self.bound.dependencies)
        return replace(joined, dependencies=(*joined.dependencies, *self.bound.dependencies))
