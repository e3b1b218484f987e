"""Plans, part sizes and paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_builder.errors import StagingError
from model_builder.model import MIB, LocalFile, Model, RemoteFile, Snapshot
from model_builder.paths import collision, fault_in_path
from model_builder.plan import (
    MAX_PARTS,
    MIN_PART,
    Plan,
    check_keys,
    hub_files,
    part_size_for,
    with_code,
)
from model_builder.plan_report import describe

SIZES = st.integers(0, 50 * 1024**4)


def snapshot(name: str = "org/name", *paths: str) -> Snapshot:
    files = tuple(RemoteFile(path, 10, "a" * 64, "b" * 40) for path in paths)
    return Snapshot(Model(name), "c" * 40, files)


def local(path: str) -> LocalFile:
    return LocalFile(path, f"/tmp/{path}", 3, "d" * 64)


@given(SIZES)
def test_parts_are_such_as_s3_takes(size: int) -> None:
    part = part_size_for(size, room=8 * 1024**3)

    assert part >= MIN_PART
    assert -(-size // part) <= MAX_PARTS


@given(SIZES, st.integers(16, 1024))
def test_a_part_fits_its_room_or_is_refused(size: int, room: int) -> None:
    if size > MAX_PARTS * room * MIB:
        with pytest.raises(StagingError, match="raise MEMORY_MIB"):
            part_size_for(size, room=room * MIB)
    else:
        assert part_size_for(size, room=room * MIB) <= room * MIB


@given(SIZES, SIZES)
def test_a_larger_file_has_no_smaller_parts(one: int, other: int) -> None:
    smaller, larger = sorted((one, other))

    assert part_size_for(smaller, room=1024**4) <= part_size_for(larger, room=1024**4)


def test_one_model_lies_at_the_root_and_code_beside_it() -> None:
    files = with_code(hub_files([snapshot("a/b", "config.json")]), [local("inference.py")])

    assert [file.path for file in files] == ["config.json", "code/inference.py"]


def test_several_models_lie_in_a_folder_each() -> None:
    files = with_code(
        hub_files([snapshot("a/b", "x"), snapshot("c/d", "x")]), [local("inference.py")]
    )

    assert [file.path for file in files] == ["b/x", "d/x", "code/inference.py"]


def test_the_users_code_takes_the_place_of_the_repositorys() -> None:
    one = snapshot("a/b", "x", "code/theirs.py")

    assert [f.path for f in with_code(hub_files([one]), [local("mine.py")])] == [
        "x",
        "code/mine.py",
    ]
    assert [f.path for f in with_code(hub_files([one]), [])] == ["x", "code/theirs.py"]


def test_two_files_in_one_place_are_refused() -> None:
    with pytest.raises(StagingError, match=r"A9 'x'"):
        with_code(hub_files([snapshot("a/b", "x", "x/y")]), [])


def test_keys_that_s3_does_not_take_are_refused() -> None:
    files = with_code(hub_files([snapshot("a/b", "x" * 200)]), [])

    with pytest.raises(StagingError, match="longer than 1024 bytes"):
        check_keys("p/" * 450, files)


def test_the_fingerprint_says_what_will_lie_there_and_not_how_it_comes() -> None:
    def plan(*paths: str, archive: bool = False, prefix: str = "p/") -> Plan:
        one = snapshot("a/b", *paths)
        return Plan("bucket", prefix, archive, (one,), with_code(hub_files([one]), []))

    assert plan("x").fingerprint == plan("x", prefix="q/").fingerprint
    different = {plan("x"), plan("y"), plan("x", "y"), plan("x", archive=True)}
    assert len({one.fingerprint for one in different}) == len(different)
    assert describe(plan("x"))["manifest"] == "s3://bucket/p.manifest.json"


SEGMENTS = st.text(min_size=1, max_size=300)


@given(st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join))
def test_a_path_without_fault_stays_below_its_prefix(path: str) -> None:
    if fault_in_path(path) is None:
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert path == path.strip("/")
        path.encode()


@given(st.lists(st.sampled_from(["a", "b", "a/b", "a/b/c", "b/c"]), max_size=5))
def test_paths_without_collision_can_lie_side_by_side(paths: list[str]) -> None:
    clash = collision(paths)
    nested = any(one != two and two.startswith(f"{one}/") for one in paths for two in paths)

    assert (clash is not None) == (nested or len(set(paths)) < len(paths))
