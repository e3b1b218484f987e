"""Make what a lock says of a model out of what the Hub answers: pure data in, pure data out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import read_config
from sagemaker_model.model_lock.plain_data import from_plain, to_plain
from sagemaker_model.weights.hub_model import HubModel

_SAYS_NOTHING = 1 << 40
"""transformers writes a number above all contexts where a tokenizer has no limit."""
_OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the Hub answered about one model; the names are its own.

    Args:
        info: ``/api/models/…``.
        tree: The entries of ``/api/models/…/tree/…``.
        config: ``config.json``; None where there is none.
        tokenizer: ``tokenizer_config.json``; None where there is none.
        parameters: Number of parameters by dtype.
    """

    info: Mapping[str, Any]
    tree: Sequence[Mapping[str, Any]]
    config: object = None
    tokenizer: object = None
    parameters: Mapping[str, int] = field(default_factory=dict)


def describe(model: HubModel, answers: Answers) -> LockedModel:
    """Return what a lock says of a model.

    Args:
        model: The model as it was asked for.
        answers: What the Hub answered.

    Raises:
        KeyError, TypeError, ValueError: The answers are not those of a Hub.
    """
    info = answers.info
    tokenizer = _mapping(answers.tokenizer)
    files = _files(answers.tree)
    licence, link = _licence(info)
    found = LockedModel(
        id=model.model_id,
        revision=model.revision,
        commit=info["sha"],
        licence=licence,
        licence_link=link,
        gated=bool(info.get("gated")),
        pipeline_tag=_text(info.get("pipeline_tag")),
        library=_text(info.get("library_name")),
        tags=_tags(info),
        files=files,
        parameters=dict(sorted(answers.parameters.items())),
        config=read_config(answers.config),
        chat_template=_has_chat_template(tokenizer, (file.path for file in files)),
        tokenizer_max_length=_max_length(tokenizer.get("model_max_length")),
        remote_code=bool(_mapping(tokenizer.get("auto_map"))),
    )
    # What a Hub answers may have any type: only what can be read from a file again is taken.
    return from_plain(LockedModel, to_plain(found), "the answer")


def _files(tree: Sequence[Mapping[str, Any]]) -> tuple[LockedFile, ...]:
    files = [_file(entry) for entry in tree if entry["type"] == "file"]
    return tuple(sorted(files, key=lambda file: file.path))


def _file(entry: Mapping[str, Any]) -> LockedFile:
    large = entry.get("lfs")
    if large:
        return LockedFile(path=entry["path"], size=int(large["size"]), sha256=large["oid"])
    return LockedFile(path=entry["path"], size=int(entry["size"]), blob_id=entry["oid"])


def _licence(info: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the licence and where it can be read, out of the model's card, else of its tags."""
    card = _mapping(info.get("cardData"))
    given = card.get("license")
    listed = [_text(each) for each in given] if isinstance(given, list) else [_text(given)]
    licence = ", ".join(each for each in listed if each) or _licence_tag(info)
    if licence == _OTHER:
        licence = _text(card.get("license_name")) or licence
    return licence, _text(card.get("license_link"))


def _licence_tag(info: Mapping[str, Any]) -> str | None:
    tags = (tag for tag in _texts(info.get("tags")) if tag.startswith("license:"))
    return next((tag.partition(":")[2] for tag in tags), None)


def _tags(info: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags that say what a model is; those with a colon say what it comes from."""
    told = {info.get("pipeline_tag"), info.get("library_name")}
    return tuple(sorted({t for t in _texts(info.get("tags")) if ":" not in t and t not in told}))


def _has_chat_template(tokenizer: Mapping[str, object], paths: Iterable[str]) -> bool:
    own_files = ("chat_template.jinja", "chat_template.json")
    return bool(tokenizer.get("chat_template")) or any(path in own_files for path in paths)


def _max_length(value: object) -> int | None:
    return value if type(value) is int and 0 < value < _SAYS_NOTHING else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> list[str]:
    given = cast("list[object]", value) if isinstance(value, list) else []
    return [each for each in given if isinstance(each, str)]


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
