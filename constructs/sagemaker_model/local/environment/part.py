"""One thing that is downloaded once: kept under the digest of what it is made from."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CACHE = "SAGEMAKER_MODEL_CACHE"
_COMPLETE = ".complete"


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that parts are kept in.

    Args:
        environment: Variables; ``SAGEMAKER_MODEL_CACHE`` names the folder. Default: those of this
            process, and without the variable the platform's cache folder.
    """
    if named := environment.get(CACHE):
        return Path(named).absolute()
    from platformdirs import user_cache_path

    return user_cache_path("cdk-sagemaker-model")


@dataclass(frozen=True)
class Part:
    """One thing that is downloaded once.

    Args:
        name: First word of its folder's name.
        what: What it holds, for people.
        megabytes: How much is downloaded for it, measured on Linux with CPU builds.
        sources: Files that it is made from: other contents make another folder.
        install: Fills the folder that it is given, which exists already; what it raises leaves
            the part unprepared.
    """

    name: str
    what: str
    megabytes: int
    sources: tuple[Path, ...]
    install: Callable[[Path], None]

    def folder(self, cache: Path) -> Path:
        """Return where it lies in the cache, whether or not it is there yet."""
        digest = hashlib.sha256()
        # Compiled packages fit one minor version of one installed Python on one platform.
        python = (*sys.version_info[:2], sys.base_prefix)
        digest.update(repr((python, sys.platform, platform.machine())).encode())
        for source in self.sources:
            digest.update(source.read_bytes())
        return cache / f"{self.name}-{digest.hexdigest()[:16]}"

    def is_prepared(self, cache: Path) -> bool:
        """Tell whether it is there and whole."""
        return (self.folder(cache) / _COMPLETE).is_file()

    def prepare(self, cache: Path) -> Path:
        """Make it where it is not there yet; whoever else makes it meanwhile is waited for.

        Args:
            cache: Folder of all parts.

        Returns:
            The part's folder, whole.
        """
        folder = self.folder(cache)
        with _locked(folder.with_suffix(".lock")):
            if not self.is_prepared(cache):
                # Environments hold their own path, so they can't be made elsewhere and moved.
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                self.install(folder)
                (folder / _COMPLETE).touch()
        return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
