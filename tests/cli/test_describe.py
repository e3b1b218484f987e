import json
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from typer.testing import CliRunner

from model_lock.locks import LOCK, QWEN
from sagemaker_model import Container, ModelPackage, SageMakerModel, Weights
from sagemaker_model.cli.assembly_summary import render, summarize
from sagemaker_model.cli.main import app as command

ARN = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    app = App(outdir=str(tmp_path))
    one = Container(model_id="org/name", instance_type="ml.g5.2xlarge")
    SageMakerModel(Stack(app, "Agnostic"), "Model", model=one)
    other = ModelPackage(model_id="m", instance_type="ml.g5.4xlarge", packages=ARN)
    SageMakerModel(Stack(app, "Package"), "Model", model=other, region="us-east-1")
    app.synth()
    return tmp_path


def test_each_stack_is_told_with_its_model_image_instances_and_template(assembly: Path) -> None:
    agnostic, package = summarize(assembly)

    assert agnostic.name == "Agnostic"
    registry = "<account of AWS::Region>.dkr.ecr.<AWS::Region>.<AWS::URLSuffix>"
    assert agnostic.models[0].startswith(f"org/name in {registry}/huggingface-vllm:")
    assert agnostic.instances == ("1 x ml.g5.2xlarge",)
    assert agnostic.template == assembly / "Agnostic.template.json"
    assert package.models == (f"model package {ARN}",)
    assert package.resources["AWS::SageMaker::Endpoint"] == 1


def test_a_staged_model_is_told_with_what_its_build_is_told(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    staged = Container(model_id="org/name", instance_type="ml.g5.2xlarge", weights=Weights.staged())
    SageMakerModel(Stack(app, "Staged"), "Model", model=staged)
    app.synth()

    (stack,) = summarize(tmp_path)

    assert stack.models[0].startswith("org/name in ")


def test_a_model_that_is_locked_is_told_with_its_licence(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    model = Container(model_id=QWEN.id, instance_type="ml.g5.2xlarge")
    SageMakerModel(Stack(app, "Locked"), "Model", model=model, lock=LOCK)
    app.synth()

    (stack,) = summarize(tmp_path)

    assert stack.models[0].startswith(f"{QWEN.id} (licence {QWEN.licence}) in ")


def test_the_summary_is_readable(assembly: Path) -> None:
    text = render(summarize(assembly))

    assert text.startswith("Agnostic\n  model      org/name in ")
    assert "\n  resources  IAM::Role, IAM::Policy, SageMaker::Model" in text


def test_programs_get_the_stacks_and_their_cost(assembly: Path) -> None:
    done = CliRunner().invoke(command, ["describe", str(assembly), "--json"])

    told = json.loads(done.stdout)
    assert [each["name"] for each in told["stacks"]] == ["Agnostic", "Package"]
    assert [each["instance_type"] for each in told["cost"]] == ["ml.g5.2xlarge", "ml.g5.4xlarge"]


def test_the_command_says_where_an_assembly_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sagemaker_model.cli", "describe", str(tmp_path)]

    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert result.stderr.startswith("error: no synthesized app in")
    assert "Traceback" not in result.stderr
