"""A user's CDK app, deployed by the real CDK CLI to a local AWS."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from local.live import ROOT, LocalAws
from sagemaker_model.local.programs import search_path
from sagemaker_model.local.variables import variables, without_credentials

CDK = ROOT / "node_modules" / ".bin" / "cdk"


def bootstrap(aws: LocalAws, folder: Path) -> None:
    """Prepare an account and Region of a local AWS for CDK.

    Args:
        aws: The account and Region.
        folder: Folder of no app, for the log.
    """
    log = folder / f"bootstrap-{aws.record.account}-{aws.region}.log"
    command = ["bootstrap", f"aws://{aws.record.account}/{aws.region}"]
    with log.open("wb") as output, start_cdk(command, folder, aws, output) as process:
        code = process.wait(timeout=120)
    assert code == 0, log.read_text(encoding="utf-8")


def start_cdk(
    command: Sequence[str], folder: Path, aws: LocalAws, output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a command of the CDK CLI."""
    told = {**variables(aws.record), "AWS_REGION": aws.region}
    return subprocess.Popen(
        [CDK, *command],
        cwd=folder,
        env={**without_credentials(), "PATH": search_path(), **told},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )


@dataclass(frozen=True)
class Result:
    """What came of a command: its exit code, and all that it printed."""

    code: int
    output: str

    def succeed(self) -> Result:
        assert self.code == 0, self.output
        return self

    def fail(self) -> Result:
        assert self.code != 0, self.output
        return self


class Running:
    """A command that runs."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    def wait(self, seconds: float = 300) -> Result:
        code = self.process.wait(timeout=seconds)
        return Result(code, self._log.read_text(encoding="utf-8"))


class Project:
    """A copy of an app in a folder of its own.

    Args:
        app: Folder of the app, or its only file.
        folder: Folder that the copy is made in.
        aws: The local AWS that it is deployed to.
    """

    def __init__(self, app: Path, folder: Path, aws: LocalAws) -> None:
        self.folder, self.aws = folder / "project", aws
        self._commands = 0
        if app.is_dir():
            shutil.copytree(app, self.folder)
        else:
            self.folder.mkdir(parents=True)
            shutil.copy(app, self.folder / "app.py")
        self.write({})

    def write(self, context: Mapping[str, Any]) -> None:
        """Write the app's ``cdk.json``."""
        told = {"app": f"{sys.executable} app.py", "context": context}
        (self.folder / "cdk.json").write_text(json.dumps(told), encoding="utf-8")

    def deploy(self, *stacks: str, arguments: Sequence[str] = ()) -> Result:
        """Deploy stacks, or all, and return what came of it."""
        with self.deploying(*stacks, arguments=arguments) as running:
            return running.wait()

    @contextmanager
    def deploying(self, *stacks: str, arguments: Sequence[str] = ()) -> Iterator[Running]:
        """Begin to deploy stacks, or all."""
        command = ["deploy", *(stacks or ["--all"]), "--require-approval", "never"]
        # As many at once as there are: with fewer, one that fails keeps others from their turn.
        command += ["--progress", "events", "--concurrency", "20", *arguments]
        with self.running(*command) as running:
            yield running

    def destroy(self, *stacks: str) -> Result:
        command = ["destroy", *(stacks or ["--all"]), "--force"]
        return self.run(*command, "--concurrency", "20")

    def run(self, *command: str) -> Result:
        with self.running(*command) as running:
            return running.wait()

    @contextmanager
    def running(self, *command: str) -> Iterator[Running]:
        """Begin a command of the CDK CLI; it does not outlive the block."""
        self._commands += 1
        log = self.folder.parent / f"{self._commands}-{command[0]}.log"
        with log.open("wb") as output, start_cdk(command, self.folder, self.aws, output) as process:
            try:
                yield Running(process, log)
            finally:
                process.kill()
