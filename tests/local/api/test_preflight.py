"""``preflight`` asks a real service, with the clients and credentials of a user."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from typer.testing import CliRunner

from local.live import REGION, LocalAws
from sagemaker_model import Container, SageMakerModel, Weights
from sagemaker_model.cli.main import app as command
from sagemaker_model.local.variables import variables

Ask = Callable[[], dict[str, Any]]


ACCOUNT = "210987654321"


@pytest.fixture
def own(aws: LocalAws) -> LocalAws:
    """An account of its own."""
    return aws.elsewhere(account=ACCOUNT)


@pytest.fixture
def ask(own: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    for name, value in variables(own.record).items():
        monkeypatch.setenv(name, value)
    app = App(outdir=str(tmp_path))
    stack = Stack(app, "Chat", env=Environment(account=ACCOUNT, region=REGION))
    for name, weights, token in (
        ("There", Weights.from_s3("s3://preflight-models/bert/"), None),
        ("Gated", None, "preflight-token"),
    ):
        model = Container(
            model_id="org/name",
            instance_type="ml.g5.2xlarge",
            container=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/preflight-server:1.0.0",
            weights=weights,
            hf_token=token,
        )
        SageMakerModel(stack, name, model=model)
    assembly = app.synth().directory

    def told() -> dict[str, Any]:
        result = CliRunner().invoke(command, ["preflight", assembly, "--json"])
        outcomes = {each["about"]: each["outcome"] for each in json.loads(result.stdout)}
        return {"exit": result.exit_code, **outcomes}

    return told


def test_what_is_missing_fails_until_it_is_there(own: LocalAws, ask: Ask) -> None:
    before = ask()

    s3, ecr = own.client("s3"), own.client("ecr")
    s3.create_bucket(Bucket="preflight-models")
    for name, body in {
        "config.json": b'{"architectures": ["BertModel"], "model_type": "bert"}',
        "model.safetensors": (2).to_bytes(8, "little") + b"{}",
        "vocab.txt": b"a",
    }.items():
        s3.put_object(Bucket="preflight-models", Key=f"bert/{name}", Body=body)
    own.client("secretsmanager").create_secret(Name="preflight-token", SecretString="hf_x")
    ecr.create_repository(repositoryName="preflight-server")
    ecr.put_image(
        repositoryName="preflight-server", imageManifest='{"schemaVersion": 2}', imageTag="1.0.0"
    )
    after = ask()

    assert before == {
        "exit": 1,
        "image": "fails",
        "weights": "fails",
        "secret": "fails",
        "quota": "could not be asked",
    }
    assert after == {
        "exit": 0,
        "image": "ok",
        "weights": "ok",
        "secret": "ok",
        "quota": "could not be asked",
    }
