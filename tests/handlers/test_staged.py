"""The whole way: staged by the program as CodeBuild runs it, mounted read-only, served."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from handlers.conftest import HANDLERS, Endpoint, listing, make_read_only

boto3: Any = importlib.import_module("boto3")
numpy: Any = importlib.import_module("numpy")
sentence_transformers: Any = importlib.import_module("sentence_transformers")
yaml: Any = importlib.import_module("yaml")

ROOT = Path(__file__).parents[2]
BUCKET = "weights"
PREFIX = "stack/model/digest/"
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
TINY = "cross-encoder/tiny-reranker"
TEXTS = ["a text", "and one that is longer", "third"]
ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def server(*command: str, folder: Path = ROOT) -> Iterator[str]:
    """Run a server of this repository from a folder, and give its URL."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **ACCOUNT},
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@dataclass
class Build:
    """A CodeBuild project with a Hub and an S3 that it can reach.

    Args:
        hub: URL of the Hub.
        s3: URL of S3.
        client: A client of that S3.
    """

    hub: str
    s3: str
    client: Any

    def run(self, **settings: str) -> None:
        """Run what buildspec.yml says; `make` did its install phase once."""
        spec = yaml.safe_load((ROOT / "codebuild" / "buildspec.yml").read_text())
        environment = {
            **ACCOUNT,
            "PATH": f"{Path(sys.prefix) / 'staging' / 'bin'}:{os.environ['PATH']}",
            "HOME": os.environ.get("HOME", "/"),
            "HF_ENDPOINT": self.hub,
            "AWS_ENDPOINT_URL": self.s3,
            "DESTINATION": f"s3://{BUCKET}/{PREFIX}",
            **settings,
        }
        for command in spec["phases"]["build"]["commands"]:
            subprocess.run(command, shell=True, check=True, cwd=ROOT / "codebuild", env=environment)

    def mount(self, folder: Path) -> Path:
        """Bring the prefix to a folder, as SageMaker does before the container starts."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=PREFIX)
        for item in (item for page in pages for item in page["Contents"]):
            path = folder / item["Key"].removeprefix(PREFIX)
            path.parent.mkdir(parents=True, exist_ok=True)
            self.client.download_file(BUCKET, item["Key"], str(path))
        make_read_only(folder)
        return folder


@pytest.fixture
def build(minilm: Path, reranker: Path, tmp_path: Path) -> Iterator[Build]:
    for model_id, files in ((MINILM, minilm), (TINY, reranker)):
        (tmp_path / "hub" / model_id).parent.mkdir(parents=True)
        (tmp_path / "hub" / model_id).symlink_to(files, target_is_directory=True)
    local = ROOT / "constructs" / "sagemaker_model" / "local"
    with (
        # This environment lacks what the library imports; the Hub needs none of it.
        server("-m", "hub", str(tmp_path / "hub"), folder=local) as hub,
        server("tests/fakes/s3.py") as s3,
    ):
        session = boto3.Session("test", "test", region_name="us-east-1")
        client = session.client("s3", endpoint_url=s3)
        client.create_bucket(Bucket=BUCKET)
        yield Build(hub, s3, client)


def code_of(handler: str) -> str:
    return str(HANDLERS / handler / "code")


def vectors(model: Path) -> Any:
    return sentence_transformers.SentenceTransformer(str(model), device="cpu").encode(TEXTS)


@pytest.mark.usefixtures("_clean_interpreter")
def test_a_staged_prefix_is_served(build: Build, minilm: Path, tmp_path: Path) -> None:
    build.run(MODEL_ID=MINILM, CODE_FOLDER=code_of("embeddings"))
    folder = build.mount(tmp_path / "model")
    before = listing(folder)

    answer = Endpoint(folder).answer({"inputs": TEXTS})

    assert numpy.abs(answer - vectors(minilm)).max() < 1e-5
    assert listing(folder) == before


@pytest.mark.usefixtures("_clean_interpreter")
def test_a_staged_archive_is_served(build: Build, minilm: Path, tmp_path: Path) -> None:
    build.run(MODEL_ID=MINILM, CODE_FOLDER=code_of("embeddings"), ARCHIVE="1")
    archive = build.mount(tmp_path / "download") / "model.tar.gz"
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "model", filter="data")
    make_read_only(tmp_path / "model")

    answer = Endpoint(tmp_path / "model").answer({"inputs": TEXTS})

    assert numpy.abs(answer - vectors(minilm)).max() < 1e-5


@pytest.mark.usefixtures("_clean_interpreter")
def test_several_staged_models_are_served_by_their_ids(
    build: Build, minilm: Path, reranker: Path, tmp_path: Path
) -> None:
    build.run(MODEL_ID=f"{MINILM},{TINY}", CODE_FOLDER=code_of("embeddings_and_cross_encoder"))
    endpoint = Endpoint(build.mount(tmp_path / "model"))

    embeddings = endpoint.answer({"type": "embeddings", "model": MINILM, "input": TEXTS})
    scores = endpoint.answer(
        {"type": "cross-encoder", "model": TINY, "input": TEXTS[0], "passages": TEXTS}
    )

    encoder = sentence_transformers.CrossEncoder(str(reranker), device="cpu")
    expected = encoder.predict([(TEXTS[0], text) for text in TEXTS])
    assert numpy.abs(embeddings - vectors(minilm)).max() < 1e-5
    assert numpy.abs(scores - expected).max() < 1e-5
