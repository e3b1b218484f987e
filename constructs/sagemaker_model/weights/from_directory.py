"""Weights in a local folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from constructs import Construct

from sagemaker_model.code_folder.digest import folder_digest
from sagemaker_model.weights.local_artefacts import check_local_model
from sagemaker_model.weights.staged import stage_weights
from sagemaker_model.weights.weights import BoundWeights, Wanted, Weights


@dataclass(frozen=True, slots=True)
class FromDirectory(Weights):
    """Files that travel as an asset, and are staged by the same program as the Hub's."""

    folder: Path
    ignore_rules: tuple[str, ...]
    notes: tuple[str, ...]

    @staticmethod
    def of(path: str | Path, ignore_rules: tuple[str, ...]) -> FromDirectory:
        """Check the folder's files, before anything is uploaded.

        Raises:
            ValueError: No server could load them.
        """
        folder = Path(path)
        notes = check_local_model(folder, ignore_rules=ignore_rules)
        return FromDirectory(folder, ignore_rules, notes)

    def bind(self, scope: Construct, wanted: Wanted) -> BoundWeights:
        """Make the build that unpacks the asset."""
        if wanted.hf_token is not None:
            raise ValueError(
                "hf_token is given, but the weights come from a local folder, so that nothing "
                "would use it; leave hf_token out"
            )
        bound = stage_weights(
            scope,
            wanted,
            variables={"IGNORE_RULES": ",".join(self.ignore_rules)} if self.ignore_rules else {},
            facts={"folder": folder_digest(self.folder)},
            folders={"weights": self.folder},
        )
        staged = replace(bound.staged, notes=self.notes) if bound.staged else None
        return replace(bound, staged=staged)
