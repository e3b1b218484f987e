"""Serve a model by the real toolkit until somebody ends it."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sagemaker_model.cli.console import err
from sagemaker_model.cli.packages import must_have_serve
from sagemaker_model.cli.samples import hub_to_ask
from sagemaker_model.cli.until_ended import until_ended
from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.serving.launcher import Launcher
from sagemaker_model.serve.app_model import AppModel
from sagemaker_model.serve.front import Front
from sagemaker_model.serve.model_files import Finder
from sagemaker_model.serve.sample_request import sample_request
from sagemaker_model.serve.toolkit_server import Recipe, ToolkitServer, check_code
from sagemaker_model.serve.turn import Turns

_ENGINE = "toolkit"
_DEBOUNCE = 300
"""Milliseconds that changes are gathered for: editors write a file in several steps."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a model is served.

    Args:
        environment: Variables of its container.
        port: Where it listens; 0 is a free port.
        reload: Whether changed code is loaded anew.
        serving_python: Interpreter of an environment with the toolkit; None makes one.
        samples: Whether models come from a Hub of this machine.
        checked: Whether the code's findings were told already.
        s3: Makes a client of S3.
    """

    environment: Mapping[str, str]
    port: int
    reload: bool
    serving_python: Path | None
    samples: bool
    checked: bool
    s3: Callable[[], Any]


def serve_toolkit(model: AppModel, wanted: Wanted) -> None:
    """Serve a model until Ctrl-C or SIGTERM; all that was started ends then.

    Args:
        model: The model.
        wanted: How.

    Raises:
        OSError: The port is taken.
        RuntimeError: A package is missing, or the model does not load.
        ValueError: The code has errors, or the model's files can't be had.
    """
    must_have_serve()
    from sagemaker_model.local.environment.part import cache_folder

    recipe = _recipe(model, wanted)
    with until_ended(), _told_plainly(), ExitStack() as stack:
        if not wanted.checked:
            check_code(recipe, _tell)
        turns = Turns()
        front = stack.enter_context(
            Front(wanted.port, turns, model.limits, engine=_ENGINE, warn=_tell)
        )
        hub = stack.enter_context(hub_to_ask(samples=wanted.samples))
        launcher = _launcher(wanted.serving_python, cache_folder() / "serve", hub)
        stack.callback(launcher.close)
        folder = Path(stack.enter_context(TemporaryDirectory(dir=cache_folder() / "serve")))
        finder = Finder(cache=cache_folder(), folder=folder, s3=wanted.s3, hub=hub)
        files = finder.files_of(model)
        stack.enter_context(front.listening())
        stack.callback(turns.end)
        server = ToolkitServer(recipe, launcher, folder, turns, log=_log, tell=_tell)
        server.start(files)
        _say(model, recipe, front, turns)
        _wait(server, recipe.code if wanted.reload else None)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Raise what keeps a model from being served as RuntimeError."""
    try:
        yield
    except ServingError as error:
        raise RuntimeError(str(error)) from error


def _recipe(model: AppModel, wanted: Wanted) -> Recipe:
    code = model.folders.get("code")
    return Recipe(code=code, image=model.image or "", environment=wanted.environment)


def _launcher(python: Path | None, folder: Path, hub: str | None) -> Launcher:
    from sagemaker_model.cli.local.prepare import make_with_words
    from sagemaker_model.local.environment.parts import SERVING, python_of

    return Launcher(python or python_of(make_with_words(SERVING)), folder, hub)


def _say(model: AppModel, recipe: Recipe, front: Front, turns: Turns) -> None:
    """Tell what is served, and how to ask it."""
    told = (model.staging or {}).get("MODEL_ID")
    what = f" with {told}" if told else ""
    err.print(f"{model.path}{what} is served by Hugging Face's toolkit at", markup=False)
    print(front.url, flush=True)
    with turns.at_work() as program:
        request = (
            None
            if program is None
            else sample_request(program.port, recipe.code, recipe.environment)
        )
    if request is not None:
        _say_how_to_ask(front.url, request)
    err.print("Ctrl-C ends it")


def _say_how_to_ask(url: str, request: str) -> None:
    curl = ["curl", f"{url}/invocations", "-H", "Content-Type: application/json", "-d", request]
    err.print("ask it:")
    err.print(f"  {shlex.join(curl)}", markup=False)
    err.print(f"  {shlex.join(['sagemaker-model', 'invoke', url, request])}", markup=False)


def _wait(server: ToolkitServer, code: Path | None) -> None:
    """Wait until the command is ended; code that is given is loaded anew when it changes."""
    from watchfiles import watch

    if code is None:
        while True:
            signal.pause()
    for _ in watch(code, debounce=_DEBOUNCE):
        server.change()


def _log(line: str) -> None:
    err.print(line, markup=False, style="dim")


def _tell(text: str) -> None:
    err.print(text, markup=False)
