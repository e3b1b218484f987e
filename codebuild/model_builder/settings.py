"""The environment as data, checked once, all faults told together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from model_builder.errors import SettingsError
from model_builder.model import MIB, Model
from model_builder.stored_source import Kind, StoredSource, parse_source

HUB = "https://huggingface.co"
# The Hub's rule for names: https://huggingface.co/docs/huggingface_hub/package_reference/utilities
_NAME = re.compile(r"[\w](?:[\w.-]{0,94}[\w])?", re.ASCII)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_MAX_CONNECTIONS = 64
_MIN_MEMORY_MIB = 96
_ORIGINS = ("MODEL_ID", "MODEL_FOLDER", "SOURCE")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a run depends on.

    Args:
        models: Models of the Hub to stage, in order; several lie in a folder each.
        bucket: Name of the S3 bucket.
        prefix: Keys of the staged files begin with this; ends with a slash.
        model_folder: Local folder with the model's files, instead of *models*.
        source: Files in S3, instead of *models*.
        listings: Digests that the models' listings must have, by model id; see
            ``listing_digest``.
        code_folder: Folder with the inference code, which goes to ``code/``; None stages none.
        bundle_python: Python, such as "3.12", for which the wheels of the code's requirements are
            staged beside it; None stages none.
        bundle_architecture: Machine that those are for.
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
        tagged: Whether the S3 knows tags, without which nothing unfinished expires.
    """

    models: tuple[Model, ...]
    bucket: str
    prefix: str
    model_folder: Path | None = None
    source: StoredSource | None = None
    listings: Mapping[str, str] = field(default_factory=dict)
    code_folder: Path | None = None
    bundle_python: str | None = None
    bundle_architecture: str = "x86_64"
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
    tagged: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings.

        Raises:
            SettingsError: one or more variables are missing or wrong; all are named.
        """
        reader = _Reader(environment)
        bucket, prefix = reader.read("DESTINATION", parse_destination, ("", ""))
        settings = cls(
            models=reader.read_optional("MODEL_ID", _models) or (),
            bucket=bucket,
            prefix=prefix,
            model_folder=reader.read_optional("MODEL_FOLDER", _folder),
            source=reader.read_source(),
            listings=reader.read_optional("LISTINGS", _listings) or {},
            code_folder=reader.read_optional("CODE_FOLDER", _folder),
            bundle_python=reader.read_optional("BUNDLE_PYTHON", _python),
            bundle_architecture=reader.read_optional("BUNDLE_ARCHITECTURE", _architecture)
            or "x86_64",
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
            tagged=reader.read_optional("OBJECT_TAGS", _switch) is not False,
        )
        faults = [*reader.faults, *reader.faults_together()]
        if faults:
            raise SettingsError("; ".join(faults))
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

    def read_source(self) -> StoredSource | None:
        source = self.read_optional("SOURCE", parse_source)
        sha256 = self.read_optional("SOURCE_SHA256", _sha256)
        return replace(source, sha256=sha256) if source else None

    def faults_together(self) -> Iterator[str]:
        """Tell what does not go together."""
        told = {name for name, value in self._environment.items() if value.strip()}
        origins = [name for name in _ORIGINS if name in told]
        if not origins:
            yield (
                'MODEL_ID is missing: set it to "org/name" or "org/name@revision", several '
                "separated by commas; or set MODEL_FOLDER or SOURCE instead"
            )
        if len(origins) > 1:
            yield f"{' and '.join(origins)} are set: say only one place that the weights come from"
        if "BUNDLE_PYTHON" in told and "CODE_FOLDER" not in told:
            yield "BUNDLE_PYTHON is set: set CODE_FOLDER too, whose requirements are bundled"
        kind = _kind_of(self._environment.get("SOURCE", ""))
        if kind is Kind.ARCHIVE and self._environment.get("ARCHIVE", "").strip() != "1":
            yield "SOURCE is an archive, which can be staged as one only: set ARCHIVE=1"
        source = self._environment.get("SOURCE", "").strip()
        if kind is Kind.PREFIX and self._environment.get("DESTINATION", "").startswith(source):
            yield f"DESTINATION lies in SOURCE {source!r}: choose a prefix outside of it"
        if "SOURCE_SHA256" in told and kind is not Kind.MANIFEST:
            yield "SOURCE_SHA256 is set: it is the digest of a manifest, which SOURCE must name"


_EXAMPLES = {"DESTINATION": '"s3://bucket/prefix/"'}


def _kind_of(text: str) -> Kind | None:
    return next((kind for kind in Kind if text.strip().endswith(kind.value)), None)


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


def parse_destination(text: str) -> tuple[str, str]:
    """Return bucket and prefix of a URI.

    Raises:
        ValueError: it names no prefix in S3.
    """
    url = urlsplit(text)
    prefix = text.partition("://")[2].partition("/")[2].rstrip("/")
    if url.scheme != "s3" or not _BUCKET.fullmatch(url.netloc) or not prefix:
        raise ValueError("must be 's3://bucket/prefix/', with a prefix")
    if any(part in {"", ".", ".."} for part in prefix.split("/")):
        raise ValueError("a part of the prefix is empty, '.' or '..', which SageMaker refuses")
    return url.netloc, f"{prefix}/"


def _listings(text: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in _list(text))
    return {model_id: _sha256(digest) for model_id, _, digest in pairs}


def _folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise ValueError("there is no such folder")
    return folder


def _python(text: str) -> str:
    if not re.fullmatch(r"3\.\d{1,2}", text):
        raise ValueError("must be a version of Python such as '3.12'")
    return text


def _architecture(text: str) -> str:
    if text not in {"x86_64", "aarch64"}:
        raise ValueError("must be 'x86_64' or 'aarch64'")
    return text


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("must be 64 hexadecimal digits")
    return text


def _switch(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("must be '1' (yes) or '0' (no)")
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
