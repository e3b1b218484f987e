"""The four phases of a buildspec, run in one shell.

Source: "Build phase transitions",
https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html: a failure
ends the build, except that ``post_build`` follows ``build`` in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from .buildspec import PHASES, Buildspec, Phase
from .failures import PhaseError
from .log import BuildLog
from .record import Progress


class Runs(Protocol):
    """A shell."""

    def run(self, command: str) -> int:
        """Run a command and return its exit code.

        Args:
            command: One or more lines.
        """
        ...


class Phases:
    """Runs the commands of a buildspec.

    Args:
        shell: Runs commands.
        progress: Takes down how each phase went.
        log: Takes what is told of phases and commands.
        check: Raises where the build is to end.
    """

    def __init__(
        self,
        shell: Runs,
        progress: Progress,
        log: BuildLog,
        check: Callable[[], None],
    ) -> None:
        self._shell = shell
        self._progress = progress
        self._log = log
        self._check = check

    def run(self, spec: Buildspec) -> bool:
        """Run the phases, and return whether none failed.

        Args:
            spec: The buildspec.

        Raises:
            PhaseError: The build was stopped, or its time is up.
        """
        succeeding = True
        for name in PHASES:
            phase = spec.phases[name]
            self._shell.run(f"export CODEBUILD_BUILD_SUCCEEDING={int(succeeding)}")
            failure = self._run_phase(name.upper(), phase)
            succeeding = succeeding and failure is None
            if failure is not None and not _goes_on(name, phase):
                break
        return succeeding

    def _run_phase(self, name: str, phase: Phase) -> PhaseError | None:
        self._progress.enter(name)
        self._log.say(f"Entering phase {name}")
        try:
            failure = self._run_commands(phase.commands)
            last = self._run_commands(phase.finally_)
        except PhaseError as end:
            self._leave(name, end)
            raise
        self._leave(name, failure or last)
        return failure or last

    def _run_commands(self, commands: Iterable[str]) -> PhaseError | None:
        for command in commands:
            self._check()
            told = command.rstrip("\n")
            self._log.say(f"Running command {told}")
            code = self._shell.run(command)
            self._check()
            if code:
                self._log.say(f"Command did not exit successfully {told} exit status {code}")
                return PhaseError(
                    "COMMAND_EXECUTION_ERROR",
                    f"Error while executing command: {told}. Reason: exit status {code}",
                )
        return None

    def _leave(self, name: str, failure: PhaseError | None) -> None:
        self._progress.leave(failure)
        self._log.end_of_phase(name, failure)


def _goes_on(name: str, phase: Phase) -> bool:
    if phase.on_failure is None:
        return name == "build"
    return phase.on_failure == "CONTINUE"
