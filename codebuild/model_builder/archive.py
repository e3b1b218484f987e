"""Stages files as one ``model.tar.gz``, streamed: nothing of it ever lies on a disk."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol
from urllib.parse import quote

from isal.isal_zlib import crc32

from model_builder.archive_layout import BLOCK, Block, Literal, Slice, blocks
from model_builder.digest import CorruptedError, Digest
from model_builder.gzip_stream import HEADER, deflate, most_compressed, trailer
from model_builder.manifest import Head
from model_builder.pipeline import Gate, Pipeline, Turns
from model_builder.plan import ARCHIVE, ArchiveHead, Plan, PlannedFile, part_size_for
from model_builder.prefix import ROUNDS
from model_builder.progress import Progress
from model_builder.sources import Read
from model_builder.store import Store
from model_builder.upload import Upload

log = logging.getLogger(__name__)


class ReadObject(Protocol):
    """Fills a view with an object's bytes from a start on."""

    def __call__(self, key: str, etag: str, start: int, view: memoryview) -> None:
        """Read as many bytes as *view* takes."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished archive.

    Args:
        size: Bytes.
        sha256: Digest.
        members: SHA-256 of each file inside that passed, by path.
        head: Where the models' files end; None without any.
    """

    size: int
    sha256: str
    members: dict[str, str]
    head: Head | None


class ArchiveWriter:
    """Packs files and uploads the archive while it grows.

    Args:
        store: The bucket.
        read: Reads files' bytes.
        read_object: Reads the beginning of an earlier archive.
        connections: Blocks under way at a time.
        room: Bytes that those may take together.
        progress: Told of each block.
    """

    def __init__(
        self,
        store: Store,
        read: Read,
        read_object: ReadObject,
        *,
        connections: int,
        room: int,
        progress: Progress,
    ) -> None:
        self._store = store
        self._read = read
        self._read_object = read_object
        self._connections = connections
        self._room = room
        self._progress = progress

    def write(self, plan: Plan) -> Packed:
        """Write the archive of a plan's files.

        Raises:
            StagingError: one of them could not be had, or not whole; no archive appears.
        """
        for _ in range(ROUNDS - 1):
            try:
                return self._write_once(plan)
            except CorruptedError as error:
                log.warning("%s; packing again", error)
        return self._write_once(plan)

    def _write_once(self, plan: Plan) -> Packed:
        part = part_size_for(most_compressed(plan.size), room=self._room // 2)
        gate = Gate()
        notes = {"staged-for": quote(plan.prefix), "plan": plan.fingerprint}
        with Upload(self._store, f"{plan.prefix}{ARCHIVE}", notes) as upload:
            stream = _Stream(part, plan.head)
            pipeline = Pipeline[_Task](gate, threads=self._connections, memory=self._room - part)
            turns = Turns(gate)
            pipeline.run(
                _tasks(plan, part),
                lambda task: self._work(task, stream, turns, upload),
            )
            for number, body in stream.finish():
                upload.put(number, body)
            upload.complete()
        return stream.packed()

    def _work(self, task: _Task, stream: _Stream, turns: Turns, upload: Upload) -> None:
        raw = self._fetch(task.work)
        packed = raw if isinstance(task.work, _Copied) else deflate(raw)
        with turns.turn(task.number):
            if isinstance(task.work, Block):
                stream.check(task.work, raw)
            del raw
            parts = list(stream.append(packed))
            if isinstance(task.work, Block) and task.work.ends_models:
                stream.end_models()
        del packed
        for number, body in parts:
            upload.put(number, body)
        self._progress.add(task.work.size)

    def _fetch(self, work: Block | _Copied) -> bytearray:
        body = bytearray(work.size)
        view = memoryview(body)
        if isinstance(work, _Copied):
            self._read_object(work.head.key, work.head.etag, work.start, view)
            return body
        start = 0
        for piece in work.pieces:
            place = view[start : start + piece.size]
            match piece:
                case Literal(data):
                    place[:] = data
                case Slice(file, offset, size) if size:
                    self._read(file, offset, place)
            start += piece.size
        return body


@dataclass(frozen=True, slots=True)
class _Copied:
    """Compressed bytes of an earlier archive."""

    head: ArchiveHead
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class _Task:
    number: int
    work: Block | _Copied
    memory: int


class _Stream:
    """The archive as it grows: whoever has the turn appends to it."""

    def __init__(self, part: int, head: ArchiveHead | None) -> None:
        # An earlier archive's beginning has the header in it.
        self._part = bytearray(b"" if head else HEADER)
        self._part_size = part
        self._number = 1
        self._sha256 = hashlib.sha256(self._part)
        self._size = len(self._part)
        self._length = head.length if head else 0
        self._crc32 = head.crc32 if head else 0
        self._head = Head(head.end, head.length, head.crc32) if head else None
        self._digest: Digest | None = None
        self._members: dict[str, str] = {}

    def check(self, block: Block, raw: bytearray) -> None:
        """Hash the files' bytes that a block holds."""
        self._crc32 = crc32(raw, self._crc32)
        self._length += len(raw)
        start = 0
        for piece in block.pieces:
            if isinstance(piece, Slice):
                self._check(piece, memoryview(raw)[start : start + piece.size])
            start += piece.size

    def _check(self, piece: Slice, view: memoryview) -> None:
        file = piece.file
        if self._digest is None:
            self._digest = Digest(file)
        self._digest.update(view)
        if piece.start + piece.size == file.size:
            self._members[file.path] = self._digest.verified()
            self._digest = None

    def append(self, packed: bytes | bytearray) -> Iterator[tuple[int, bytearray]]:
        """Add compressed bytes; give the parts that became full."""
        self._sha256.update(packed)
        self._size += len(packed)
        view = memoryview(packed)
        while view:
            taken = min(len(view), self._part_size - len(self._part))
            self._part += view[:taken]
            view = view[taken:]
            if len(self._part) == self._part_size:
                yield self._number, self._part
                self._number, self._part = self._number + 1, bytearray()

    def end_models(self) -> None:
        """Note where the models' files end."""
        self._head = Head(self._size, self._length, self._crc32)

    def finish(self) -> list[tuple[int, bytearray]]:
        """Close the archive; give the last parts."""
        parts = list(self.append(trailer(self._crc32, self._length)))
        return [*parts, (self._number, self._part)] if self._part else parts

    def packed(self) -> Packed:
        """Say what the archive is."""
        return Packed(self._size, self._sha256.hexdigest(), self._members, self._head)


def _tasks(plan: Plan, part: int) -> Iterator[_Task]:
    works: Iterator[Block | _Copied] = chain(_beginning(plan.head), blocks(_packed_anew(plan)))
    for number, work in enumerate(works):
        # Raw, compressed, and a part that became full of it.
        yield _Task(number, work, 2 * work.size + part)


def _beginning(head: ArchiveHead | None) -> Iterator[_Copied]:
    if head is not None:
        for start in range(0, head.end, BLOCK):
            yield _Copied(head, start, min(BLOCK, head.end - start))


def _packed_anew(plan: Plan) -> list[PlannedFile]:
    return [file for file in plan.files if plan.head is None or file.model_id is None]
