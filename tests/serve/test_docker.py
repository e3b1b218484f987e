"""``serve --docker`` runs the container, and ``serve`` prints what would run it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sagemaker_model.cli.main import app
from sagemaker_model.serve.app_model import AppModel
from sagemaker_model.serve.docker_engine import docker_answers, run
from sagemaker_model.serve.docker_run import docker_run
from serve.programs import Programs
from serve.programs import programs as programs  # noqa: PLC0414 - a fixture, for tests here

IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/vllm:1"
MODEL = AppModel(path="Chat/Model", region="eu-west-1", image=IMAGE, gpus=1)
ASKED = "docker version --format {{.Server.Version}}"
INSPECTED = f"docker image inspect {IMAGE}"
ABSENT = {"docker image inspect": 1}


def test_all_that_is_printed_is_run_in_its_order(programs: Programs, tmp_path: Path) -> None:
    programs.add("docker", "aws", failing=ABSENT)
    line = docker_run(replace(MODEL, model_data="s3://bucket/a/"), folder=tmp_path / "a b")

    assert run(line, IMAGE) == 0
    assert programs.lines == [
        f"aws s3 sync s3://bucket/a/ {tmp_path}/a b",
        INSPECTED,
        "aws ecr get-login-password --region eu-west-1",
        "docker login --username AWS --password-stdin 763104351884.dkr.ecr.eu-west-1.amazonaws.com",
        " ".join(line.run),
    ]
    assert programs.started[3]["told"] == "a password"


def test_an_image_that_is_here_needs_no_login(programs: Programs) -> None:
    programs.add("docker")
    line = docker_run(MODEL, folder=Path("none"), environment={"HF_TOKEN": "hf_secret"})

    run(line, IMAGE)

    assert programs.lines == [INSPECTED, " ".join(line.run)]
    assert programs.started[-1]["token"] == "hf_secret"
    assert "hf_secret" not in programs.lines[-1]


def test_the_containers_exit_code_is_returned(programs: Programs) -> None:
    programs.add("docker", failing={"docker run": 7})

    assert run(docker_run(MODEL, folder=Path("none")), IMAGE) == 7


@pytest.mark.parametrize(
    ("names", "failing", "message"),
    [
        (["docker"], ABSENT, "aws is not installed, or not on PATH"),
        (["docker", "aws"], {**ABSENT, "aws ecr": 1}, "aws gives no password of the registry"),
        (["docker", "aws"], {**ABSENT, "docker login": 1}, "the registry refuses the login"),
        (["docker", "aws"], {"aws s3": 1}, "aws s3 sync failed"),
    ],
    ids=["no aws", "no password", "no login", "no files"],
)
def test_what_fails_before_the_container_is_told_and_runs_none(
    programs: Programs, names: list[str], failing: dict[str, int], message: str
) -> None:
    programs.add(*names, failing=failing)
    data = "s3://bucket/a/" if "aws s3" in failing else None

    with pytest.raises(RuntimeError, match=message):
        run(docker_run(replace(MODEL, model_data=data), folder=Path("none")), IMAGE)

    assert not [line for line in programs.lines if line.startswith("docker run")]


@pytest.mark.parametrize("failing", [{}, {"docker version": 1}, None])
def test_docker_answers_where_its_engine_does(
    programs: Programs, failing: dict[str, int] | None
) -> None:
    if failing is not None:
        programs.add("docker", failing=failing)

    assert docker_answers() is (failing == {})


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A code folder, with an empty folder ``weights`` beside it."""
    (tmp_path / "weights").mkdir()
    code = tmp_path / "code"
    code.mkdir()
    (code / "inference.py").write_text("def model_fn(model_dir):\n    return 1\n")
    return code


def serve(code: Path, *arguments: str) -> Result:
    weights = ["--weights", str(code.parent / "weights")]
    return CliRunner().invoke(app, ["serve", str(code), *weights, "--docker", *arguments])


def test_the_command_runs_the_container_of_a_code_folder(
    programs: Programs, code: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(code.parent)
    programs.add("docker", "mkdir", "cp", failing={"docker run": 3})

    done = serve(code, "--region", "eu-west-1", "--port", "9000", "-e", "A=1", "-e", "NOT_SET")

    assert done.exit_code == 3
    assert programs.lines[0] == ASKED
    assert "127.0.0.1:9000:8080" in programs.lines[-1]
    assert "--env A=1" in programs.lines[-1]
    assert "NOT_SET" not in programs.lines[-1]
    assert ".dkr.ecr.eu-west-1.amazonaws.com/huggingface-pytorch-inference:" in programs.lines[-1]


def test_without_an_engine_the_lines_are_printed(programs: Programs, code: Path) -> None:
    done = serve(code, "--region", "eu-west-1")

    assert done.exit_code == 1
    assert "no Docker engine answers here" in done.stderr
    assert done.stdout.splitlines()[0].startswith("aws ecr get-login-password")
    assert done.stdout.splitlines()[-1].startswith("docker run --rm")
    assert programs.started == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model-id", "org/name"], "give either --model-id org/name or --weights"),
        (["--env", "=1"], "--env must be NAME=VALUE or NAME, got '=1'"),
        ([], "name it with --region"),
        (["--region", "mars-1"], "is in no registry of mars-1"),
    ],
    ids=["two places", "no name", "no region", "unknown region"],
)
def test_a_mistake_is_told_in_a_line(
    programs: Programs,
    code: Path,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs.add("docker")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(code / "none"))

    done = serve(code, *arguments)

    assert done.exit_code == 1
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
