"""The environment as data, checked once, all faults told together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from model_builder.errors import SettingsError
from model_builder.model import MIB, Model

HUB = "https://huggingface.co"
# The Hub's rule for names: https://huggingface.co/docs/huggingface_hub/package_reference/utilities
_NAME = re.compile(r"[\w](?:[\w.-]{0,94}[\w])?", re.ASCII)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_MAX_CONNECTIONS = 64
_MIN_MEMORY_MIB = 96
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a run depends on.

    Args:
        models: Models to stage, in order; several lie in a folder each.
        bucket: Name of the S3 bucket.
        prefix: Keys of the staged files begin with this; ends with a slash.
        code_folder: Folder with the inference code, which goes to ``code/``; None stages none.
        archive: Pack ``model.tar.gz`` instead of single files.
        token: Hub token; None asks without. Never printed.
        hub: Base URL of the Hub or of a mirror.
        connections: Requests at a time.
        memory: Bytes that the whole process may hold.
        stall: Seconds without a byte after which a connection counts as dead.
        attempts: How often one request is tried.
        allow: Patterns; with any, only matching files are staged, whatever their format.
        ignore: Patterns of files that are left out.
        ignored_rules: Artefact rules that do not stop the run.
    """

    models: tuple[Model, ...]
    bucket: str
    prefix: str
    code_folder: Path | None = None
    archive: bool = False
    token: str | None = field(default=None, repr=False)
    hub: str = HUB
    connections: int = 8
    memory: int = 256 * MIB
    stall: float = 30.0
    attempts: int = 6
    allow: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignored_rules: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: one or more variables are missing or wrong; all are named.
        """
        reader = _Reader(environment)
        bucket, prefix = reader.read("DESTINATION", _destination, ("", ""))
        settings = cls(
            models=reader.read("MODEL_ID", _models, ()),
            bucket=bucket,
            prefix=prefix,
            code_folder=reader.read_optional("CODE_FOLDER", _folder),
            archive=reader.read_optional("ARCHIVE", _switch) or False,
            token=(environment.get("HF_TOKEN") or "").strip() or None,
            hub=reader.read_optional("HF_ENDPOINT", _url) or HUB,
            connections=reader.read_optional("CONNECTIONS", _whole(1, _MAX_CONNECTIONS)) or 8,
            memory=(reader.read_optional("MEMORY_MIB", _whole(_MIN_MEMORY_MIB, 65536)) or 256)
            * MIB,
            stall=reader.read_optional("STALL_SECONDS", _whole(1, 3600)) or 30,
            attempts=reader.read_optional("ATTEMPTS", _whole(1, 20)) or 6,
            allow=tuple(_list(environment.get("ALLOW_PATTERNS", ""))),
            ignore=tuple(_list(environment.get("IGNORE_PATTERNS", ""))),
            ignored_rules=frozenset(_list(environment.get("IGNORE_RULES", ""))),
        )
        if reader.faults:
            raise SettingsError("; ".join(reader.faults))
        return settings


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.faults: list[str] = []

    def read(self, name: str, parse: Callable[[str], T], otherwise: T) -> T:
        value = self.read_optional(name, parse)
        if not self._environment.get(name, "").strip():
            self.faults.append(f"{name} is missing: set it to {_EXAMPLES[name]}")
        return otherwise if value is None else value

    def read_optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self._environment.get(name, "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.faults.append(f"{name} is {text!r}, but {error}")
            return None


_EXAMPLES = {
    "MODEL_ID": '"org/name" or "org/name@revision", several separated by commas',
    "DESTINATION": '"s3://bucket/prefix/"',
}


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _models(text: str) -> tuple[Model, ...]:
    models = tuple(_model(item) for item in _list(text))
    if not models:
        raise ValueError("must name a model, for example 'org/name'")
    names = [model.name for model in models]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two models would lie in the folder {name!r}; stage them apart")
        if len(models) > 1 and name == "code":
            raise ValueError("a model's folder would be 'code', where the inference code lies")
    return models


def _model(text: str) -> Model:
    model_id, _, revision = text.partition("@")
    parts = model_id.split("/")
    if len(parts) > 2 or not all(_NAME.fullmatch(part) and ".." not in part for part in parts):  # noqa: PLR2004
        raise ValueError(f"{model_id!r} is no name of a model on the Hub, such as 'org/name'")
    if "@" in text and not re.fullmatch(r"[\w][\w./-]*", revision, re.ASCII):
        raise ValueError(f"{revision!r} is no branch, tag or commit; leave out '@' for main")
    return Model(model_id, revision or "main")


def _destination(text: str) -> tuple[str, str]:
    url = urlsplit(text)
    prefix = text.partition("://")[2].partition("/")[2].rstrip("/")
    if url.scheme != "s3" or not _BUCKET.fullmatch(url.netloc) or not prefix:
        raise ValueError("must be 's3://bucket/prefix/', with a prefix")
    if any(part in {"", ".", ".."} for part in prefix.split("/")):
        raise ValueError("a part of the prefix is empty, '.' or '..', which SageMaker refuses")
    return url.netloc, f"{prefix}/"


def _folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise ValueError("there is no such folder")
    return folder


def _switch(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("must be '1' (pack model.tar.gz) or '0'")
    return text == "1"


def _url(text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError("must be a URL such as 'https://hub.example.com'")
    if url.username or url.password:
        raise ValueError("must not hold a password; a token belongs into HF_TOKEN")
    return text.rstrip("/")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return parse
