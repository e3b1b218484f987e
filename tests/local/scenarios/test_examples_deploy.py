"""The examples of the repository deploy, and their endpoints answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from local.conftest import MakeProject
from local.live import ROOT, LocalAws
from local.project import Project
from sagemaker_model.local.hub import samples

CHAT = {"messages": [{"role": "user", "content": "hi"}]}
# Their weights come from the Hub's samples, or the container's program is stood in for.
EXAMPLES = {
    "container_tgi": {"inputs": "hi"},
    "container_toolkit": {"inputs": "hello world"},
    "container_vllm": CHAT,
    "custom_inference": {"inputs": "hello world"},
    "embeddings_tei": {"inputs": ["hello world"]},
    "local_folder": {"inputs": "hello world"},
    "model_package": {"inputs": "hi"},
    "rest_api": CHAT,
    "search_models": {"type": "embeddings", "input": ["hello world"]},
}


@pytest.fixture(scope="module")
def deployed(aws: LocalAws, make_project: MakeProject) -> Iterator[Project]:
    samples.make_samples(aws.hub.repositories.root)
    project = make_project("examples")
    project.write({"examples": list(EXAMPLES), "folder": str(ROOT / "examples")})
    project.deploy("**").succeed()
    yield project
    project.destroy("**").succeed()


def stack_of(aws: LocalAws, example: str) -> str:
    stage = example.replace("_", "-")
    stacks = [name for name in aws.stacks() if name.startswith(f"{stage}-")]
    (stack,) = [name for name in stacks if aws.resources(name, "AWS::SageMaker::Endpoint")]
    return stack


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_deploys_and_its_endpoint_answers(aws: LocalAws, example: str) -> None:
    answer = aws.ask(stack_of(aws, example), EXAMPLES[example])
    assert json.dumps(answer) not in {"null", "[]", "{}"}
