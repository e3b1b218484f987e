"""A real language model behind an engine's name: ``transformers serve`` on this machine's CPU.

Source: "Serving", https://huggingface.co/docs/transformers/main/en/serving
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from sagemaker_model.local.serving.answers import ANSWERED_BY, Answer, ServingError, StreamedAnswer
from sagemaker_model.local.serving.launcher import PROGRAMS
from sagemaker_model.local.serving.loopback import ask_streamed, is_healthy
from sagemaker_model.local.serving.model_data import discard
from sagemaker_model.local.serving.program_log import ProgramLog
from sagemaker_model.local.serving.stand_in import StandIn

_CHAT = "/v1/chat/completions"
_HEALTH = "/health"
# Where the engines' images read which model they serve.
_MODEL_VARIABLES = ("SM_VLLM_MODEL", "SM_SGLANG_MODEL_PATH", "HF_MODEL_ID")
_MOUNTED = "/opt/ml/model"
# Fields of the engines' chats that are not OpenAI's, as transformers calls them.
_SAMPLING = {
    **{name: name for name in ("top_k", "min_p", "typical_p", "repetition_penalty")},
    "repeat_penalty": "repetition_penalty",
}
_MOST_TOKENS = 1024


class LanguageModel:
    """A language model that answers chats; all else a stand-in answers.

    Args:
        python: Interpreter of an environment with ``transformers[serving]`` and torch.
        stand_in: Stands in for the engine.
        environment: All variables of the program, those of the container among them.
        log: Takes each line that the program writes, on a thread of its own.

    Raises:
        ServingError: The environment has no ``transformers``, or the container names no model.
    """

    def __init__(
        self,
        python: Path,
        stand_in: StandIn,
        environment: Mapping[str, str],
        log: Callable[[str], None],
    ) -> None:
        self._stand_in = stand_in
        self._model = model_of(environment, stand_in.model)
        self._port = _free_port()
        program = python.parent / "transformers"
        if not program.exists():
            raise ServingError(
                f"{program} is not there, so no language model can be served: install "
                "transformers[serving] beside the interpreter of SAGEMAKER_MODEL_LOCAL_LLM_PYTHON"
            )
        command = [str(program), "serve", self._model, "--host", "127.0.0.1"]
        command += ["--port", str(self._port), "--device", "cpu"]
        self._log = ProgramLog(log, name=f"log of {stand_in.model.parent.name}")
        ends, lifeline = os.pipe()
        self._lifeline = os.fdopen(lifeline, "wb")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "toolkit_program.guarded", str(ends), *command],
                cwd=PROGRAMS,
                env=environment,
                pass_fds=[ends],
                stdin=subprocess.DEVNULL,
                stdout=self._log.descriptor,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(ends)
            self._log.close()

    @property
    def note(self) -> str:
        """That it is another program on another machine."""
        return (
            f"transformers answers chats for {self._stand_in.what}, on this machine's CPU; "
            "a stand-in answers all else"
        )

    def exited(self) -> str | None:
        """Return the last lines of its log; None while it runs."""
        return self._log.ending()

    def ready(self) -> bool:
        """Tell whether it serves."""
        return is_healthy(self._port, _HEALTH)

    def invoke(self, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
        """Return the answer to a request.

        Args:
            body: The request, an object of JSON.
            headers: Its headers.
            timeout: How long the answer may take, in seconds.

        Raises:
            TimeoutError: It took longer.
            ConnectionError: The program ended before it answered.
        """
        answer = self.stream(body, headers, timeout)
        return Answer(answer.status, answer.headers, b"".join(answer.parts))

    def stream(self, body: bytes, headers: Mapping[str, str], timeout: float) -> StreamedAnswer:
        """Return the answer to a request, whose parts come as they are made.

        Args:
            body: The request, an object of JSON.
            headers: Its headers.
            timeout: How long each part may take, in seconds.

        Raises:
            TimeoutError: It took longer.
            ConnectionError: The program ended before it answered.
        """
        chat = _chat(body)
        if chat is None:
            return self._stand_in.stream(body, headers, timeout)
        asked = json.dumps({**as_transformers_asks(chat), "model": self._model}).encode()
        answer = ask_streamed(self._port, _CHAT, asked, headers, timeout)
        told = {**answer.headers, ANSWERED_BY: "transformers on a CPU"}
        return StreamedAnswer(answer.status, told, answer.parts)

    def stop(self) -> None:
        """End the program and all that it started, and delete the model folder."""
        self._lifeline.close()
        self._process.wait()
        self._log.wait()
        discard(self._stand_in.model)


def model_of(environment: Mapping[str, str], mounted: Path) -> str:
    """Return what an engine's image would serve: a model's name, or the folder of its files.

    Args:
        environment: Variables of the container.
        mounted: Its model folder.

    Raises:
        ServingError: It names none, and the folder is empty.
    """
    named = [environment[name] for name in _MODEL_VARIABLES if environment.get(name)]
    if named and not named[0].startswith(_MOUNTED):
        return named[0]
    if any(mounted.iterdir()):
        return str(mounted)
    raise ServingError(f"the container names no model; set one of {', '.join(_MODEL_VARIABLES)}")


def as_transformers_asks(chat: Mapping[str, object]) -> dict[str, object]:
    """Return an engine's chat request in the words of ``transformers serve``.

    It refuses fields that are not OpenAI's, and samples only where it is told to in a field of its
    own; the engines sample unless the temperature is 0, from all tokens unless ``top_k`` is given.

    Args:
        chat: The request.
    """
    rest = {name: value for name, value in chat.items() if name not in _SAMPLING}
    given = {_SAMPLING[name]: value for name, value in chat.items() if name in _SAMPLING}
    config = {
        "do_sample": chat.get("temperature") != 0,
        "top_k": 0,
        "max_new_tokens": _MOST_TOKENS,
        **given,
    }
    return {**rest, "generation_config": json.dumps(config)}


def _chat(body: bytes) -> dict[str, object] | None:
    try:
        request = json.loads(body)
    except ValueError:
        return None
    return request if isinstance(request, dict) and "messages" in request else None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
