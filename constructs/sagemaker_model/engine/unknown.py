"""A container of which nobody said what serves in it."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.engine.engine import Engine, ServedModel, filled


class Unknown(Engine):
    """Any container: it is told the model in the variables that most of them read."""

    name = "unknown"
    title = "this image"
    families = ()
    model_variables = frozenset({"HF_MODEL_ID", "HF_MODEL_REVISION"})

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model, unless its files are mounted."""
        if served.mounted:
            return {}
        return filled(HF_MODEL_ID=served.model_id, HF_MODEL_REVISION=served.revision)

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return nothing: what it would read is not known."""
        return {}
