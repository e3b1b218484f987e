"""Stages files as single objects below a prefix."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from model_builder.copies import copy
from model_builder.digest import CorruptedError, Digest
from model_builder.pipeline import Gate, Pipeline, Turns
from model_builder.plan import FromStore, InPlace, PlannedFile, part_size_for
from model_builder.progress import Progress
from model_builder.s3_errors import ChangedError
from model_builder.sources import Read
from model_builder.store import Store
from model_builder.upload import Upload, expect, notes_for

log = logging.getLogger(__name__)
ROUNDS = 3
"""How often bytes are fetched that turn out wrong."""
_FILES_AT_ONCE = 4


class PrefixWriter:
    """Writes files below a prefix, each checked before it appears.

    Args:
        store: The bucket.
        prefix: Keys begin with this.
        read: Reads bytes that are not copied inside S3.
        connections: Parts under way at a time.
        room: Bytes that those may take together.
        progress: Told of each part.
    """

    def __init__(
        self,
        store: Store,
        prefix: str,
        read: Read,
        *,
        connections: int,
        room: int,
        progress: Progress,
    ) -> None:
        self._store = store
        self._prefix = prefix
        self._read = read
        self._connections = connections
        self._room = room
        self._progress = progress
        self._digests: dict[str, str] = {}
        self._corrupted: list[CorruptedError] = []
        self._open: set[Upload] = set()

    def write(self, files: Sequence[PlannedFile]) -> dict[str, str]:
        """Write all files that are not in place, and return the SHA-256 of each by path.

        Raises:
            StagingError: one of them could not be had, or not whole; it does not appear.
        """
        missing = [file for file in files if not isinstance(file.source, InPlace)]
        for _ in range(ROUNDS):
            self._corrupted = []
            self._write_once(missing)
            missing = [file for file in missing if file.path not in self._digests]
            if not missing:
                return self._digests
            log.warning("%s; fetching it again", self._corrupted[0])
        raise self._corrupted[0]

    def _write_once(self, files: Sequence[PlannedFile]) -> None:
        gate = Gate()
        copies = [_Copy(file, file.source) for file in files if isinstance(file.source, FromStore)]
        streams = (
            self._stream(file, gate) for file in files if not isinstance(file.source, FromStore)
        )
        pipeline = Pipeline[_Copy | _Part](gate, threads=self._connections, memory=self._room)
        try:
            pipeline.run(_in_order(copies, streams), self._work)
        finally:
            for upload in self._open:
                upload.drop()
            self._open.clear()

    def _stream(self, file: PlannedFile, gate: Gate) -> _Stream:
        part = part_size_for(file.size, room=self._room)
        notes = notes_for(self._prefix, file, file.sha256)
        upload = Upload(self._store, f"{self._prefix}{file.path}", notes)
        self._open.add(upload)
        return _Stream(file, part, upload, gate)

    def _work(self, task: _Copy | _Part) -> None:
        match task:
            case _Copy(file, source):
                self._copy(file, source)
            case _Part():
                self._move(task)

    def _copy(self, file: PlannedFile, source: FromStore) -> None:
        key = f"{self._prefix}{file.path}"
        notes = notes_for(self._prefix, file, file.sha256)
        found = copy(self._store, source, file.size, key, notes)
        if file.sha256 and found not in {None, file.sha256}:
            self._store.delete([key])
            self._corrupted.append(
                CorruptedError(f"{file.path}: the digest is {found}, not {file.sha256}")
            )
            return
        self._digests[file.path] = file.sha256 or found or ""

    def _move(self, part: _Part) -> None:
        stream = part.stream
        body = bytearray(part.memory)
        self._read(stream.file, part.start, memoryview(body))
        if stream.count > 1:
            stream.upload.put(part.number + 1, body)
        with stream.turns.turn(part.number):
            stream.digest.update(body)
        self._progress.add(len(body))
        if stream.is_last():
            self._complete(stream, body)

    def _complete(self, stream: _Stream, body: bytearray) -> None:
        file = stream.file
        try:
            sha256 = stream.digest.verified()
        except CorruptedError as error:
            self._corrupted.append(error)
            return
        if stream.count > 1:
            stream.upload.complete()
        else:
            self._put(file, body, sha256)
        self._open.discard(stream.upload)
        self._digests[file.path] = sha256

    def _put(self, file: PlannedFile, body: bytearray, sha256: str) -> None:
        key = f"{self._prefix}{file.path}"
        notes = notes_for(self._prefix, file, sha256)
        try:
            self._store.put(key, body, notes, new=True)
        except ChangedError:
            # Another build of the same plan was first.
            expect(self._store, key, notes)


@dataclass(frozen=True, slots=True)
class _Copy:
    file: PlannedFile
    source: FromStore
    memory: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    stream: _Stream
    number: int
    start: int
    memory: int


class _Stream:
    """A file on its way: its parts arrive in any order, and are hashed in theirs."""

    def __init__(self, file: PlannedFile, part: int, upload: Upload, gate: Gate) -> None:
        self.file = file
        self.upload = upload
        self.count = max(1, -(-file.size // part))
        self.turns = Turns(gate)
        self.digest = Digest(file)
        self._part = part
        self._left = self.count
        self._lock = threading.Lock()

    def parts(self) -> Iterator[_Part]:
        for number in range(self.count):
            start = number * self._part
            yield _Part(self, number, start, min(self._part, self.file.size - start))

    def is_last(self) -> bool:
        """Count a part that is done; True for the last."""
        with self._lock:
            self._left -= 1
            return not self._left


def _in_order(copies: Iterable[_Copy], streams: Iterator[_Stream]) -> Iterator[_Copy | _Part]:
    """Give copies first, then parts of a few files in turn, so that these are hashed at once."""
    yield from copies
    turns = deque(stream.parts() for stream in _take(streams, _FILES_AT_ONCE))
    while turns:
        parts = turns.popleft()
        part = next(parts, None)
        if part is not None:
            yield part
            turns.append(parts)
        else:
            turns.extend(stream.parts() for stream in _take(streams, 1))


def _take(streams: Iterator[_Stream], count: int) -> list[_Stream]:
    return [stream for _, stream in zip(range(count), streams, strict=False)]
