"""Retry, progress, manifest and report."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_builder.errors import RetryableError, StagingError
from model_builder.manifest import Head, Manifest, StagedFile, StagedModel, from_json, to_json
from model_builder.progress import Progress
from model_builder.report import table
from model_builder.retry import Retry

MANIFEST = Manifest(
    fingerprint="f",
    selection="s",
    created=7,
    models=(StagedModel("org/name", "main", "c" * 40),),
    files=(StagedFile("p/model.tar.gz", 2048, "a" * 64, "model.tar.gz"),),
    members=(StagedFile("x", 1, "b" * 64, "x", "org/name", "c" * 40),),
    head=Head(1, 2, 3),
)


class Flaky:
    """Fails so many times, then answers."""

    def __init__(self, failures: int, wait: float | None = None) -> None:
        self.failures = failures
        self.wait = wait
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise RetryableError("not now", self.wait)
        return "done"


def test_it_is_tried_again_with_growing_pauses() -> None:
    pauses: list[float] = []

    assert Retry(4, pauses.append).run("it", Flaky(3)) == "done"

    assert pauses == [0.5, 1.0, 2.0]


def test_the_pause_that_was_asked_for_is_kept_within_reason() -> None:
    pauses: list[float] = []

    Retry(3, pauses.append).run("it", Flaky(1, 7))
    Retry(3, pauses.append).run("it", Flaky(1, 86400))

    assert pauses == [7, 60]


def test_a_spent_budget_is_one_error_that_names_the_cause() -> None:
    with pytest.raises(StagingError, match="it: not now, 3 times in all"):
        Retry(3, lambda _: None).run("it", Flaky(9))


@given(st.integers(1, 30), st.floats(0, 1e6) | st.none())
def test_no_pause_is_longer_than_allowed(attempt: int, asked: float | None) -> None:
    assert 0.5 <= Retry(3, lambda _: None).pause(attempt, asked) <= 60


def test_progress_tells_bytes_rate_and_time_left(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    progress = Progress(4 * 1024**2, clock=lambda: now[0])

    with caplog.at_level(logging.INFO):
        progress.add(1024**2)
        now[0] = 10.0
        progress.add(1024**2)

    assert caplog.messages == ["2.0 MiB of 4.0 MiB (50 %), 204.8 KiB/s, 10 s left"]


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert from_json(to_json(MANIFEST)) == MANIFEST


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"version": 99}', b'{"version": 1}', b"\xff"]
)
def test_what_is_no_manifest_is_none(text: bytes) -> None:
    assert from_json(text) is None


def test_the_table_names_commit_key_digest_and_size() -> None:
    lines = list(table(MANIFEST))

    assert lines[0] == f"org/name@main is commit {'c' * 40}"
    assert lines[1].split() == ["2.0", "KiB", "aaaaaaaaaaaa", "p/model.tar.gz"]
