"""The verbs of the command, and what their users write."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from typer.main import get_command

from sagemaker_model.cli.main import app

PROGRAM = "sagemaker-model"
_COMMAND = re.compile(rf'^(?:\$ )?(?:eval "\$\()?{PROGRAM}\b(?P<arguments>[^\n]*)$', re.MULTILINE)
_CONTINUED = re.compile(r"\\\n\s*")
_ENDS = frozenset({"|", "&&", ";", ">", ")"})

# Typer brings the classes of its commands along, and they have no public names.
Command = Any
ROOT: Command = get_command(app)


def walk(command: Command = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Command]]:
    """Yield each verb with its command."""
    if hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from walk(each, (*path, name))
    else:
        yield " ".join(path), command


VERBS = dict(walk())


def written(text: str) -> list[list[str]]:
    """Return the arguments of each use of the command in a text, one to a line."""
    text = _CONTINUED.sub(" ", text)
    return [[*_words(match["arguments"])] for match in _COMMAND.finditer(text)]


def _words(line: str) -> Iterator[str]:
    lexer = shlex.shlex(line.removesuffix(')"'), posix=True, punctuation_chars="|&;>")
    lexer.whitespace_split = True
    for word in lexer:
        if word in _ENDS:
            return
        yield word


def parsed(arguments: Sequence[str]) -> str:
    """Return the verb that arguments name, when it takes the rest of them.

    Raises:
        Exception: It does not.
    """
    command, path, rest = ROOT, [], [*arguments]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        command = command.commands[rest[0]]
        path.append(rest.pop(0))
    if not hasattr(command, "commands"):
        command.make_context(PROGRAM, rest)
    return " ".join(path)
