"""The examples of the repository deploy, and their endpoints answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from local.conftest import MakeProject
from local.live import ROOT, LocalAws
from local.project import Project
from sagemaker_model.example.example_file import find_examples, read_example
from sagemaker_model.example.trial import ask
from sagemaker_model.local.hub import samples
from sagemaker_model.local.serving.protocols import TEXT
from sagemaker_model.local.variables import variables
from sagemaker_model.runtime import OPEN_ASSISTANT, Endpoint

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


def similarity(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


@pytest.fixture
def endpoint(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Endpoint]:
    """A function that makes the client of an example's endpoint, whose engine its image tells."""
    for name, value in variables(aws.record).items():
        monkeypatch.setenv(name, value)
    return lambda example: Endpoint(aws.endpoint(stack_of(aws, example)))


@pytest.mark.usefixtures("deployed")
def test_the_client_asks_real_models_for_vectors_and_scores(
    endpoint: Callable[[str], Endpoint],
) -> None:
    search = endpoint("search_models")

    food, hungry, drums = search.embed(
        ["A man is eating food.", "Somebody has a meal.", "A monkey is playing drums."]
    )
    # The samples' cross-encoder has random weights: its order means nothing.
    first, second = search.rerank("who is eating?", ["A man eats bread.", "A monkey drums."])

    assert similarity(food, hungry) > similarity(food, drums) + 0.2
    assert first.score > second.score
    assert {first.index, second.index} == {0, 1}


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(
    ("example", "handler"),
    [("search_models", "embeddings_and_cross_encoder"), ("local_folder", "pipeline")],
)
def test_a_ready_handlers_examples_hold_where_it_is_deployed(
    example: str, handler: str, endpoint: Callable[[str], Endpoint]
) -> None:
    asked = endpoint(example)

    for path in find_examples(ROOT / "custom_inference" / handler / "examples"):
        assert ask(asked, read_example(path)).problems == ()


@pytest.mark.usefixtures("deployed")
def test_the_client_asks_each_engine_in_its_own_words(
    endpoint: Callable[[str], Endpoint],
) -> None:
    tgi, vllm = endpoint("container_tgi"), endpoint("container_vllm")

    answers = [
        tgi.generate("hi", max_new_tokens=20, details=True).text,
        tgi.chat("hi", prompt_format=OPEN_ASSISTANT, top_k=50).text,
        vllm.generate("hi", top_k=50).text,
        vllm.chat("hi").text,
        *("".join(event.text for event in each.chat_stream("hi")) for each in (tgi, vllm)),
    ]

    assert answers == [TEXT] * 6
    assert len(endpoint("embeddings_tei").embed(["a", "b"])) == 2
