"""What a build prints, line by line, to where it is kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from .failures import PhaseError

HIDDEN = "***"
"""Stands for each secret value: "Data protection in AWS CodeBuild" lists what its logs hide."""

# One PutLogEvents takes 10,000 events, so many lines can't be in a chunk.
_CHUNK = 16384
Sink = Callable[[Sequence[str]], None]


class BuildLog:
    """Takes output through a pipe and hands it on, as it comes, without its secrets.

    Args:
        sinks: Take lines, none of which is empty; they are called by one thread.
        last_words: Seconds to wait for the end of the output: a process that left the build's group
            may hold it open for good. Default: 5.
    """

    def __init__(self, *sinks: Sink, last_words: float = 5.0) -> None:
        self._last_words = last_words
        self._sinks = sinks
        self._secrets: tuple[str, ...] = ()
        self._read, self.output = os.pipe()
        self._thread = threading.Thread(target=self._pump, name="build-log", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def hide(self, secrets: Iterable[str]) -> None:
        """Show these values no more, nor any line of one that has several.

        Args:
            secrets: The values.
        """
        lines = {line.strip() for secret in secrets for line in secret.splitlines()}
        # The longest first: one may be part of another.
        self._secrets = tuple(sorted(filter(None, lines), key=len, reverse=True))

    def say(self, text: str) -> None:
        """Write a line of CodeBuild's own.

        Args:
            text: The line, without the time.
        """
        now = datetime.now(UTC).strftime("%Y/%m/%d %H:%M:%S.%f")
        os.write(self.output, f"[Container] {now} {text}\n".encode())

    def end_of_phase(self, phase: str, failure: PhaseError | None) -> None:
        """Write what became of a phase.

        Args:
            phase: Its type, for example ``BUILD``.
            failure: Why it failed; None where it succeeded.
        """
        state, code, message = (
            (failure.status, failure.code, failure.message) if failure else ("SUCCEEDED", "", "")
        )
        self.say(f"Phase complete: {phase} State: {state}")
        self.say(f"Phase context status code: {code} Message: {message}")

    def close(self) -> None:
        """Hand on what was printed, and take no more."""
        if self.output >= 0:
            os.close(self.output)
            self.output = -1
            self._thread.join(self._last_words)

    def _pump(self) -> None:
        rest = b""
        while part := os.read(self._read, _CHUNK):
            *lines, rest = (rest + part).split(b"\n")
            self._hand_on(lines)
        self._hand_on([rest])
        os.close(self._read)

    def _hand_on(self, lines: Iterable[bytes]) -> None:
        texts = (line.decode(errors="replace").rstrip() for line in lines)
        shown = [self._without_secrets(text) for text in texts if text]
        if shown:
            for sink in self._sinks:
                sink(shown)

    def _without_secrets(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text
