"""Models on one endpoint come and go without each other."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import dataclass
from typing import Any

import pytest

from local.conftest import MakeProject
from local.live import LocalAws

STACK = "shared"
BUCKET = "adapters-of-shared"
CHAT = {"messages": [{"role": "user", "content": "hi"}]}
ASKED = {"Chat": CHAT, "Support": CHAT, "Embeddings": {"inputs": ["hi"]}}


@dataclass(frozen=True)
class Stage:
    """What was there after a deployment: what answered, and the components that were left."""

    answers: dict[str, Any]
    components: int


def upload_adapter(aws: LocalAws) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("adapter_config.json"))
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="support.tar.gz", Body=packed.getvalue())


def ask(aws: LocalAws, component: str, body: object) -> Any:
    answer = aws.client("sagemaker-runtime").invoke_endpoint(
        EndpointName="Shared",
        InferenceComponentName=component,
        ContentType="application/json",
        Body=json.dumps(body),
    )
    return json.loads(answer["Body"].read())


def stage(aws: LocalAws) -> Stage:
    names = {key.removeprefix("Name"): name for key, name in aws.outputs(STACK).items()}
    answers = {each: ask(aws, name, ASKED[each]) for each, name in names.items()}
    listed = aws.client("sagemaker").list_inference_components(EndpointNameEquals="Shared")
    return Stage(answers, len(listed["InferenceComponents"]))


@pytest.fixture(scope="module")
def stages(aws: LocalAws, make_project: MakeProject) -> list[Stage]:
    """What was there with both models, and after one of them was deleted."""
    upload_adapter(aws)
    project = make_project("shared")
    seen = []
    for models in (["Chat", "Embeddings"], ["Chat"]):
        project.write({"models": models})
        project.deploy().succeed()
        seen.append(stage(aws))
    project.destroy().succeed()
    return seen


def test_two_models_and_an_adapter_answer_on_one_endpoint(stages: list[Stage]) -> None:
    first = stages[0]

    assert first.components == 3
    assert first.answers["Chat"]["choices"]
    assert first.answers["Support"]["choices"]
    assert len(first.answers["Embeddings"]) == 1


def test_when_one_is_deleted_the_others_still_answer(stages: list[Stage]) -> None:
    second = stages[1]

    assert second.components == 2
    assert sorted(second.answers) == ["Chat", "Support"]
    assert second.answers["Chat"]["choices"]


def test_all_of_it_is_deleted_in_an_order_that_sagemaker_takes(
    aws: LocalAws, stages: list[Stage]
) -> None:
    assert stages
    assert STACK not in aws.stacks()
    assert aws.client("sagemaker").list_inference_components()["InferenceComponents"] == []
