"""Synthesize an app as the CDK CLI does, and learn what was found in it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sagemaker_model.cdk_cli import find_cdk_cli, must_have_cdk_json
from sagemaker_model.checks.recording import VARIABLE, Recorded, read
from sagemaker_model.local.programs import search_path


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What became of synthesizing an app.

    Args:
        worked: Whether there is an assembly.
        output: What the app and the CDK CLI wrote.
        assembly: Folder of the assembly, for as long as the context lasts.
        findings: What was found, in the order of the construct tree.
    """

    worked: bool
    output: str
    assembly: Path
    findings: tuple[Recorded, ...]


@contextmanager
def synthesized(
    folder: Path, *, app: str | None = None, context: Sequence[str] = (), copy_assets: bool = True
) -> Iterator[Synthesis]:
    """Synthesize the app of a folder into a temporary one.

    Args:
        folder: The app's folder.
        app: Command that runs it. Default: what ``cdk.json`` says.
        context: Values of the context, each as ``key=value``. Default: none.
        copy_assets: Whether the assembly has copies of the app's folders; without them it names the
            folders themselves. Default: it has.

    Raises:
        ValueError: The folder has no ``cdk.json`` although *app* is not given, or holds an
            assembly; or the CDK CLI is not installed.
    """
    if (folder / "manifest.json").is_file():
        raise ValueError(
            f"{folder} is a synthesized app, and what is an error is never synthesized; give the "
            "folder of the app itself"
        )
    if app is None:
        must_have_cdk_json(folder)
    command = [find_cdk_cli(folder), "synth", "--quiet"]
    command += ["--app", app] if app else []
    command += [part for each in context for part in ("--context", each)]
    command += [] if copy_assets else ["--no-staging"]
    with tempfile.TemporaryDirectory() as made:
        assembly, file = Path(made, "cdk.out"), Path(made, "findings.jsonl")
        done = subprocess.run(  # noqa: S603 - the CDK CLI, with the user's own arguments
            [*command, "--output", str(assembly)],
            cwd=folder,
            env={**os.environ, "PATH": search_path(), VARIABLE: str(file)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        yield Synthesis(done.returncode == 0, done.stdout, assembly, tuple(read(file)))
