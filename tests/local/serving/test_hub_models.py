"""The sample models of the local Hub behind toolkit containers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.serving.conftest import (
    JSON,
    ROOT,
    TOOLKIT_IMAGE,
    Containers,
    Storage,
    await_that,
    prefix_source,
)
from sagemaker_model.local.hub.samples import MINILM, MINILM_COMMIT, RERANKER, make_samples
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.local.serving.worker import Worker

pytestmark = pytest.mark.usefixtures("serving")

# Known before: the real model's embedding of "hello", and the sample reranker's scores.
HELLO = [-0.062772, 0.054959, 0.052165]
PASSAGES = ["on mats", "on chairs"]
SCORES = [0.964573, 0.987949]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    root = tmp_path_factory.mktemp("hub")
    make_samples(root)
    server = Hub(root)
    server.serve_in_background()
    yield server
    server.shutdown()
    server.server_close()


def ask(worker: Worker, body: object) -> Any:
    answer = worker.invoke(json.dumps(body).encode(), JSON, 60)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def files_of(folder: Path, below: str = "") -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {below + path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_a_model_id_is_downloaded_from_the_local_hub_at_its_commit(
    containers: Containers, hub: Hub
) -> None:
    settings = replace(containers.settings, hub=hub.url)
    environment = {
        "HF_MODEL_ID": MINILM,
        "HF_MODEL_REVISION": MINILM_COMMIT,
        "HF_TASK": "feature-extraction",
    }

    worker = replace(containers, settings=settings).serve(
        Image=TOOLKIT_IMAGE, Environment=environment
    )

    tokens = ask(worker, {"inputs": "hello"})[0]
    assert (len(tokens), len(tokens[0])) == (3, 384)
    assert any(f"/resolve/{MINILM_COMMIT}/" in request for request in hub.requests)


def test_a_hub_that_is_down_fails_the_start_with_its_reason(
    containers: Containers, hub: Hub
) -> None:
    settings = replace(containers.settings, hub=hub.url)
    hub.control.faults = [{"match": ".", "status": 500}]

    worker = replace(containers, settings=settings).start(
        Image=TOOLKIT_IMAGE, Environment={"HF_MODEL_ID": MINILM, "HF_TASK": "feature-extraction"}
    )

    await_that(lambda: worker.exited() is not None)
    hub.control.faults = []
    assert "500 Server Error" in str(worker.exited())


def test_two_staged_models_and_their_handler_embed_and_rerank(
    containers: Containers, storage: Storage, hub: Hub
) -> None:
    root = hub.repositories.root
    files = files_of(root / MINILM, "all-MiniLM-L6-v2/")
    files |= files_of(root / RERANKER, "ms-marco-MiniLM-L-6-v2/")
    code = ROOT / "custom_inference" / "embeddings_and_cross_encoder" / "code"
    files |= files_of(code, "code/")

    worker = containers.serve(Image=TOOLKIT_IMAGE, **prefix_source(storage.put(files)))

    embedded = ask(worker, {"type": "embeddings", "input": ["hello"]})
    scores = ask(
        worker, {"type": "cross-encoder", "input": "what do cats sit on", "passages": PASSAGES}
    )
    assert embedded[0][:3] == pytest.approx(HELLO, abs=1e-5)
    assert scores == pytest.approx(SCORES, abs=1e-4)
