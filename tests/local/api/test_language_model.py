"""The client asks a real language model: SmolLM2-135M-Instruct, on this machine's CPU.

One endpoint speaks OpenAI's API, by ``transformers serve`` in the place of vLLM; the other is the
real Hugging Face toolkit with its text-generation pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.language_model import (
    await_endpoint,
    create_chat_endpoint,
    create_pipeline_endpoint,
    language_model_aws,
)
from local.live import LocalAws
from sagemaker_model.local.variables import variables
from sagemaker_model.runtime import Endpoint, InvalidRequestError

FRANCE = "What is the capital of France?"
ANSWER = "The capital of France is Paris."
STORY = "Tell me a story."


@pytest.fixture(scope="module")
def aws_with_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with language_model_aws(tmp_path_factory.mktemp("local-aws")) as aws:
        # Both start at once.
        create_chat_endpoint(aws, "chat")
        create_pipeline_endpoint(aws, "pipeline")
        yield aws


@pytest.fixture
def _variables(aws_with_models: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables(aws_with_models.record).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def chat(aws_with_models: LocalAws, _variables: None) -> Endpoint:
    """The client of the endpoint with OpenAI's API."""
    await_endpoint(aws_with_models, "chat")
    return Endpoint("chat")


@pytest.fixture
def pipeline(aws_with_models: LocalAws, _variables: None) -> Endpoint:
    """The client of the toolkit's endpoint."""
    await_endpoint(aws_with_models, "pipeline")
    return Endpoint("pipeline")


def test_a_chat_is_answered_with_its_end_and_its_tokens(chat: Endpoint) -> None:
    answer = chat.chat(FRANCE, max_new_tokens=16, temperature=0)

    assert answer.text == ANSWER
    assert answer.finish_reason == "stop"
    assert answer.usage
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (37, 8)


def test_the_model_reads_the_system_s_word_and_what_was_said_before(chat: Endpoint) -> None:
    french = [
        {"role": "system", "content": "You always answer in French."},
        {"role": "user", "content": "Hello!"},
    ]
    said = [
        {"role": "user", "content": "What is 2+2?"},
        {"role": "assistant", "content": "2+2 is 4."},
        {"role": "user", "content": "Say that again."},
    ]

    assert chat.chat(french, max_new_tokens=3, do_sample=False).text.startswith("Bonjour")
    assert chat.chat(said, max_new_tokens=8, do_sample=False).text.startswith("2+2 is 4")


def test_an_answer_ends_at_the_limit_or_at_a_stop_sequence(chat: Endpoint) -> None:
    cut = chat.chat(FRANCE, max_new_tokens=3, do_sample=False)
    stopped = chat.chat(FRANCE, max_new_tokens=16, do_sample=False, stop=["France"])

    assert (cut.text, cut.finish_reason) == ("The capital of", "length")
    assert (stopped.text, stopped.finish_reason) == ("The capital of France", "stop")


def test_a_seed_repeats_what_is_sampled(chat: Endpoint) -> None:
    def told(seed: int) -> str:
        return chat.chat(STORY, max_new_tokens=8, temperature=1.5, seed=seed).text

    first = told(1)

    assert told(1) == first
    assert told(2) != first


def test_parameters_narrow_what_is_sampled(chat: Endpoint) -> None:
    likeliest = chat.chat(STORY, max_new_tokens=6, do_sample=False).text

    assert chat.chat(STORY, max_new_tokens=6, temperature=2.0, top_k=1).text == likeliest
    assert chat.chat(STORY, max_new_tokens=6, temperature=2.0, top_p=0.01).text == likeliest
    changed = chat.chat(STORY, max_new_tokens=12, do_sample=False, repetition_penalty=5.0).text
    assert not changed.startswith(likeliest)


def test_an_answer_is_streamed_in_pieces_that_make_the_whole(chat: Endpoint) -> None:
    with chat.chat_stream(FRANCE, max_new_tokens=16, temperature=0) as stream:
        pieces = [event.text for event in stream if event.text]

    whole = stream.generation
    assert pieces == ["The", " capital", " of", " France", " is", " Paris", "."]
    assert (whole.text, whole.finish_reason) == (ANSWER, "stop")
    assert whole.usage
    assert (whole.usage.prompt_tokens, whole.usage.completion_tokens) == (37, 8)


def test_a_stream_that_is_left_ends_the_answer_and_the_next_is_answered(chat: Endpoint) -> None:
    with chat.chat_stream(STORY, max_new_tokens=200, do_sample=False) as stream:
        pieces = [next(stream).text for _ in range(3)]

    assert stream.generation.text == "".join(pieces)
    assert chat.chat(FRANCE, max_new_tokens=3, do_sample=False).text == "The capital of"


def test_a_field_that_the_engine_does_not_know_is_a_typed_error_in_its_words(
    chat: Endpoint,
) -> None:
    with pytest.raises(InvalidRequestError, match="Unexpected fields in the request") as raised:
        chat.chat(FRANCE, max_new_tokens=1, extra={"nonsense": 1})

    assert raised.value.status == 422
    assert raised.value.text == "Unexpected fields in the request: {'nonsense'}"


def test_the_pipeline_continues_a_text(pipeline: Endpoint) -> None:
    prompt = "The capital of France is"

    answer = pipeline.generate(prompt, max_new_tokens=3, do_sample=False)
    full = pipeline.generate(prompt, max_new_tokens=3, temperature=0, return_full_text=True)
    stopped = pipeline.generate(prompt, max_new_tokens=8, do_sample=False, stop=".")

    assert answer.text.startswith(" Paris")
    assert full.text == prompt + answer.text
    assert stopped.text == " Paris."


def test_the_pipeline_samples_as_it_is_told(pipeline: Endpoint) -> None:
    likeliest = pipeline.generate("Once upon", max_new_tokens=4, do_sample=False).text
    narrow = pipeline.generate(
        "Once upon", max_new_tokens=4, do_sample=True, temperature=1.5, top_k=1, top_p=0.9
    )

    assert narrow.text == likeliest


def test_the_pipeline_answers_a_chat_whole_and_as_a_stream_in_one_piece(pipeline: Endpoint) -> None:
    with pipeline.chat_stream(FRANCE, max_new_tokens=16, do_sample=False) as stream:
        pieces = [event.text for event in stream]

    assert pieces == [ANSWER]
    assert stream.generation.text == ANSWER
    assert pipeline.chat(FRANCE, max_new_tokens=16, do_sample=False).text == ANSWER


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"extra": {"nonsense": 1}}, "not used by the model: ['nonsense']"),
        ({"temperature": 0, "do_sample": True}, "has to be a strictly positive float"),
    ],
    ids=["an unknown one", "a value that can't be"],
)
def test_parameters_that_the_pipeline_refuses_are_typed_errors_in_its_words(
    pipeline: Endpoint, parameters: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        pipeline.generate("hello", max_new_tokens=1, **parameters)  # type: ignore[arg-type]

    assert raised.value.status == 400
    assert said in raised.value.text


def test_a_stream_of_the_pipeline_that_is_refused_is_the_same_error(pipeline: Endpoint) -> None:
    with pytest.raises(InvalidRequestError, match="nonsense") as raised:
        pipeline.generate_stream("hello", max_new_tokens=1, extra={"nonsense": 1})

    assert raised.value.status == 400
