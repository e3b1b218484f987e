"""Makes tiny wheels, so that pip can be tested without an index."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path


def make_wheel(
    folder: Path, name: str, version: str = "1.0", *, tag: str = "py3-none-any", needs: str = ""
) -> Path:
    """Write a wheel of one module that knows its version (PEP 427), and return its path.

    Args:
        folder: Where.
        name: Name of distribution and module.
        version: Its version.
        tag: What it runs on.
        needs: A requirement of its own; empty for none.
    """
    info = f"{name}-{version}.dist-info"
    requires = f"Requires-Dist: {needs}\n" if needs else ""
    contents = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{info}/RECORD": "",
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in contents.items():
            wheel.writestr(zipfile.ZipInfo(member), text)
    return path


def pin(wheel: Path) -> str:
    """Return the line of a requirements file that takes just this wheel."""
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
