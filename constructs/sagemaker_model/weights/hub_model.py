"""A model of the Hugging Face Hub, at a revision."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sagemaker_model.tokens import is_token

# As the staging program reads it, and the Hub: letters, digits, '-', '_' and '.'.
_ID = re.compile(r"\w(?:[\w.-]{0,94}\w)?(?:/\w(?:[\w.-]{0,94}\w)?)?", re.ASCII)
_REVISION = re.compile(r"\w[\w./-]*", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model and its revision, as text.

    Args:
        model_id: Name on the Hub, such as ``"org/name"``.
        revision: Commit, tag or branch; None for the default branch.
    """

    model_id: str
    revision: str | None = None

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, which never changes."""
        return is_commit(self.revision)

    @classmethod
    def parse(cls, text: str) -> HubModel:
        """Return the model of ``"org/name"`` or ``"org/name@revision"``."""
        model_id, _, revision = text.partition("@")
        return cls(model_id, revision or None)

    def __str__(self) -> str:
        return f"{self.model_id}@{self.revision}" if self.revision else self.model_id


def hub_models(
    model_ids: Sequence[str], revision: str | Mapping[str, str] | None
) -> tuple[HubModel, ...]:
    """Give each model its revision.

    Args:
        model_ids: Names on the Hub.
        revision: Revision of the one model, or of each by its id.

    Raises:
        ValueError: One revision for several models, or for a model that is not among them.
    """
    if isinstance(revision, Mapping):
        unknown = sorted(set(revision) - set(model_ids))
        if unknown:
            raise ValueError(
                f"revision names {unknown[0]!r}, which is not among the models "
                f"{', '.join(model_ids)}; mend the name"
            )
        return tuple(HubModel(each, revision.get(each)) for each in model_ids)
    if revision is not None and len(model_ids) > 1:
        raise ValueError(
            f"revision is {revision!r}, but there are several models; give a revision for each: "
            "{'org/name': 'commit', …}"
        )
    return tuple(HubModel(each, revision) for each in model_ids)


def is_commit(revision: str | None) -> bool:
    """Say whether a revision is a commit: 40 hexadecimal digits."""
    return revision is not None and bool(_COMMIT.fullmatch(revision))


def check_can_be_staged(models: tuple[HubModel, ...]) -> None:
    """Refuse models that no build could ask the Hub for.

    Raises:
        ValueError: An id or a revision is a token, or has a form that the Hub does not know, or
            two models would lie in the same folder.
    """
    for model in models:
        _check_text("model_id", model.model_id, _ID, "'org/name'")
        if model.revision is not None:
            _check_text("revision", model.revision, _REVISION, "a commit, a tag or a branch")
    folders = [model.model_id.rpartition("/")[2] for model in models]
    twice = sorted({name for name in folders if folders.count(name) > 1 or name == "code"})
    if len(models) > 1 and twice:
        raise ValueError(
            f"model_id: several models lie in a folder each, named after the part behind the last "
            f"'/'; {twice[0]!r} is taken, deploy that model apart"
        )


def _check_text(name: str, value: str, form: re.Pattern[str], example: str) -> None:
    if is_token(value):
        raise ValueError(
            f"{name} is a token, but weights are staged below a prefix that names what is in it, "
            "so it must be known when the app is synthesized; give it as plain text"
        )
    if not form.fullmatch(value) or ".." in value:
        raise ValueError(f"{name} must be {example}, got {value!r}")
