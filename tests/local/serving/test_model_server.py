"""The toolkit program beside the real multi-model-server: equal requests, equal answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.model_server import model_server
from local.serving.conftest import TOOLKIT_IMAGE, Containers, Storage, prefix_source
from local.serving.recorded import ANSWERED, ECHO, REFUSED
from sagemaker_model.local.serving.loopback import ask


@pytest.fixture(scope="module")
def real_server(serving: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the real server with the code that echoes."""
    folder = tmp_path_factory.mktemp("server")
    code = folder / "model" / "code"
    code.mkdir(parents=True)
    (code / "inference.py").write_text(ECHO)
    with model_server(serving, folder / "model", folder / "home") as port:
        yield port


def test_every_answer_is_that_of_the_real_server(
    real_server: int, containers: Containers, storage: Storage
) -> None:
    source = prefix_source(storage.put({"code/inference.py": ECHO.encode()}))
    worker = containers.serve(Image=TOOLKIT_IMAGE, **source)

    for what, (headers, body, _) in {**ANSWERED, **REFUSED}.items():
        ours = worker.invoke(body, headers, 60)
        real = ask(real_server, "/invocations", body, headers, 60)

        assert (what, ours.status, ours.body) == (what, real.status, real.body)
        assert ours.headers["content-type"] == real.headers["content-type"]
