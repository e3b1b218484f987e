"""Starts the programs of the serving environment, and ends them."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.settings import Settings

PROGRAMS = Path(__file__).parent / "programs"
# What programs get of this process's environment: how to reach the network, and what pip reads.
_KEPT = {
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
}
_LAST_LINES = 20
_launchers: dict[tuple[Path, Path, str | None], Launcher] = {}
_starting = threading.Lock()


class Launcher:
    """The process that forks a program for each model.

    Args:
        python: Interpreter of the serving environment.
        folder: Folder of its log and of what Hugging Face's libraries keep; it is made.
        hub: URL of the Hugging Face Hub. Default: the real one.
    """

    def __init__(self, python: Path, folder: Path, hub: str | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.environment = base_environment(folder, hub)
        self._log = folder / "launcher.log"
        self._asking = threading.Lock()
        self._control, theirs = socket.socketpair()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(python), "-m", "toolkit_program.forks", str(theirs.fileno())],
                cwd=PROGRAMS,
                env=self.environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        theirs.close()
        self._replies = self._control.makefile("rb")

    def start(
        self, model: Path, environment: Mapping[str, str], listener: socket.socket, log: int
    ) -> int:
        """Start a program that serves a model; return its process id.

        Args:
            model: The model folder.
            environment: Its variables, besides those that all programs have.
            listener: Where it listens; the caller closes its own copy.
            log: Descriptor that it writes to; the caller closes its own copy.

        Raises:
            ServingError: The serving environment can't run it.
        """
        told = {
            "model": str(model),
            "environment": {**self.environment, **environment},
            "fresh": any(map(is_read_by_imports, environment)),
        }
        return int(self._ask({"start": told}, [listener.fileno(), log])["pid"])

    def stop(self, pid: int) -> None:
        """End a program and all that it started; one that has ended already is left alone.

        Args:
            pid: What :meth:`start` returned.
        """
        try:
            self._ask({"stop": pid}, [])
        except ServingError:
            return  # All its programs ended with it.

    def close(self) -> None:
        """End the process, and with it all programs."""
        self._replies.close()
        self._control.close()
        self._process.wait()

    def runs(self) -> bool:
        """Tell whether the process has not ended."""
        return self._process.poll() is None

    def _ask(self, value: object, descriptors: list[int]) -> Any:
        with self._asking:
            try:
                socket.send_fds(self._control, [json.dumps(value).encode() + b"\n"], descriptors)
                line = self._replies.readline()
            except OSError:
                line = b""
        if not line:
            last = self._log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
            raise ServingError(
                "the serving environment can't run Hugging Face's inference toolkit: "
                + "\n".join(last)
            )
        return json.loads(line)


def launcher(settings: Settings) -> Launcher:
    """Return the launcher of this process; the first call starts it, and does not wait for it.

    Args:
        settings: They name the serving environment.

    Raises:
        ServingError: They name none.
    """
    if settings.serving_python is None:
        raise ServingError(
            "no serving environment is named, so Hugging Face's inference toolkit can't run: set "
            "SAGEMAKER_MODEL_LOCAL_SERVING_PYTHON to an interpreter that has it"
        )
    named = (settings.serving_python, settings.state / "serving", settings.hub)
    with _starting:
        if named not in _launchers or not _launchers[named].runs():
            _launchers[named] = Launcher(*named)
            atexit.register(_launchers[named].close)
        return _launchers[named]


def is_read_by_imports(name: str) -> bool:
    """Tell whether libraries look at a variable when they are imported, and never again.

    Args:
        name: Name of the variable.
    """
    # The toolkit and its start read these anew each time.
    if name in {"HF_TASK", "HF_MODEL_ID", "HF_MODEL_REVISION", "HF_API_TOKEN"}:
        return False
    libraries = ("HF_", "HUGGINGFACE_", "TRANSFORMERS_", "TOKENIZERS_", "TORCH", "PYTORCH_")
    native = ("OMP_", "MKL_", "OPENBLAS_", "KMP_", "LD_", "PYTHON", "MMS_")
    return name.startswith((*libraries, *native)) or name == "SAGEMAKER_MULTI_MODEL"


def base_environment(folder: Path, hub: str | None) -> dict[str, str]:
    """Return the variables that all programs have.

    Args:
        folder: Folder of what Hugging Face's libraries keep.
        hub: URL of the Hugging Face Hub; None is the real one.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith("PIP_")
    }
    return {
        **kept,
        **({"HF_ENDPOINT": hub} if hub else {}),
        "HF_HOME": str(folder / "hugging-face"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        # Ten of them may run on two cores.
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
