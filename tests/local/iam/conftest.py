"""One deployment with IAM enforced, over TLS; its roles lose one right at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from local.iam.deployment import STACK, Deployment, read_template
from sagemaker_model.local.environment.parts import BUILD, NODE, Prepared
from sagemaker_model.local.lifecycle import Wanted, down, up
from sagemaker_model.local.programs import search_path
from sagemaker_model.local.record import Record
from sagemaker_model.local.variables import variables, without_credentials

ROOT = Path(__file__).parents[3]
APP = Path(__file__).parent / "app"
OTHERS = "bucket-of-others"
CDK = ROOT / "node_modules" / ".bin" / "cdk"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of models for a Hub."""
    root = tmp_path_factory.mktemp("models")
    folder = root / "tiny" / "bert"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "vocab_size": 8}))
    (folder / "model.safetensors").write_bytes(_safetensors())
    return root


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Record]:
    """Return a local AWS that enforces IAM."""
    state, cache = tmp_path_factory.mktemp("aws"), ROOT / ".cache" / "local"
    prepared = Prepared(
        Path(sys.executable),
        BUILD.prepare(cache) / "bin" / "python",
        NODE.prepare(cache) / "node_modules",
    )
    yield up(state, Wanted(hub=models, auth=True, time_factor=200), prepared)
    down(state)


@pytest.fixture(scope="session")
def deployment(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Return the stack of ``app/app.py``, deployed by the CDK CLI."""
    told, assembly = variables(record), tmp_path_factory.mktemp("assembly")
    _put_objects(told)
    environment = {**without_credentials(), "PATH": search_path(), **told}
    app = f"{sys.executable} {APP / 'app.py'}"
    context = ["--context", f"objects=s3://{OTHERS}/model/"]
    where = f"aws://{record.account}/{record.region}"
    for command in (
        ["bootstrap", where, "--app", ""],
        ["deploy", STACK, "--require-approval", "never", "--app", app, *context],
    ):
        done = subprocess.run(
            [CDK, *command, "--output", str(assembly)],
            cwd=assembly,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return Deployment(told, read_template(assembly))


def _put_objects(told: dict[str, str]) -> None:
    s3 = boto3.client(
        "s3",
        endpoint_url=told["AWS_ENDPOINT_URL"],
        region_name=told["AWS_REGION"],
        aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
        verify=told["AWS_CA_BUNDLE"],
    )
    s3.create_bucket(Bucket=OTHERS)
    for key in ("model/config.json", "elsewhere/config.json"):
        s3.put_object(Bucket=OTHERS, Key=key, Body=b"{}")


def _safetensors() -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4)
