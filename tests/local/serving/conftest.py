"""S3 on this machine, and containers that are stopped when their test is over."""

from __future__ import annotations

import io
import json
import tarfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from fakes.s3 import StrictS3
from made_by_make import SERVING_PYTHON, found, serving_python
from sagemaker_model.local.hub.samples import minilm_folder
from sagemaker_model.local.serving.container import ContainerDefinition
from sagemaker_model.local.serving.object_cache import s3_client
from sagemaker_model.local.serving.worker import Worker, start
from sagemaker_model.local.settings import Settings

ROOT = Path(__file__).parents[3]
BUCKET = "weights"
TOOLKIT_IMAGE = (
    "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-inference:"
    "2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
)
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Storage:
    """Model data in S3, and what was asked of it."""

    url: str
    client: Any

    @property
    def aws(self) -> dict[str, str]:
        return _aws(self.url)

    def put(self, files: dict[str, bytes], prefix: str = "model/") -> str:
        """Put files below a prefix, and return its URI."""
        for name, content in files.items():
            self.client.put_object(Bucket=BUCKET, Key=f"{prefix}{name}", Body=content)
        return f"s3://{BUCKET}/{prefix}"

    def control(self, *faults: dict[str, object]) -> None:
        body = json.dumps({"faults": list(faults)}).encode()
        urllib.request.urlopen(f"{self.url}/_control", body).read()

    def requests(self) -> list[str]:
        return list(json.loads(urllib.request.urlopen(f"{self.url}/_requests").read()))


@dataclass
class Containers:
    """Starts containers in a folder."""

    settings: Settings
    folder: Path
    aws: dict[str, str]
    lines: list[str] = field(default_factory=list)
    started: list[Worker] = field(default_factory=list)

    def start(self, **request: Any) -> Worker:
        """Start a container of CreateModel, without waiting for it."""
        container = ContainerDefinition.from_request(request, "AllTraffic")
        folder = self.folder / str(len(self.started))
        log = self.lines.append
        worker = start(container, folder=folder, aws=self.aws, log=log, settings=self.settings)
        self.started.append(worker)
        return worker

    def serve(self, **request: Any) -> Worker:
        """Start a container and wait until it serves."""
        worker = self.start(**request)
        await_that(lambda: worker.ready() or worker.exited() is not None)
        assert worker.ready(), worker.exited()
        return worker


def await_that(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def archive(files: dict[str, bytes]) -> bytes:
    """Return files as SageMaker wants an archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def prefix_source(uri: str) -> dict[str, Any]:
    """Return what a request has for all objects below a prefix."""
    source = {"S3Uri": uri, "S3DataType": "S3Prefix", "CompressionType": "None"}
    return {"ModelDataSource": {"S3DataSource": source}}


def _aws(url: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
    }


@pytest.fixture(scope="session")
def _storage() -> Iterator[Storage]:
    application = StrictS3(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield Storage(url, s3_client(_aws(url)))
    server.shutdown()
    server.server_close()


@pytest.fixture
def storage(_storage: Storage) -> Storage:
    """An empty bucket, and no faults."""
    # moto keeps one S3 for the whole process, which other tests empty too.
    urllib.request.urlopen(f"{_storage.url}/moto-api/reset", b"").read()
    _storage.client.create_bucket(Bucket=BUCKET)
    _storage.control()
    return _storage


@pytest.fixture(scope="session")
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    # One state folder, and so one process that forks, for all.
    state = tmp_path_factory.mktemp("state")
    return Settings(state=state, serving_python=found(*SERVING_PYTHON))


@pytest.fixture(scope="session")
def serving() -> Path:
    """Return the interpreter that serves toolkit containers."""
    return serving_python()


@pytest.fixture
def containers(_settings: Settings, storage: Storage, tmp_path: Path) -> Iterator[Containers]:
    """Containers that end with the test."""
    made = Containers(_settings, tmp_path, storage.aws)
    yield made
    for each in made.started:
        each.stop()


@pytest.fixture(scope="session")
def minilm() -> Path:
    """Return the folder of a real model: sentence-transformers' all-MiniLM-L6-v2."""
    return minilm_folder()
