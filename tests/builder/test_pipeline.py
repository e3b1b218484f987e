"""Tasks in threads: memory is bounded, order is kept, the first failure stops all."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_builder.pipeline import Gate, Pipeline, Turns


@dataclass
class Work:
    number: int
    memory: int


@settings(max_examples=30)
@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 8))
def test_running_tasks_never_take_more_than_there_is(sizes: list[int], threads: int) -> None:
    used, most, lock = [0], [0], threading.Lock()

    def work(task: Work) -> None:
        with lock:
            used[0] += task.memory
            most[0] = max(most[0], used[0])
        with lock:
            used[0] -= task.memory

    tasks = [Work(number, size) for number, size in enumerate(sizes)]
    Pipeline[Work](Gate(), threads=threads, memory=60).run(tasks, work)

    assert most[0] <= 60


@settings(max_examples=30)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 8))
def test_turns_come_in_order_whatever_the_memory(sizes: list[int], threads: int) -> None:
    gate, order = Gate(), list[int]()
    turns = Turns(gate)

    def work(task: Work) -> None:
        with turns.turn(task.number):
            order.append(task.number)

    tasks = [Work(number, size) for number, size in enumerate(sizes)]
    Pipeline[Work](gate, threads=threads, memory=50).run(tasks, work)

    assert order == list(range(len(sizes)))


def test_a_task_larger_than_all_memory_runs_alone() -> None:
    done: list[int] = []

    Pipeline[Work](Gate(), threads=4, memory=10).run(
        [Work(0, 100), Work(1, 5)], lambda task: done.append(task.number)
    )

    assert sorted(done) == [0, 1]


def test_the_first_failure_lets_those_go_that_wait_for_it() -> None:
    gate = Gate()
    turns = Turns(gate)

    def work(task: Work) -> None:
        if task.number == 0:
            raise ValueError("the first")
        with turns.turn(task.number):
            raise AssertionError("its turn never comes")

    with pytest.raises(ValueError, match="the first"):
        Pipeline[Work](gate, threads=4, memory=100).run([Work(n, 1) for n in range(8)], work)


def test_no_task_starts_after_a_failure() -> None:
    started: list[int] = []

    def work(task: Work) -> None:
        started.append(task.number)
        raise ValueError("at once")

    with pytest.raises(ValueError, match="at once"):
        Pipeline[Work](Gate(), threads=1, memory=1).run([Work(n, 1) for n in range(9)], work)

    assert started == [0]
