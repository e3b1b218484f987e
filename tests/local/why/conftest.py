"""Stacks that failed, each in its own way, and one that did not; the command asks about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from local.faults import letting
from local.live import LocalAws
from local.removal import remove
from local.why.failures import BUCKET, FAILING, GATED, TOKEN, Failing, ends
from local.why.stacks import TOOLKIT, VLLM, deploy, endpoint, synthesized
from sagemaker_model import Container, SmokeTest, Weights
from sagemaker_model.cli.aws import STATE_VARIABLE
from sagemaker_model.cli.main import app as command

Ask = Callable[..., Result]
FINE = "why-fine"
ODD = "why-odd"
# It loads, and fails as soon as it is asked.
CODE = """
def model_fn(model_dir):
    return 1


def predict_fn(data, model):
    import a_package_that_is_not_there
"""


@pytest.fixture(scope="session")
def ask(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A function that runs the command in the folder of a local AWS with those stacks."""
    folder = tmp_path_factory.mktemp("why")
    templates = make_templates(aws, folder)
    faults = [
        {**each.fault, "containing": f"why-{name}", "times": 9}
        for name, each in FAILING.items()
        if each.fault
    ]
    faults.append({**ends(reason="The moon is full."), "containing": ODD})
    with letting(aws, *faults):
        # The log group of a build goes with its stack.
        deploy(aws, templates, kept="why-4-gated")
    aws.record.write()

    def run(*arguments: str) -> Result:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(STATE_VARIABLE, str(aws.record.state))
            return CliRunner().invoke(command, [*arguments, "--local"])

    yield run
    aws.let_hub()
    remove(aws, *templates)


def make_templates(aws: LocalAws, folder: Path) -> dict[str, str]:
    """Return all templates by the names of their stacks; what they need is there then."""
    aws.client("s3").create_bucket(Bucket=BUCKET)
    publish_gated(aws)
    gated = Container(
        model_id=GATED, instance_type="ml.g5.2xlarge", container=VLLM, weights=Weights.staged()
    )
    loads = put(aws, "11-load", {"code/inference.py": CODE, "config.json": "{}"})
    mute = Container(
        model_id="org/name",
        instance_type="ml.m5.xlarge",
        container=TOOLKIT,
        weights=Weights.from_s3(loads),
    )
    smoke = SmokeTest({"inputs": "hello"})
    return {
        **{f"why-{name}": template(aws, name, each) for name, each in FAILING.items()},
        "why-4-gated": synthesized(aws, folder, "why-4-gated", model=gated),
        "why-11-load": synthesized(aws, folder, "why-11-load", model=mute, smoke_test=smoke),
        **{name: endpoint(VLLM, {"HF_MODEL_ID": "org/name"}) for name in (FINE, ODD)},
    }


def publish_gated(aws: LocalAws) -> None:
    """Put a model on the Hub that only those with a token may have."""
    model = aws.hub.repositories.root / GATED
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    aws.hub.repositories.keep(GATED)
    aws.let_hub(gated={GATED: TOKEN})


def template(aws: LocalAws, name: str, each: Failing) -> str:
    """Return the template of a stack that fails, whose model is in S3 then."""
    data = put(aws, name, each.files) if each.files else None
    return endpoint(each.image, each.environment, data, isolated=each.isolated)


def put(aws: LocalAws, name: str, files: Mapping[str, str]) -> str:
    """Put a model's files into S3; return their address."""
    for path, text in files.items():
        aws.client("s3").put_object(Bucket=BUCKET, Key=f"{name}/{path}", Body=text.encode())
    return f"s3://{BUCKET}/{name}/"
