"""A gzip file whose blocks are compressed apart, in any thread (RFC 1951, RFC 1952)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from isal import isal_zlib

HEADER = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
"""Deflate, no name, no time, unknown system: nothing that differs from run to run."""
LEVEL = 1
"""Of ISA-L: takes a fifth off 16-bit weights, whose exponents are alike, at hundreds of MiB/s."""
TRAILER = 10
"""Bytes of the end of the file."""
_EMPTY = struct.pack("<BHH", 0, 0, 0xFFFF)
_LAST_BLOCK = b"\x03\x00"
_RAW = -15
_SAMPLE = 64 * 1024
_WORTH_IT = 0.97
_MAX_STORED = 0xFFFF


def deflate(data: bytes | bytearray) -> bytes:
    """Compress a block so that it can stand anywhere in the stream.

    Quantized weights are as good as random: where a sample does not shrink, the block is stored.
    """
    middle = max(0, (len(data) - _SAMPLE) // 2)
    sample = bytes(memoryview(data)[middle : middle + _SAMPLE])
    if len(_compress(sample)) > _WORTH_IT * len(sample):
        return b"".join(_store(data))
    return _compress(data)


def trailer(crc32: int, length: int) -> bytes:
    """Return the end of the file.

    Args:
        crc32: Checksum of all bytes before compression.
        length: How many those are.
    """
    return _LAST_BLOCK + struct.pack("<II", crc32, length % 2**32)


def padding(size: int) -> bytes:
    """Return blocks that hold nothing, at least *size* bytes of them.

    >>> padding(7).hex()
    '000000ffff000000ffff'
    """
    return _EMPTY * -(-max(size, 0) // len(_EMPTY))


def most_compressed(size: int) -> int:
    """Return the most bytes that *size* bytes may become: stored blocks and their headers."""
    return size + size // 1000 + 64 * 1024


def _compress(data: bytes | bytearray) -> bytes:
    compressor = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, _RAW)
    compressed: bytes = compressor.compress(data)
    end: bytes = compressor.flush(isal_zlib.Z_FULL_FLUSH)
    return compressed + end


def _store(data: bytes | bytearray) -> Iterator[bytes | memoryview]:
    view = memoryview(data)
    for start in range(0, len(view), _MAX_STORED):
        piece = view[start : start + _MAX_STORED]
        yield struct.pack("<BHH", 0, len(piece), len(piece) ^ _MAX_STORED)
        yield piece
