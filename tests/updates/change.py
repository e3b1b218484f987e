"""One change of one argument: the app before, the app after, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import Stack

Does = frozenset[str]
NOTHING: Does = frozenset()
ENDPOINT: Does = frozenset({"Endpoint in place"})
NEW_CONFIGURATION: Does = ENDPOINT | {"EndpointConfig replaced"}
NEW_MODEL: Does = NEW_CONFIGURATION | {"Model replaced"}
NEW_ENDPOINT: Does = frozenset({"Endpoint replaced"})
RIGHTS: Does = frozenset({"Policy replaced"})
"""Other rights of the endpoint's role: another policy, so that the old one stays meanwhile."""


@dataclass(frozen=True)
class In:
    """A value that is made in the stack it is used in, such as an imported key."""

    make: Callable[[Stack], Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """What changing one argument does.

    Args:
        of: Whose argument: a class, or ``Class.method``.
        argument: Its name.
        before: What is given before, of this and other arguments. Default: nothing.
        after: What is given after.
        does: What becomes of the resources, each as type and effect: ``"Model replaced"``.
        means: The same for a reader, as one sentence without a full stop.
        note: Tells two changes of one argument apart. Default: there is one.
        danger: Whether callers, data or a working deployment may be lost. Default: no.
        agnostic: Whether the stack has no Region. Default: it has one.
    """

    of: str
    argument: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any]
    does: Does
    means: str
    note: str = ""
    danger: bool = False
    agnostic: bool = False

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.of}({self.argument})", self.note)))


def each_of(
    of: str | Iterable[str],
    changes: Mapping[str, Any],
    *,
    does: Does,
    means: str,
    others: Mapping[str, Any] | None = None,
    note: str = "",
    danger: bool = False,
) -> list[Change]:
    """Return one change for each argument, from its default, where all do the same.

    Args:
        of: Whose arguments; several have them in common.
        changes: What each argument is changed to.
        does: As in :class:`Change`.
        means: As in :class:`Change`.
        others: What else is given, before and after.
        note: As in :class:`Change`.
        danger: As in :class:`Change`.
    """
    owners = [of] if isinstance(of, str) else of
    common = others or {}
    return [
        Change(
            of=owner,
            argument=argument,
            before=common,
            after={**common, argument: value},
            does=does,
            means=means,
            note=note,
            danger=danger,
        )
        for owner in owners
        for argument, value in changes.items()
    ]


def given(stack: Stack, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Make what is to be made in the stack."""
    return {
        name: value.make(stack) if isinstance(value, In) else value
        for name, value in arguments.items()
    }
