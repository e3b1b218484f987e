"""The program as its users run it, a Hub in this process, and an S3 server in its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sagemaker_model.local.hub.control import Control
from sagemaker_model.local.hub.samples import minilm_folder
from sagemaker_model.local.hub.server import Hub

ROOT = Path(__file__).parents[2]
BUCKET = "weights"
AWS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass
class Bucket:
    """What lies in S3, and what was asked of it."""

    url: str
    client: Any
    name: str = BUCKET

    def control(self, *faults: dict[str, object]) -> None:
        body = json.dumps({"faults": list(faults)}).encode()
        urllib.request.urlopen(f"{self.url}/_control", body).read()

    def requests(self) -> list[str]:
        answer = urllib.request.urlopen(f"{self.url}/_requests").read()
        return list(json.loads(answer))

    def stored(self, prefix: str = "") -> set[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix
        )
        return {item["Key"] for page in pages for item in page.get("Contents", [])}

    def read(self, key: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        return body

    def put(self, key: str, body: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=body)

    def files(self, prefix: str) -> dict[str, str]:
        """Return the SHA-256 of each object below a prefix, by path."""
        keys = self.stored(prefix)
        return {k.removeprefix(prefix): hashlib.sha256(self.read(k)).hexdigest() for k in keys}

    def manifest(self, prefix: str) -> dict[str, Any]:
        return dict(json.loads(self.read(f"{prefix.rstrip('/')}.manifest.json")))

    def tagged(self, prefix: str) -> set[str]:
        """Return the objects below a prefix that a rule for unfinished ones lets expire."""
        return {key for key in self.stored(prefix) if self.tags(key).get("staging") == "unfinished"}

    def tags(self, key: str) -> dict[str, str]:
        answer = self.client.get_object_tagging(Bucket=self.name, Key=key)
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def uploads(self) -> list[str]:
        answer = self.client.list_multipart_uploads(Bucket=self.name)
        return [item["Key"] for item in answer.get("Uploads", [])]

    def empty(self) -> None:
        self.control()
        for item in self.client.list_multipart_uploads(Bucket=self.name).get("Uploads", []):
            self.client.abort_multipart_upload(
                Bucket=self.name, Key=item["Key"], UploadId=item["UploadId"]
            )
        for key in self.stored():
            self.client.delete_object(Bucket=self.name, Key=key)


@dataclass
class Program:
    """Runs ``python -m model_builder`` with the settings of a test."""

    environment: dict[str, str] = field(default_factory=dict)

    def start(self, command: str = "build", **settings: str) -> subprocess.Popen[str]:
        environment = {**self.environment, **settings}
        return subprocess.Popen(
            [sys.executable, "-m", "model_builder", command],
            cwd=ROOT / "codebuild",
            env={name: value for name, value in environment.items() if value},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command: str = "build", **settings: str) -> subprocess.CompletedProcess[str]:
        process = self.start(command, **settings)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def succeed(self, command: str = "build", **settings: str) -> str:
        """Run, expect success, and return what was printed and logged."""
        done = self.run(command, **settings)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def fail(self, code: int = 1, command: str = "build", **settings: str) -> str:
        """Run, expect failure, and return the log."""
        done = self.run(command, **settings)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    program = ROOT / "tests" / "fakes" / "s3.py"
    server = subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **AWS},
    )
    assert server.stdout
    yield server.stdout.readline().strip()
    server.kill()
    server.communicate()


@pytest.fixture(scope="session")
def _bucket(s3_url: str) -> Bucket:
    client = boto3.client(
        "s3",
        endpoint_url=s3_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(response_checksum_validation="when_required"),
    )
    client.create_bucket(Bucket=BUCKET)
    return Bucket(s3_url, client)


@pytest.fixture
def bucket(_bucket: Bucket) -> Bucket:
    """An empty bucket."""
    _bucket.empty()
    return _bucket


@pytest.fixture
def other(_bucket: Bucket) -> Bucket:
    """Another empty bucket, as another account has it."""
    found = Bucket(_bucket.url, _bucket.client, "others")
    found.client.create_bucket(Bucket=found.name)
    found.empty()
    return found


@pytest.fixture(scope="session")
def _hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    root = tmp_path_factory.mktemp("hub")
    hub = Hub(root)
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    yield hub
    hub.shutdown()
    hub.server_close()


@pytest.fixture
def hub(_hub: Hub) -> Hub:
    """A Hub without faults."""
    _hub.control = Control()
    _hub.requests.clear()
    return _hub


@pytest.fixture(scope="session")
def minilm(_hub: Hub) -> str:
    """Return the name of a real model on the Hub: sentence-transformers' all-MiniLM-L6-v2."""
    source = minilm_folder()
    home = _hub.repositories.root / "sentence-transformers"
    home.mkdir()
    (home / "all-MiniLM-L6-v2").symlink_to(source, target_is_directory=True)
    return "sentence-transformers/all-MiniLM-L6-v2"


Publish = Callable[..., str]


@pytest.fixture
def publish(_hub: Hub, tmp_path: Path) -> Publish:
    """Return a function that puts a small model on the Hub, and returns its name."""

    def put(name: str = "tiny", **contents: bytes | None) -> str:
        model_id = f"{tmp_path.name}/{name}"
        folder = _hub.repositories.root / model_id
        for path, data in {**TINY, **contents}.items():
            if data is not None:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(data)
        return model_id

    return put


TINY = {
    "config.json": b'{"architectures": ["BertModel"]}',
    "tokenizer_config.json": b"{}",
    "tokenizer.json": b"{}",
    "model.safetensors": bytes(range(256)) * 400,
    "pytorch_model.bin": b"pickled" * 100,
    "README.md": b"# Tiny",
    ".gitattributes": b"*.bin filter=lfs",
    "tf_model.h5": b"keras",
    "onnx/model.onnx": b"onnx",
}
STAGED = {
    "config.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "model.safetensors",
    "README.md",
}


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder with inference code."""
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "inference.py").write_text("def model_fn(folder):\n    return folder\n")
    (folder / "requirements.txt").write_text("")
    return folder


@pytest.fixture
def program(hub: Hub, bucket: Bucket, tmp_path: Path) -> Program:
    """The program, with settings that lead to the Hub and the bucket of this test."""
    return Program(
        {
            **AWS,
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": "",
            "HF_ENDPOINT": hub.url,
            "AWS_ENDPOINT_URL": bucket.url,
            "DESTINATION": f"s3://{BUCKET}/stack/model/digest/",
            "STALL_SECONDS": "2",
        }
    )


PREFIX = "stack/model/digest/"
