"""The real multi-model-server, which SageMaker's containers run, with a handler on loopback."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import Lay, listing

numpy: Any = pytest.importorskip("numpy")
sentence_transformers: Any = pytest.importorskip("sentence_transformers")

pytestmark = pytest.mark.skipif(not shutil.which("java"), reason="the model server needs Java")

TEXTS = ["a text", "and one that is longer", "third"]
SERVICE = "sagemaker_huggingface_inference_toolkit.handler_service:handle"
# The settings of the toolkit's own start, which wants to write below /etc and /opt.
SETTINGS = """
inference_address=http://127.0.0.1:{inference}
management_address=http://127.0.0.1:{management}
default_service_handler={service}
default_workers_per_model=1
decode_input_request=false
enable_envvars_config=false
"""
Post = Callable[[object], Any]


def free_ports() -> tuple[int, int]:
    """Return two ports that nobody listens on; the server takes none above 32766."""
    free = []
    for port in random.sample(range(20000, 32000), 50):
        with socket.socket() as listener:
            if listener.connect_ex(("127.0.0.1", port)):
                free.append(port)
    return free[0], free[1]


def start(folder: Path, home: Path, ports: tuple[int, int]) -> subprocess.Popen[str]:
    home.mkdir()
    settings = home / "mms.properties"
    inference, management = ports
    settings.write_text(
        SETTINGS.format(service=SERVICE, inference=inference, management=management)
    )
    programs = Path(sys.executable).parent
    command = [str(programs / "multi-model-server"), "--start", "--foreground"]
    command += ["--model-store", "/", "--models", f"model={folder}"]
    return subprocess.Popen(
        [*command, "--mms-config", str(settings)],
        cwd=home,
        env={
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(folder / "code"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(home),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def post(lay: Lay, minilm: Path, tmp_path: Path) -> Iterator[Post]:
    """Return a function that asks a server with the handler for embeddings."""
    folder, ports = lay("embeddings", minilm), free_ports()
    before = listing(folder)
    server = start(folder, tmp_path / "server", ports)
    assert server.stdout
    try:
        log = []
        for line in server.stdout:
            log.append(line)
            if "Model server started" in line:
                break
        else:
            pytest.fail("".join(log))

        def ask(body: object) -> Any:
            url = f"http://127.0.0.1:{ports[0]}/invocations"
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(url, json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)

        yield ask
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.communicate()
    assert listing(folder) == before


def test_answers_over_http_are_those_of_sentence_transformers(post: Post, minilm: Path) -> None:
    answer = post({"inputs": TEXTS})

    expected = sentence_transformers.SentenceTransformer(str(minilm), device="cpu").encode(TEXTS)
    assert numpy.abs(answer - expected).max() < 1e-5


def test_a_mistake_reaches_the_caller_as_a_status_of_400_with_the_reason(post: Post) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        post({"inputs": []})

    assert caught.value.code == 400
    message = json.load(caught.value)["message"]
    assert message == "'inputs' is empty; give at least one string"
