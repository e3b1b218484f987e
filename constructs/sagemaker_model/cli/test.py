"""``test``: ask an endpoint with examples, and compare."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from sagemaker_model.cli.ask import Asked, Component, Engine, InQueue, Queue, find_endpoint
from sagemaker_model.cli.aws import Local, Profile, Region
from sagemaker_model.cli.console import FAILED, AsJson, err, out, print_json
from sagemaker_model.example.example import Example
from sagemaker_model.example.example_file import (
    FOLDER,
    find_examples,
    read_example,
    write_answer,
)
from sagemaker_model.example.junit import write_junit
from sagemaker_model.example.known import known_examples
from sagemaker_model.example.trial import Trial, ask_patiently, ask_until_understood
from sagemaker_model.runtime import Endpoint
from sagemaker_model.runtime.container_client import SERVED


def run_examples(
    endpoint: Asked = SERVED,
    *,
    examples: Annotated[
        Path | None,
        typer.Option(
            help=f"Folder of the examples. Default: {FOLDER}; where there are none, a request "
            "that the engine is known to answer.",
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write what is answered into the examples.")
    ] = False,
    patience: Annotated[
        float,
        typer.Option(min=0, help="Seconds that a model is waited for that is loading or busy."),
    ] = 60,
    junit: Annotated[
        Path | None, typer.Option(help="Also write a report for build servers: JUnit's XML.")
    ] = None,
    in_queue: InQueue = False,
    engine: Engine = None,
    component: Component = None,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Ask an endpoint with examples, compare its answers, and fail where one is not as expected.

    For example:

        sagemaker-model test

        sagemaker-model test search --local --examples search/examples

        sagemaker-model test search --region eu-west-1 --junit report.xml
    """
    files = find_examples(examples or FOLDER)
    if not files and (examples is not None or update):
        raise ValueError(
            f"there is no example, a file of JSON, in {examples or FOLDER}; write one that has a "
            "payload, or name another folder with --examples"
        )
    read = {path: read_example(path) for path in files}
    found = find_endpoint(
        endpoint, engine=engine, component=component, local=local, region=region, profile=profile
    )
    asked = Queue(found) if in_queue else found
    trials = []
    for trial in _trials(asked, [*read.values()], time.monotonic() + patience):
        trials.append(trial)
        if not as_json:
            _show(trial)
    updated = {*_update(files, trials)} if update else set[str]()
    failed = sum(not each.passed and each.example.name not in updated for each in trials)
    if junit is not None:
        write_junit(junit, asked.name, trials)
    if as_json:
        told = [_told(each, updated) for each in trials]
        print_json({"endpoint": asked.name, "failed": failed, "examples": told})
    else:
        written = f", {len(updated)} updated" if updated else ""
        out.print(f"{len(trials) - failed} passed, {failed} failed{written}")
    if failed:
        raise typer.Exit(FAILED)


def _trials(asked: Queue | Endpoint, examples: Sequence[Example], until: float) -> Iterator[Trial]:
    if not examples:
        with err.status("asking what the engine is known to answer"):
            yield ask_until_understood(asked, known_examples(asked.engine), until)
    for example in examples:
        with err.status(f"asking {escape(example.name)}"):
            trial = ask_patiently(asked, example, until)
        yield trial


def _update(files: Iterable[Path], trials: Iterable[Trial]) -> Iterator[str]:
    """Write answers that are the only thing that is wrong, or that nothing is known of yet."""
    for path, trial in zip(files, trials, strict=True):
        if trial.passed and not trial.example.says_nothing:
            continue
        example = trial.with_this_answer()
        if example is not None and example.answer is not None:
            write_answer(path, example.answer)
            yield example.name


def _show(trial: Trial) -> None:
    style, verdict = ("green", "passed") if trial.passed else ("red", "failed")
    name = escape(trial.example.name)
    out.print(f"[{style}]{verdict}[/{style}]  {trial.seconds:6.2f} s  {name}")
    for problem in trial.problems:
        out.print(f"    {problem}", markup=False)


def _told(trial: Trial, updated: set[str]) -> dict[str, Any]:
    return {
        "name": trial.example.name,
        "passed": trial.passed,
        "updated": trial.example.name in updated,
        "seconds": round(trial.seconds, 3),
        "problems": trial.problems,
    }
