"""What a lock file says of one model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sagemaker_model.model_lock.model_config import ModelConfig

LICENCE_TAG = "sagemaker-model:licence"
"""Key of the tag that tells the licence of a SageMaker model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedFile:
    """One file of a model's repository.

    The Hub tells a SHA-256 of large files only; it keeps the others in git, which knows them by
    a digest of its own.

    Args:
        path: Path inside the repository.
        size: Bytes.
        sha256: SHA-256 of the contents, 64 hexadecimal digits; None where git holds the file.
        blob_id: Git's id of the contents, 40 hexadecimal digits; None where *sha256* is known.

    Raises:
        ValueError: A digest has another form.
    """

    path: str
    size: int
    sha256: str | None = None
    blob_id: str | None = None

    def __post_init__(self) -> None:
        _check_digits("sha256", self.sha256, 64)
        _check_digits("blob_id", self.blob_id, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedModel:
    """One model at one commit, as the Hub described it when it was locked.

    Args:
        id: Name on the Hub, such as ``"Qwen/Qwen2.5-7B-Instruct"``.
        revision: Commit, tag or branch that was asked for; None for the default branch.
        commit: The commit that it stood for, 40 hexadecimal digits.
        licence: Id of the licence as the model's card names it, such as ``"apache-2.0"``; the
            card's ``license_name`` where the id is ``"other"``; None where it names none.
        licence_link: Where the card says that the licence can be read; None where it doesn't.
        gated: Whether its licence must be accepted on the Hub before it can be read.
        pipeline_tag: Its task, such as ``"text-generation"``; None where the Hub knows none.
        library: The library it is made for, such as ``"transformers"``; None where not known.
        tags: The Hub's other tags, sorted.
        files: All files of the repository, sorted by path.
        parameters: Number of parameters by dtype as safetensors names it, such as
            ``{"BF16": 7615616512}``; empty where there are no safetensors files.
        config: What ``config.json`` says that matters for serving.
        chat_template: Whether it brings a chat template.
        tokenizer_max_length: ``model_max_length`` of the tokenizer in tokens; None where it is
            not said, or so large that it says nothing.
        remote_code: Whether ``auto_map`` stands in the tokenizer's configuration; that of the
            model is ``config.auto_map``.

    Raises:
        ValueError: *commit* is no commit.
    """

    id: str
    commit: str
    revision: str | None = None
    licence: str | None = None
    licence_link: str | None = None
    gated: bool = False
    pipeline_tag: str | None = None
    library: str | None = None
    tags: tuple[str, ...] = ()
    files: tuple[LockedFile, ...] = ()
    parameters: Mapping[str, int] = field(default_factory=dict)
    config: ModelConfig = field(default_factory=ModelConfig)
    chat_template: bool = False
    tokenizer_max_length: int | None = None
    remote_code: bool = False

    def __post_init__(self) -> None:
        _check_digits("commit", self.commit, 40)

    def __str__(self) -> str:
        return f"{self.id}@{self.revision}" if self.revision else self.id


def listing_digest(model: LockedModel) -> str:
    """Return a digest of all files of a model: it differs where any of them does.

    The staging program computes the same of what the Hub lists, before it reads a file.

    Args:
        model: The model.
    """
    lines = sorted(f"{file.sha256 or file.blob_id} {file.size} {file.path}" for file in model.files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _check_digits(name: str, value: str | None, count: int) -> None:
    if value is not None and not re.fullmatch(f"[0-9a-f]{{{count}}}", value):
        raise ValueError(f"{name} must be {count} hexadecimal digits, got {value!r}")
