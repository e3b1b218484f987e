"""Archives: their layout, their compression, and both together read by others."""

from __future__ import annotations

import gzip
import io
import os
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isal.isal_zlib import crc32

from model_builder.archive_layout import BLOCK, RECORD, Block, Literal, blocks
from model_builder.gzip_stream import HEADER, deflate, most_compressed, trailer
from model_builder.plan import InPlace, PlannedFile

PATHS = st.lists(
    st.text(st.characters(exclude_categories=["C"], exclude_characters="/\\"), min_size=1)
    .filter(lambda text: text not in {".", ".."}),
    unique=True,
    max_size=5,
)  # fmt: skip
SIZES = st.one_of(st.integers(0, 3 * RECORD), st.integers(BLOCK - RECORD, BLOCK + RECORD))


def planned(path: str, size: int, model_id: str | None = "org/name") -> PlannedFile:
    return PlannedFile(path, size, "0" * 64, None, model_id, InPlace())


def filled(block: Block) -> bytes:
    """Return a block's bytes, every file being full of sevens."""
    return b"".join(p.data if isinstance(p, Literal) else b"7" * p.size for p in block.pieces)


FILES = PATHS.flatmap(
    lambda paths: st.tuples(*[st.builds(planned, st.just(path), SIZES) for path in paths])
).map(list)


@settings(max_examples=50)
@given(FILES)
def test_any_files_make_an_archive_that_tarfile_reads(files: list[PlannedFile]) -> None:
    tar = b"".join(filled(block) for block in blocks(files))

    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        found = {member.name: member for member in opened.getmembers()}
    assert {name: member.size for name, member in found.items()} == {f.path: f.size for f in files}
    assert {(m.mtime, m.uid, m.gid, m.uname, m.mode) for m in found.values()} <= {
        (0, 0, 0, "", 0o644)
    }


@settings(max_examples=50)
@given(FILES)
def test_blocks_are_of_one_size_but_the_last_of_models_and_code(files: list[PlannedFile]) -> None:
    code = planned("code/inference.py", 10, None)

    sizes = [(block.size, block.ends_models) for block in blocks([*files, code])]

    assert all(size == BLOCK or ends for size, ends in sizes[:-1])
    assert sum(ends for _, ends in sizes) == bool(files)


@settings(max_examples=25)
@given(FILES, st.integers(0, 5000))
def test_other_code_leaves_the_models_blocks_as_they_are(
    files: list[PlannedFile], size: int
) -> None:
    def head(code_size: int) -> list[Block]:
        laid_out = list(blocks([*files, planned("code/x.py", code_size, None)]))
        last = [number for number, block in enumerate(laid_out) if block.ends_models]
        return laid_out[: last[0] + 1] if last else []

    assert head(10) == head(size)


def test_a_file_beyond_what_old_tar_knows_has_its_size_told() -> None:
    first = next(iter(blocks([planned("big.safetensors", 20 * 1024**3)])))

    literal = first.pieces[0]
    assert isinstance(literal, Literal)
    assert (
        tarfile.TarInfo.frombuf(literal.data[-RECORD:], "utf-8", "strict").name == "big.safetensors"
    )
    assert b"size=21474836480" in literal.data


@pytest.mark.parametrize("kind", ["random", "zeros", "text"])
@pytest.mark.parametrize("size", [0, 1, 65535, 65536, BLOCK])
def test_a_block_stays_what_it_is(kind: str, size: int) -> None:
    data = {"random": os.urandom(size), "zeros": bytes(size), "text": b"weights " * size}[kind][
        :size
    ]

    packed = HEADER + deflate(data) + trailer(crc32(data), len(data))

    assert gzip.decompress(packed) == data
    assert len(packed) <= most_compressed(size)


@given(st.lists(st.binary(max_size=2000), max_size=5))
def test_blocks_one_after_the_other_are_one_file(parts: list[bytes]) -> None:
    data = b"".join(parts)

    packed = HEADER + b"".join(deflate(part) for part in parts) + trailer(crc32(data), len(data))

    assert gzip.decompress(packed) == data


def test_what_does_not_shrink_is_stored_and_what_does_is_not() -> None:
    assert len(deflate(os.urandom(BLOCK))) > BLOCK
    assert len(deflate(bytes(BLOCK))) < BLOCK // 50
