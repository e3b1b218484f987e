"""The toolkit program beside the real multi-model-server: equal requests, equal answers."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.serving.conftest import (
    SERVING,
    TOOLKIT_IMAGE,
    Containers,
    Storage,
    await_that,
    prefix_source,
)
from local.serving.recorded import ANSWERED, ECHO, REFUSED
from sagemaker_model.local.serving.loopback import ask, is_healthy

pytestmark = [
    pytest.mark.skipif(not SERVING.exists(), reason="needs `make serving`"),
    pytest.mark.skipif(not shutil.which("java"), reason="the model server needs Java"),
]

HANDLER = "sagemaker_huggingface_inference_toolkit.handler_service:handle"
# The settings of the toolkit's own start, which wants to write below /etc and /opt.
SETTINGS = """
inference_address=http://127.0.0.1:{inference}
management_address=http://127.0.0.1:{management}
default_service_handler={handler}
default_workers_per_model=1
decode_input_request=false
enable_envvars_config=false
"""


def free_ports() -> tuple[int, int]:
    """Return two ports that nobody listens on; the server takes none above 32766."""
    free = []
    for port in random.sample(range(20000, 32000), 50):
        with socket.socket() as listener:
            if listener.connect_ex(("127.0.0.1", port)):
                free.append(port)
    return free[0], free[1]


@pytest.fixture(scope="module")
def model_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the real server with the code that echoes."""
    home = tmp_path_factory.mktemp("server")
    code = home / "model" / "code"
    code.mkdir(parents=True)
    (code / "inference.py").write_text(ECHO)
    inference, management = free_ports()
    settings = home / "mms.properties"
    settings.write_text(
        SETTINGS.format(inference=inference, management=management, handler=HANDLER)
    )
    programs = SERVING.parent
    command = [str(programs / "multi-model-server"), "--start", "--foreground"]
    command += ["--model-store", "/", "--models", f"model={home / 'model'}"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--mms-config", str(settings)],
            cwd=home,
            env={
                **os.environ,
                "PATH": f"{programs}:{os.environ['PATH']}",
                "PYTHONPATH": str(code),
                "PYTHONDONTWRITEBYTECODE": "1",
                "TMPDIR": str(home),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        await_that(lambda: is_loaded(home / "log", inference))
        yield inference
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def is_loaded(log: Path, port: int) -> bool:
    """Tell whether the server has a worker: it answers its health check before."""
    return "Model server started" in log.read_text() and is_healthy(port)


def test_every_answer_is_that_of_the_real_server(
    model_server: int, containers: Containers, storage: Storage
) -> None:
    source = prefix_source(storage.put({"code/inference.py": ECHO.encode()}))
    worker = containers.serve(Image=TOOLKIT_IMAGE, **source)

    for what, (headers, body, _) in {**ANSWERED, **REFUSED}.items():
        ours = worker.invoke(body, headers, 60)
        real = ask(model_server, "/invocations", body, headers, 60)

        assert (what, ours.status, ours.body) == (what, real.status, real.body)
        assert ours.headers["content-type"] == real.headers["content-type"]
