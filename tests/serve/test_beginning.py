"""What ``serve`` finds out before it serves: which model, what is wrong with it, and where."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sagemaker_model.cli.main import app

ROOT = Path(__file__).parents[2]
TWO_MODELS = """\
from aws_cdk import App, Stack
from sagemaker_model import Container, ContainerImages, SageMakerModel

app = App()
stack = Stack(app, "Chat")
for name in ("One", "Two"):
    container = Container(
        model_id=f"org/{name.lower()}",
        instance_type=app.node.try_get_context("type") or "ml.g5.2xlarge",
        container=ContainerImages.HF_VLLM_LATEST,
    )
    SageMakerModel(stack, name, model=container)
app.synth()
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an app with two models, where the command runs."""
    (tmp_path / "cdk.json").write_text(json.dumps({"app": f"{sys.executable} app.py"}))
    (tmp_path / "app.py").write_text(TWO_MODELS)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def serve(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["serve", *map(str, arguments)])


def test_the_model_of_an_app_is_named_and_its_line_printed(project: Path) -> None:
    done = serve("--model", "Two", "--region", "eu-west-1", "--port", 9000)

    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("warning: lock: is not given")
    assert done.stdout.splitlines()[0].startswith("aws ecr get-login-password --region eu-west-1")
    assert "--env HF_MODEL_ID=org/two" in done.stdout
    assert "127.0.0.1:9000:8080" in done.stdout
    assert sorted(each.name for each in project.iterdir()) == ["app.py", "cdk.json", "node_modules"]


@pytest.mark.usefixtures("project")
def test_an_app_with_errors_is_not_served() -> None:
    done = serve("--model", "Two", "--context", "type=ml.m5.large")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "error: instance_type: has no GPU" in done.stderr
    assert "error: the app could not be synthesized; what is wrong is above" in done.stderr


def test_a_folder_without_an_app_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    done = serve()

    assert done.exit_code == 1
    assert "there is no cdk.json in" in done.stderr


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A code folder without a mistake, with a folder of weights beside it."""
    (tmp_path / "weights").mkdir()
    code = tmp_path / "code"
    code.mkdir()
    (code / "inference.py").write_text("def model_fn(model_dir):\n    return 1\n")
    return code


def test_errors_of_the_contract_come_before_anything_is_started(code: Path) -> None:
    (code / "inference.py").write_text("async def predict_fn(model):\n    return 1\n")
    (code / "requirements.txt").write_text("torch==1.0\n")

    done = serve(code, "--weights", code.parent / "weights", "--serving-python", "/nowhere")

    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert done.exit_code == 1
    assert len(errors) > 2
    assert "predict_fn is async" in done.stderr
    assert errors[-1] == (
        f"error: the code has {len(errors) - 1} error(s), with which no endpoint works; mend what "
        "is told above"
    )


def test_a_port_that_is_taken_is_told_before_anything_is_started(code: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = serve(
            code,
            *("--weights", code.parent / "weights", "--port", port),
            *("--serving-python", "/nowhere"),
        )

    assert done.exit_code == 1
    assert f"error: 127.0.0.1:{port} can't be listened at" in done.stderr
    assert "--port 0 for a free one" in done.stderr


@pytest.mark.usefixtures("project")
def test_an_app_names_its_models_itself() -> None:
    done = serve("--model-id", "org/name")

    assert done.exit_code == 2
    assert "goes with a code folder" in done.stderr
