"""Which files of a repository a server needs: the weights once, in the best format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

VERSION = 1
"""Raised when the same repository would be selected differently."""

SAFETENSORS = frozenset({".safetensors"})
PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
FOREIGN = frozenset(
    {".h5", ".msgpack", ".onnx", ".onnx_data", ".gguf", ".ggml", ".ot", ".tflite", ".mlmodel"}
    | {".mlpackage", ".pb", ".tar", ".gz", ".zip"}
)
# Folders that hold the same weights once more, for another framework.
_TWINS = frozenset({"onnx", "openvino", "coreml", "original", "metal", "gguf", "runs"})
_HOUSEKEEPING = re.compile(
    r"(^|/)(\.git|\.cache|\.huggingface|__pycache__|\.ipynb_checkpoints)(/|$)"
)
_NEVER = re.compile(
    r"(^|/)(\.gitattributes|\.gitignore|\.DS_Store|training_args\.bin|optimizer\.(bin|pt)"
    r"|scheduler\.pt|rng_state.*\.pth|openvino_model.*)$"
)


class Sized(Protocol):
    """A file, wherever it is."""

    @property
    def path(self) -> str:
        """Path below the model's root."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...


S = TypeVar("S", bound=Sized)


def select(files: Sequence[S], allow: Sequence[str] = (), ignore: Sequence[str] = ()) -> list[S]:
    """Return the files to stage, sorted by path.

    Args:
        files: All files of the repository.
        allow: Patterns such as ``*.json``; with any, matching files are taken in any format.
            None takes what a PyTorch server needs.
        ignore: Patterns of files that are left out in any case. None leaves out nothing more.
    """
    kept = [file for file in files if not _HOUSEKEEPING.search(file.path)]
    kept = [file for file in kept if not _matches(file.path, ignore)]
    if allow:
        chosen = [file for file in kept if _matches(file.path, allow)]
    else:
        chosen = _one_format([file for file in kept if not _is_left_out(file.path)])
    return sorted(chosen, key=lambda file: file.path)


def is_weights(path: str) -> bool:
    """Whether a file's name says that it holds weights that a PyTorch server loads."""
    return PurePosixPath(path).suffix in SAFETENSORS | PICKLES


def _is_left_out(path: str) -> bool:
    pure = PurePosixPath(path)
    return (
        pure.suffix in FOREIGN or bool(_TWINS & set(pure.parts[:-1])) or bool(_NEVER.search(path))
    )


def _one_format(files: Sequence[S]) -> list[S]:
    # By folder: a part of a pipeline may have only pickled weights beside safetensors elsewhere.
    safe = {_folder(f.path) for f in files if PurePosixPath(f.path).suffix in SAFETENSORS}
    whole = {_folder(f.path) for f in files if _is_transformers_weights(f.path)}
    return [
        file
        for file in files
        if not (_folder(file.path) in safe and _is_pickle(file.path))
        and not (_folder(file.path) in whole and _is_consolidated(file.path))
    ]


def _is_pickle(path: str) -> bool:
    return PurePosixPath(path).suffix in PICKLES or path.endswith(".bin.index.json")


def _is_transformers_weights(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.startswith("model") and name.endswith(".safetensors")


def _is_consolidated(path: str) -> bool:
    name = PurePosixPath(path).name
    return name.startswith("consolidated") and name.endswith((".safetensors", ".index.json"))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _matches(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, _whole_folder(pattern)) for pattern in patterns)


def _whole_folder(pattern: str) -> str:
    return f"{pattern}*" if pattern.endswith("/") else pattern
