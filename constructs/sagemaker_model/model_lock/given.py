"""The lock that a user gives, by argument or by context."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.lock_file import read_lock

LOCK_KEY = "sagemaker-model:lock"
"""Context key of the lock file's path."""
GivenLock: TypeAlias = ModelLock | str | Path


def given_lock(lock: GivenLock | None, in_context: object) -> ModelLock | None:
    """Return the lock of an argument, else that of the context; None where neither is given.

    Paths are relative to the current folder, which is that of cdk.json where the CDK CLI runs
    the app.

    Args:
        lock: The argument.
        in_context: The context's value; None where it has none. Here and as the argument, an
            empty text takes the lock away.

    Raises:
        TypeError: What is given is neither a lock nor a path.
        LockFileError: There is no such file, or it is wrong.
    """
    given, name = (
        (lock, "lock") if lock is not None else (in_context, f"the context key {LOCK_KEY}")
    )
    if isinstance(given, ModelLock):
        return given
    if given is None or given == "":
        return None
    if not isinstance(given, str | Path):
        raise TypeError(f"{name} must be the path of a lock file or a ModelLock, got {given!r}")
    path = Path(given)
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return _read(path.absolute(), str(path), changed)


@lru_cache(maxsize=8)
def _read(path: Path, shown: str, changed: int) -> ModelLock:  # noqa: ARG001 - keys of the cache
    """Read a file once for all the models of an app, and again only when it has changed."""
    return read_lock(shown)
