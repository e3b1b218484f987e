"""A model served by the real Hugging Face toolkit, started anew whenever its code changes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sagemaker_model.checks.finding import Severity
from sagemaker_model.code_folder.digest import folder_digest
from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.serving.launcher import Launcher
from sagemaker_model.local.serving.model_data import discard
from sagemaker_model.local.serving.toolkit import ToolkitWorker
from sagemaker_model.serve.code_findings import findings_of
from sagemaker_model.serve.model_folder import lay_out
from sagemaker_model.serve.turn import Turn, Turns
from sagemaker_model.serve.weights import Files

_LOOK_EVERY = 0.05


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is served.

    Args:
        code: Folder of the inference code; None where the toolkit's own serves the model.
        image: URI of the image that it stands in for.
        environment: Variables of the container.
    """

    code: Path | None
    image: str
    environment: Mapping[str, str]


@dataclass
class ToolkitServer:
    """Starts workers of a recipe, the next one when the code has changed.

    Args:
        recipe: What is served.
        launcher: Starts the toolkit's programs.
        folder: Where model folders are made.
        turns: Which of them answers.
        log: Takes each line that they write, on threads of its own.
        tell: Takes what is found in the code, and what becomes of a change.
    """

    recipe: Recipe
    launcher: Launcher
    folder: Path
    turns: Turns
    log: Callable[[str], None]
    tell: Callable[[str], None]
    _files: Files = field(default_factory=dict, init=False)
    _digest: str = field(default="", init=False)

    def start(self, files: Files) -> None:
        """Serve the model.

        Args:
            files: The model's files.

        Raises:
            ServingError: It does not load; the message ends with the last lines of its log.
        """
        self._files, self._digest = files, self._state()
        self.turns.give(self._started())

    def change(self) -> None:
        """Serve the code as it is now, if it has changed; what does not load changes nothing."""
        try:
            digest = self._state()
            if digest == self._digest:
                return
            self._digest = digest
            check_code(self.recipe, self.tell)
            self.tell("the code has changed and is loaded anew")
            self.turns.give(self._started())
            self.tell("the changed code answers now")
        except (ServingError, ValueError) as error:
            self.turns.notice = "the code has changed and does not load; the one before answers"
            self.tell(f"{error}\nthe code before the change goes on answering")

    def _state(self) -> str:
        return "" if self.recipe.code is None else folder_digest(self.recipe.code)

    def _started(self) -> Turn:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        try:
            lay_out(self._files, self.recipe.code, folder / "model")
            worker = ToolkitWorker(
                self.launcher, folder / "model", self.recipe.environment, self.log
            )
        except BaseException:
            discard(folder)
            raise
        turn = Turn(worker, folder)
        try:
            _await(worker)
        except BaseException:
            turn.end()
            raise
        return turn


def check_code(recipe: Recipe, tell: Callable[[str], None]) -> None:
    """Tell what is found in the code of a recipe.

    Args:
        recipe: What is to be served.
        tell: Takes each finding.

    Raises:
        ValueError: There are errors, or the code can't be read.
    """
    if recipe.code is None:
        return
    found = findings_of(recipe.code, recipe.image, recipe.environment)
    for each in found:
        tell(f"{each.severity.value}: {each}")
    errors = sum(each.severity is Severity.ERROR for each in found)
    if errors:
        raise ValueError(
            f"the code has {errors} error(s), with which no endpoint works; mend what is told above"
        )


def _await(worker: ToolkitWorker) -> None:
    """Wait until a worker is ready, as long as that takes.

    Raises:
        ServingError: It ended.
    """
    while not worker.ready():
        ending = worker.exited()
        if ending is not None:
            raise ServingError(f"the model does not load:\n{ending}")
        time.sleep(_LOOK_EVERY)
