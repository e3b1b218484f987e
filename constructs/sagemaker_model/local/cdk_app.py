"""The user's own CDK app, and the CDK CLI that deploys it to a local AWS."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sagemaker_model.cdk_cli import find_cdk_cli, must_have_cdk_json
from sagemaker_model.local.assembly import StackOf, assembly_of, stacks_in
from sagemaker_model.local.programs import search_path
from sagemaker_model.local.record import Record
from sagemaker_model.local.variables import variables, without_credentials


@dataclass(frozen=True)
class CdkApp:
    """A CDK app that is deployed to a local AWS.

    Args:
        folder: Folder with its ``cdk.json``.
        record: The local AWS.
        cdk: The command that is the CDK CLI.
    """

    folder: Path
    record: Record
    cdk: tuple[str, ...]

    @classmethod
    def find(cls, folder: Path, record: Record) -> CdkApp:
        """Find the app of a folder, and the CDK CLI.

        Args:
            folder: Folder that has ``cdk.json``, as the CDK CLI wants it.
            record: The local AWS.

        Raises:
            ValueError: There is no ``cdk.json``, or no CDK CLI.
        """
        must_have_cdk_json(folder)
        return cls(folder, record, (find_cdk_cli(folder),))

    @property
    def assembly(self) -> Path:
        """The folder that the app is synthesized to."""
        return assembly_of(self.record.state)

    def synth(self, arguments: Sequence[str] = ()) -> list[str]:
        """Return the command that synthesizes the app.

        Args:
            arguments: Of the command line: those that set context are passed on. Default: none.
        """
        context = _context(arguments)
        return [*self.cdk, "synth", "--quiet", "--output", str(self.assembly), *context]

    def bootstrap(self, region: str) -> list[str]:
        """Return the command that prepares a Region for CDK."""
        environment = f"aws://{self.record.account}/{region}"
        return [*self.cdk, "bootstrap", environment, "--app", str(self.assembly)]

    def deploy(self, stacks: Sequence[str], arguments: Sequence[str] = ()) -> list[str]:
        """Return the command that deploys what was synthesized.

        Args:
            stacks: Names of stacks; none means all.
            arguments: More arguments of ``cdk deploy``. Default: none.
        """
        fixed = ["--require-approval", "never", "--progress", "events", "--concurrency", "4"]
        return [*self._of_the_assembly("deploy", stacks), *fixed, *arguments]

    def destroy(self, stacks: Sequence[str]) -> list[str]:
        """Return the command that destroys stacks; none means all."""
        return [*self._of_the_assembly("destroy", stacks), "--force"]

    def stacks(self) -> list[StackOf]:
        """Return the stacks of the synthesized app, in the order of its manifest."""
        return stacks_in(self.assembly, self.record.region)

    def run(self, command: Sequence[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Run a command of the CDK CLI against the local AWS.

        Args:
            command: One of those above.
            output: File that it writes to.
        """
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**without_credentials(), "PATH": search_path(), **variables(self.record)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def _of_the_assembly(self, verb: str, stacks: Sequence[str]) -> list[str]:
        return [*self.cdk, verb, *(stacks or ["--all"]), "--app", str(self.assembly)]


def _context(arguments: Sequence[str]) -> list[str]:
    """Return the arguments that set context.

    >>> _context(["-c", "a=1", "--hotswap", "--context=b=2"])
    ['-c', 'a=1', '--context=b=2']
    """
    kept = []
    given = iter(arguments)
    for argument in given:
        if argument in {"-c", "--context"}:
            kept += [argument, next(given, "")]
        elif argument.startswith("--context="):
            kept.append(argument)
    return kept
