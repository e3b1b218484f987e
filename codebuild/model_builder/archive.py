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
from model_builder.copies import copy_parts
from model_builder.digest import CorruptedError, Digest
from model_builder.gzip_stream import HEADER, TRAILER, deflate, most_compressed, padding, trailer
from model_builder.manifest import Head
from model_builder.pipeline import Gate, Pipeline, Turns
from model_builder.plan import (
    ARCHIVE,
    MIN_PART,
    ArchiveHead,
    FromStore,
    GivenArchive,
    Plan,
    part_size_for,
)
from model_builder.prefix import ROUNDS
from model_builder.progress import Progress
from model_builder.sources import Read
from model_builder.store import Store
from model_builder.upload import Upload

log = logging.getLogger(__name__)


class ReadObject(Protocol):
    """Fills a view with an object's bytes from a start on."""

    def __call__(self, stored: FromStore, start: int, view: memoryview) -> None:
        """Read as many bytes as *view* takes."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A finished archive.

    Args:
        size: Bytes.
        sha256: Digest; empty where S3 joined the archive, which tells none.
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
        size = sum(file.size for file in plan.files)
        part = part_size_for(most_compressed(size), room=self._room // 2)
        gate = Gate()
        key, new = f"{plan.prefix}{ARCHIVE}", not (plan.head and plan.replaces)
        with Upload(self._store, key, archive_notes(plan), new=new) as upload:
            growing = _Growing(gate, part, plan.head, upload)
            pipeline = Pipeline[_Task](gate, threads=self._connections, memory=self._room - part)
            pipeline.run(_tasks(plan, part), lambda task: self._work(task, growing))
            packed = _join(growing, plan.given) if plan.given else _close(growing)
            upload.complete()
        return packed

    def _work(self, task: _Task, growing: _Growing) -> None:
        raw = self._fetch(task.work)
        with growing.checked.turn(task.number):
            head = growing.contents.check(task.work, raw)
        packed = raw if isinstance(task.work, _Copied) else deflate(raw)
        del raw
        with growing.appended.turn(task.number):
            parts = list(growing.archive.append(packed))
            if isinstance(task.work, Block) and task.work.ends_models:
                growing.archive.end_models(*head)
        del packed
        for number, body in parts:
            growing.upload.put(number, body)
        self._progress.add(task.work.size)

    def _fetch(self, work: Block | _Copied) -> bytearray:
        body = bytearray(work.size)
        view = memoryview(body)
        if isinstance(work, _Copied):
            self._read_object(work.head.archive, work.start, view)
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


class _Growing:
    """An archive under way: files are hashed in one queue, the archive's bytes in another."""

    def __init__(self, gate: Gate, part: int, head: ArchiveHead | None, upload: Upload) -> None:
        self.checked = Turns(gate)
        self.appended = Turns(gate)
        self.contents = _Contents(head)
        self.archive = _Archive(part, head)
        self.upload = upload


class _Contents:
    """What is in the archive so far, before compression."""

    def __init__(self, head: ArchiveHead | None) -> None:
        self.length = head.length if head else 0
        self.crc32 = head.crc32 if head else 0
        self.members: dict[str, str] = {}
        self._digest: Digest | None = None

    def check(self, work: Block | _Copied, raw: bytearray) -> tuple[int, int]:
        """Hash the files' bytes that a block holds; return length and CRC-32 up to its end."""
        if isinstance(work, Block):
            self.crc32 = crc32(raw, self.crc32)
            self.length += len(raw)
            start = 0
            for piece in work.pieces:
                if isinstance(piece, Slice):
                    self._check(piece, memoryview(raw)[start : start + piece.size])
                start += piece.size
        return self.length, self.crc32

    def _check(self, piece: Slice, view: memoryview) -> None:
        file = piece.file
        if self._digest is None:
            self._digest = Digest(file)
        self._digest.update(view)
        if piece.start + piece.size == file.size:
            self.members[file.path] = self._digest.verified()
            self._digest = None


class _Archive:
    """The archive's own bytes, cut into parts."""

    def __init__(self, part: int, head: ArchiveHead | None) -> None:
        # An earlier archive's beginning has the header in it.
        self._part = bytearray(b"" if head else HEADER)
        self._part_size = part
        self._number = 1
        self._sha256 = hashlib.sha256(self._part)
        self._size = len(self._part)
        self._head = Head(head.end, head.length, head.crc32) if head else None

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

    def end_models(self, length: int, crc32: int) -> None:
        """Note where the models' files end."""
        self._head = Head(self._size, length, crc32)

    def end_member(self, contents: _Contents) -> tuple[int, bytearray]:
        """Close the gzip member that another follows; give the last part, which S3 must take."""
        short = MIN_PART - len(self._part) - TRAILER
        end = padding(short) + trailer(contents.crc32, contents.length)
        self._size += len(end)
        return self._number, self._part + end

    def finish(self, contents: _Contents) -> list[tuple[int, bytearray]]:
        """Close the archive; give the last parts."""
        parts = list(self.append(trailer(contents.crc32, contents.length)))
        return [*parts, (self._number, self._part)] if self._part else parts

    def packed(self, contents: _Contents) -> Packed:
        """Say what the archive is."""
        return Packed(self._size, self._sha256.hexdigest(), contents.members, self._head)


def archive_notes(plan: Plan) -> dict[str, str]:
    """Return what is noted with an archive, so that a later run knows it for what it is."""
    return {"staged-for": quote(plan.prefix), "plan": plan.fingerprint}


def _close(growing: _Growing) -> Packed:
    for number, body in growing.archive.finish(growing.contents):
        growing.upload.put(number, body)
    return growing.archive.packed(growing.contents)


def _join(growing: _Growing, given: GivenArchive) -> Packed:
    """Put a given archive behind what was packed: gzip members one after the other are one file."""
    number, body = growing.archive.end_member(growing.contents)
    growing.upload.put(number, body)
    copy_parts(growing.upload, given.source, given.size, first=number + 1)
    packed = growing.archive.packed(growing.contents)
    return Packed(packed.size + given.size, "", packed.members, None)


def _tasks(plan: Plan, part: int) -> Iterator[_Task]:
    works: Iterator[Block | _Copied] = chain(_beginning(plan.head), _new_blocks(plan))
    for number, work in enumerate(works):
        # Raw, compressed, and a part that became full of it.
        yield _Task(number, work, 2 * work.size + part)


def _beginning(head: ArchiveHead | None) -> Iterator[_Copied]:
    if head is not None:
        for start in range(0, head.end, BLOCK):
            yield _Copied(head, start, min(BLOCK, head.end - start))


def _new_blocks(plan: Plan) -> Iterator[Block]:
    files = [file for file in plan.files if plan.head is None or file.model_id is None]
    return blocks(files, ends=plan.given is None)
