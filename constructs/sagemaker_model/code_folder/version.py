"""Say whether a version specifier of a requirement admits a released version.

The specifiers are those of "Version specifiers" in the Python packaging user guide. What they are
compared with is always a final release, as images carry no other: that keeps this small.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

_VERSION = re.compile(
    r"v?((?P<epoch>\d+)!)?(?P<release>\d+(\.\d+)*)"
    r"(?P<pre>[-_.]?(alpha|a|beta|b|preview|pre|c|rc)([-_.]?\d+)?)?"
    r"(?P<post>-\d+|[-_.]?(post|rev|r)([-_.]?\d+)?)?"
    r"(?P<dev>[-_.]?dev([-_.]?\d+)?)?"
    r"(?P<local>\+[a-z0-9]+([-_.][a-z0-9]+)*)?",
    re.IGNORECASE | re.ASCII,
)
_SPECIFIER = re.compile(r"(?P<operator>===|~=|==|!=|<=|>=|<|>)\s*(?P<version>[^\s,;()]+)")
_COMPARED: dict[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_EQUALITY = frozenset({"==", "!="})


@dataclass(frozen=True, slots=True)
class Specifier:
    """One condition on a version.

    Args:
        operator: Such as ``">="``.
        version: What to compare with, such as ``"2.6.0"`` or ``"2.6.*"``.

    Raises:
        ValueError: pip reads no such condition.
    """

    operator: str
    version: str

    def __post_init__(self) -> None:
        if self.operator != "===" and not self._is_well_formed():
            raise ValueError(f"{str(self)!r} is no version specifier")

    def __str__(self) -> str:
        return f"{self.operator}{self.version}"

    def admits(self, released: str) -> bool:
        """Say whether a final release fulfils the condition; a local part (``+cu124``) is ignored.

        Args:
            released: The release, numbers joined by dots.

        >>> Specifier("~=", "2.6.0").admits("2.6.1"), Specifier("<", "2.6").admits("2.6.0")
        (True, False)
        """
        if self.operator == "===":
            return self.version.lower() == released
        found, wanted = _parse(released), _parse(self.version.removesuffix(".*"))
        if self.version.endswith(".*"):
            return found.begins_with(wanted, len(wanted.release)) == (self.operator == "==")
        if self.operator == "~=":
            alike = found.begins_with(wanted, len(wanted.release) - 1)
            return alike and found.key >= wanted.key
        return _COMPARED[self.operator](found.key, wanted.key)

    def _is_well_formed(self) -> bool:
        match = _VERSION.fullmatch(self.version.removesuffix(".*"))
        if not match:
            return False
        if self.version.endswith(".*"):
            more = match["pre"] or match["post"] or match["dev"] or match["local"]
            return self.operator in _EQUALITY and not more
        if match["local"]:
            return self.operator in _EQUALITY
        return self.operator != "~=" or "." in match["release"]


def read_specifiers(text: str) -> tuple[Specifier, ...]:
    """Read conditions joined by commas.

    Raises:
        ValueError: pip reads no such conditions.

    >>> [str(specifier) for specifier in read_specifiers(">=2.1, <3")]
    ['>=2.1', '<3']
    """
    if not text.strip():
        return ()
    *parts, last = text.strip().split(",")
    # pip takes one comma at the end.
    return tuple(_read(part.strip()) for part in (parts if parts and not last else [*parts, last]))


@dataclass(frozen=True, slots=True)
class _Version:
    epoch: int
    release: tuple[int, ...]
    phase: int  # -1 before the final release, 1 after it

    @property
    def key(self) -> tuple[int, tuple[int, ...], int]:
        end = len(self.release)
        while end and self.release[end - 1] == 0:
            end -= 1
        return self.epoch, self.release[:end], self.phase

    def begins_with(self, other: _Version, length: int) -> bool:
        padded = self.release + (0,) * length
        return self.epoch == other.epoch and padded[:length] == other.release[:length]


def _read(text: str) -> Specifier:
    match = _SPECIFIER.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no version specifier")
    return Specifier(match["operator"], match["version"])


def _parse(version: str) -> _Version:
    match = _VERSION.fullmatch(version)
    if not match:
        raise ValueError(f"{version!r} is no version")
    early = match["pre"] or (match["dev"] and not match["post"])
    return _Version(
        epoch=int(match["epoch"] or 0),
        release=tuple(int(number) for number in match["release"].split(".")),
        phase=-1 if early else int(bool(match["post"])),
    )
