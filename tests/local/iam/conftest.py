"""One deployment with IAM enforced, over TLS; its roles lose one right at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.iam.deployment import OTHERS, OURS, STACK, Deployment, client_of, read_template
from sagemaker_model.local.environment.parts import Prepared
from sagemaker_model.local.lifecycle import Wanted, down, up
from sagemaker_model.local.programs import search_path
from sagemaker_model.local.record import Record
from sagemaker_model.local.variables import variables, without_credentials

ROOT = Path(__file__).parents[3]
APP = Path(__file__).parent / "app"
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
def record(
    tmp_path_factory: pytest.TempPathFactory, models: Path, prepared: Prepared
) -> Iterator[Record]:
    """Return a local AWS that enforces IAM."""
    state = tmp_path_factory.mktemp("aws")
    yield up(state, Wanted(hub=models, auth=True, time_factor=200), prepared)
    down(state)


@pytest.fixture(scope="session")
def deployment(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Return the stack of ``app/app.py``, deployed by the CDK CLI."""
    told, assembly = variables(record), tmp_path_factory.mktemp("assembly")
    _put_objects(told)
    environment = {**without_credentials(), "PATH": search_path(), **told}
    app = f"{sys.executable} {APP / 'app.py'}"
    context = [
        *("--context", f"objects=s3://{OTHERS}/model/"),
        *("--context", f"manifest=s3://{OTHERS}/lent.manifest.json"),
    ]
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
    keys = {
        "AccessKeyId": told["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": told["AWS_SECRET_ACCESS_KEY"],
    }
    s3 = client_of(told, "s3", keys)
    s3.create_bucket(Bucket=OTHERS)
    s3.create_bucket(Bucket=OURS)
    weights, manifest = _safetensors(), json.dumps({"fingerprint": "x", "files": []}).encode()
    for prefix in ("model", "lent", "elsewhere"):
        s3.put_object(Bucket=OTHERS, Key=f"{prefix}/config.json", Body=b"{}")
        s3.put_object(Bucket=OTHERS, Key=f"{prefix}/model.safetensors", Body=weights)
    s3.put_object(Bucket=OTHERS, Key="lent.manifest.json", Body=manifest)


def _safetensors() -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4)
