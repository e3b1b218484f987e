"""The place where one build runs: its folders, its Python, and what it sees of this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_KEPT = frozenset({"PATH", "LANG", "LANGUAGE", "TZ"})
_KEPT_BEGINNINGS = ("LC_", "PIP_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_LOOPBACK = "127.0.0.1,localhost"

# Runs in the Python that builds get: an environment of the build's own, in which the packages of
# that Python are found after the build's. Nothing that a build installs reaches another one.
_MAKE_PYTHON = """\
import importlib.util, pathlib, site, sys, venv
folder = pathlib.Path(sys.argv[1])
venv.create(folder, symlinks=True, with_pip=importlib.util.find_spec("pip") is None)
for own in folder.glob("lib/python*/site-packages"):
    lines = [f"import site; site.addsitedir({found!r})" for found in site.getsitepackages()]
    (own / "image.pth").write_text("\\n".join(lines))
"""
_PIP = '#!/bin/sh\nexec "{python}" -m pip "$@"\n'


@dataclass(frozen=True)
class Workspace:
    """The folders of one build.

    Args:
        root: Folder that holds them all; the build's own.
    """

    root: Path

    @property
    def home(self) -> Path:
        """Home folder of the build's user."""
        return self.root / "home"

    @property
    def scratch(self) -> Path:
        """Folder of files that make the build work."""
        return self.root / "scratch"

    @property
    def temporary(self) -> Path:
        """Folder for temporary files of commands."""
        return self.root / "tmp"

    @property
    def bin(self) -> Path:
        """Folder of the programs that the build has to itself."""
        return self.root / "python" / "bin"

    def source(self, name: str) -> Path:
        """Return the folder of a source.

        Args:
            name: Its identifier; empty for the primary source.
        """
        return self.root / (f"source-{name}" if name else "source")

    def make(self, python: Path | None) -> None:
        """Make the folders, and a Python of the build's own.

        It takes a tenth of a second: packages are not copied but found where *python* has them, so
        that installing what is there already only checks versions.

        Args:
            python: Interpreter that has the packages which a build finds. Default: this one.

        Raises:
            subprocess.CalledProcessError: The interpreter can't make an environment.
        """
        for folder in (self.home, self.scratch, self.temporary):
            folder.mkdir(parents=True)
        interpreter = str(python or sys.executable)
        subprocess.run(
            [interpreter, "-I", "-c", _MAKE_PYTHON, str(self.bin.parent)],
            check=True,
            capture_output=True,
            env={},
        )
        for name in ("pip", "pip3"):
            program = self.bin / name
            program.write_text(_PIP.format(python=self.bin / "python"))
            program.chmod(0o755)

    def remove(self) -> None:
        """Remove all of it, as CodeBuild throws its machines away."""
        shutil.rmtree(self.root, ignore_errors=True)

    def environment(self, host: Mapping[str, str]) -> dict[str, str]:
        """Return the variables that a build has before any is given to it.

        Args:
            host: Variables of this machine; only those about the path of programs, the language,
                proxies and pip are seen.
        """
        seen = {name: value for name, value in host.items() if _is_seen(name)}
        config = Path(host.get("HOME", "/")) / ".config" / "pip" / "pip.conf"
        if config.is_file():
            seen.setdefault("PIP_CONFIG_FILE", str(config))
        return {
            "PIP_CACHE_DIR": str(self.root.parent / "pip-cache"),
            **seen,
            "PATH": f"{self.bin}:{seen.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
        }


def reach_loopback(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with this machine's own services reached without a proxy.

    Args:
        environment: Variables of a build.
    """
    if not any(name.upper() in _PROXIES for name in environment):
        return dict(environment)
    upper, lower = environment.get("NO_PROXY"), environment.get("no_proxy")
    # Some programs read one of them, some the other.
    direct = {"NO_PROXY": upper or lower, "no_proxy": lower or upper}
    joined = {name: ",".join(filter(None, (told, _LOOPBACK))) for name, told in direct.items()}
    return {**environment, **joined}


def _is_seen(name: str) -> bool:
    return name in _KEPT or name.startswith(_KEPT_BEGINNINGS) or name.upper() in _PROXIES
