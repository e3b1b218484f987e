"""How files lie in an archive: a pure function of their names and sizes."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from model_builder.model import MIB
from model_builder.plan import PlannedFile

BLOCK = 4 * MIB
"""Bytes that are compressed on their own; raising it changes every archive's bytes."""
RECORD = 512
"""Bytes that a tar archive counts in (POSIX.1-2017, pax, "ustar Interchange Format")."""
_END = bytes(2 * RECORD)


@dataclass(frozen=True, slots=True)
class Literal:
    """Bytes that are known beforehand: headers and padding."""

    data: bytes

    @property
    def size(self) -> int:
        """How many bytes."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of a file's bytes.

    Args:
        file: The file.
        start: First byte.
        size: How many bytes.
    """

    file: PlannedFile
    start: int
    size: int


Piece = Literal | Slice


@dataclass(frozen=True, slots=True)
class Block:
    """A run of the archive's bytes that is compressed on its own.

    Args:
        pieces: What it is made of, in order.
        ends_models: Whether the models' files end with it.
    """

    pieces: tuple[Piece, ...]
    ends_models: bool = False

    @property
    def size(self) -> int:
        """Bytes before compression."""
        return sum(piece.size for piece in self.pieces)


def blocks(files: Sequence[PlannedFile], *, ends: bool = True) -> Iterator[Block]:
    """Lay out an archive: models' files first, then code, each part in blocks of its own.

    The models' blocks depend on nothing behind them, so an archive with other code begins with
    the same bytes.

    Args:
        files: What is packed.
        ends: Whether the archive ends with these. Default: it does.
    """
    models = [file for file in files if file.model_id is not None]
    code = [file for file in files if file.model_id is None]
    pending: tuple[Piece, ...] = ()
    for pieces in _cut(_pieces(models), BLOCK):
        if pending:
            yield Block(pending)
        pending = pieces
    if pending:
        yield Block(pending, ends_models=True)
    for pieces in _cut(chain(_pieces(code), [Literal(_END if ends else b"")]), BLOCK):
        yield Block(pieces)


def header(path: str, size: int) -> bytes:
    """Return a member's header: the same owner, mode and time for all."""
    member = tarfile.TarInfo(path)
    member.size = size
    member.mode = 0o644
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _pieces(files: Iterable[PlannedFile]) -> Iterator[Piece]:
    for file in files:
        yield Literal(header(file.path, file.size))
        yield Slice(file, 0, file.size)
        yield Literal(bytes(-file.size % RECORD))


def _cut(pieces: Iterable[Piece], size: int) -> Iterator[tuple[Piece, ...]]:
    block: list[Piece] = []
    room = size
    for piece in pieces:
        start = 0
        while start < piece.size:
            taken = min(room, piece.size - start)
            block.append(_part(piece, start, taken))
            start, room = start + taken, room - taken
            if not room:
                yield tuple(block)
                block, room = [], size
        if not piece.size and isinstance(piece, Slice):
            block.append(piece)
    if block:
        yield tuple(block)


def _part(piece: Piece, start: int, size: int) -> Piece:
    if isinstance(piece, Slice):
        return Slice(piece.file, piece.start + start, size)
    return Literal(piece.data[start : start + size])
