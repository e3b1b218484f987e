"""The app that is written: Python, whatever is asked for."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.project.app_file import app_file
from sagemaker_model.project.app_files import FLAGS, project_files
from sagemaker_model.project.project import Project
from sagemaker_model.project.starter import SKELETON, Starter
from sagemaker_model.stack_name import stack_name_of

ROOT = Path(__file__).parents[2]
CONTAINER = Project(
    name="Chat",
    instance_type="ml.g5.xlarge",
    model_id="org/name",
    image="ContainerImages.HF_VLLM_LATEST",
)
PROJECTS = {
    "container": CONTAINER,
    "all": Project(
        name="Chat",
        instance_type="ml.g5.xlarge",
        model_id="org/name",
        revision="main",
        image='ContainerImage.of("huggingface")',
        env={"HF_TASK": "fill-mask"},
        max_total_tokens=4096,
        region="eu-west-1",
        hf_token="hub",
    ),
    "custom": Project(
        name="Chat",
        instance_type="ml.m5.xlarge",
        model_id="org/name",
        starter=Starter(name="pipeline", pipeline="fill-mask", why=""),
    ),
    "skeleton": Project(name="Chat", instance_type="ml.m5.xlarge", model_id=None, starter=SKELETON),
}


def arguments(project: Project) -> dict[str, object]:
    """Return the literal arguments of the deployment in the app's text."""
    (call,) = [
        node
        for node in ast.walk(ast.parse(app_file(project)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"Container", "CustomInference"}
    ]
    literals = [each for each in call.keywords if isinstance(each.value, ast.Constant | ast.Dict)]
    return {str(each.arg): ast.literal_eval(each.value) for each in literals}


@pytest.mark.parametrize("name", PROJECTS)
def test_the_python_is_as_ruff_wants_it(name: str, tmp_path: Path) -> None:
    for path, text in project_files(PROJECTS[name]).items():
        if path in {"app.py", "tests/test_app.py"}:
            (tmp_path / Path(path).name).write_text(text)

    ruff = [sys.executable, "-m", "ruff"]
    for check in (["format", "--check"], ["check", "--select", "F,I,UP,E"]):
        done = subprocess.run(
            [*ruff, *check, "--isolated", "--no-cache", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_what_is_not_asked_for_is_left_to_the_library() -> None:
    assert arguments(CONTAINER) == {"model_id": "org/name", "instance_type": "ml.g5.xlarge"}


def test_all_that_is_asked_for_is_in_the_app() -> None:
    told = arguments(PROJECTS["all"])

    assert told["revision"] == "main"
    assert told["env"] == {"HF_TASK": "fill-mask"}
    assert told["hf_token"] == "hub"
    assert "ServingOptions(max_total_tokens=4096)" in app_file(PROJECTS["all"])


@given(st.text(max_size=300))
def test_any_name_makes_a_stack_and_python(text: str) -> None:
    project = Project(name=stack_name_of(text)[:120], instance_type=text, model_id="org/name")

    assert arguments(project)["instance_type"] == text


@pytest.mark.parametrize("name", ["", "1st", "a b", "a_b", "x" * 121, 'a")'])
def test_a_name_that_cloudformation_refuses_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="--name"):
        Project(name=name, instance_type="ml.g5.xlarge", model_id="org/name")


def test_the_feature_flags_are_those_of_the_librarys_own_app() -> None:
    own = json.loads((ROOT / "cdk.json").read_text())["context"]

    assert {key for key in own if key.startswith("@aws-cdk/")} == set(FLAGS)


def test_the_readme_asks_in_the_region_of_the_app() -> None:
    text = project_files(PROJECTS["all"])["README.md"]

    assert "sagemaker-model local up --region eu-west-1" in text
    assert "token set hub" in text
    assert "sagemaker-model invoke Chat" in text
    assert "$" not in text
