"""Each engine is asked in its own words, and what it has no word for is refused."""

from __future__ import annotations

from typing import Any

import pytest

from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.runtime import Parameters
from sagemaker_model.runtime.parameters import EMBEDDING, GENERATION, RANKING, checked
from sagemaker_model.runtime.protocol.protocols import PROTOCOLS, find_protocol

BLOG: Parameters = {
    "do_sample": True,
    "top_p": 0.7,
    "temperature": 0.7,
    "top_k": 50,
    "max_new_tokens": 256,
    "repetition_penalty": 1.03,
    "stop": ["<|endoftext|>"],
}
"""The parameters of Hugging Face's blog post on its container for language models."""
ALL: Parameters = {
    **BLOG,
    "typical_p": 0.9,
    "seed": 7,
    "best_of": 2,
    "truncate": 100,
    "return_full_text": True,
    "details": True,
    "watermark": True,
}
MESSAGES = [{"role": "user", "content": "hello"}]
SHARED = {"top_p": 0.7, "temperature": 0.7, "max_tokens": 256, "stop": ["<|endoftext|>"]}


def values(given: Parameters) -> dict[str, Any]:
    return checked(given, GENERATION)


def test_every_engine_has_a_protocol() -> None:
    assert {engine.name for engine in ENGINES} == set(PROTOCOLS)


def test_a_protocol_is_also_found_by_the_family_of_the_image() -> None:
    assert find_protocol("djl-lmi") is find_protocol("lmi")


def test_an_unknown_engine_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"engine 'vlm' is not known; did you mean 'vllm'\?"):
        find_protocol("vlm")


def test_tgi_takes_every_parameter_of_the_blog_by_its_own_name() -> None:
    asked = find_protocol("tgi").generate("hello", values(ALL))

    assert set(ALL) == set(GENERATION)
    assert asked == {"inputs": "hello", "parameters": ALL}


@pytest.mark.parametrize("engine", ["tgi", "lmi", "toolkit"])
def test_the_prompt_is_not_repeated_unless_it_is_asked_for(engine: str) -> None:
    asked = find_protocol(engine).generate("hello", {})

    assert asked == {"inputs": "hello", "parameters": {"return_full_text": False}}


def test_a_stream_is_asked_for() -> None:
    assert find_protocol("tgi").generate("hello", {}, stream=True)["stream"] is True
    assert find_protocol("lmi").generate("hello", {}, stream=True)["stream"] is True
    asked = find_protocol("vllm").generate("hello", {}, stream=True)
    assert asked == {"prompt": "hello", "stream": True, "stream_options": {"include_usage": True}}


def test_vllm_has_other_names_for_the_blogs_parameters() -> None:
    asked = find_protocol("vllm").generate("hello", values(BLOG))

    assert asked == {"prompt": "hello", **SHARED, "top_k": 50, "repetition_penalty": 1.03}


def test_vllm_also_echoes_cuts_and_tells_details() -> None:
    given: Parameters = {"return_full_text": True, "truncate": 9, "details": True, "seed": 7}

    asked = find_protocol("vllm").generate("hello", values(given))

    assert asked == {
        "prompt": "hello",
        "echo": True,
        "truncate_prompt_tokens": 9,
        "logprobs": 1,
        "seed": 7,
    }


@pytest.mark.parametrize(
    ("engine", "more"),
    [
        ("vllm", {"top_k": 50, "repetition_penalty": 1.03}),
        ("lmi", {"top_k": 50, "repetition_penalty": 1.03}),
        ("sglang", {"top_k": 50, "repetition_penalty": 1.03}),
        ("llama-cpp", {"top_k": 50, "repeat_penalty": 1.03}),
    ],
)
def test_chats_take_the_blogs_parameters(engine: str, more: dict[str, Any]) -> None:
    asked = find_protocol(engine).chat(MESSAGES, values(BLOG))

    assert asked == {"messages": MESSAGES, **SHARED, **more}


def test_tgis_chat_has_fewer_parameters_and_leads_to_the_other_way() -> None:
    with pytest.raises(ValueError, match=r"TGI's chat has no parameter for .*prompt_format="):
        find_protocol("tgi").chat(MESSAGES, values(BLOG))

    asked = find_protocol("tgi").chat(MESSAGES, values({"max_new_tokens": 9, "do_sample": False}))
    assert asked == {"model": "tgi", "messages": MESSAGES, "max_tokens": 9, "temperature": 0}


def test_lmi_is_told_the_stop_sequences_by_both_of_its_names() -> None:
    asked = find_protocol("lmi").generate("hello", values({"stop": "a", "max_new_tokens": 9}))

    parameters = asked["parameters"]
    assert parameters["stop"] == parameters["stop_sequences"] == ["a"]
    assert parameters["max_new_tokens"] == 9


def test_tensorrt_llm_takes_stop_for_something_else() -> None:
    asked = find_protocol("lmi-tensorrtllm").generate("hello", values({"stop": "a"}))

    assert asked["parameters"] == {"return_full_text": False, "stop_sequences": ["a"]}


def test_a_pipeline_takes_one_stop_sequence() -> None:
    toolkit = find_protocol("toolkit")

    assert toolkit.generate("hello", values({"stop": "a"}))["parameters"]["stop_sequence"] == "a"
    with pytest.raises(ValueError, match="takes one stop sequence"):
        toolkit.generate("hello", values({"stop": ["a", "b"]}))


def test_a_pipeline_knows_chats_by_their_form_and_streams_nothing() -> None:
    asked = find_protocol("toolkit").chat(MESSAGES, {}, stream=True)

    assert asked == {"inputs": MESSAGES, "parameters": {"return_full_text": False}}


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        ("vllm", "watermark"),
        ("vllm", "typical_p"),
        ("vllm", "best_of"),
        ("lmi", "watermark"),
        ("lmi-tensorrtllm", "truncate"),
        ("toolkit", "seed"),
        ("toolkit", "details"),
    ],
)
def test_what_an_engine_has_no_name_for_is_refused_with_what_it_has(engine: str, name: str) -> None:
    given = values({name: ALL[name]})  # type: ignore[misc]

    with pytest.raises(ValueError, match=rf"no parameter for {name}=.*it has: .*max_new_tokens"):
        find_protocol(engine).generate("hello", given)


def test_what_asks_for_nothing_is_never_refused() -> None:
    given: Parameters = {"watermark": False, "details": False, "return_full_text": False}

    assert find_protocol("sglang").chat(MESSAGES, values(given)) == {"messages": MESSAGES}


def test_sampling_and_the_temperature_must_not_contradict_each_other() -> None:
    for given in ({"do_sample": False, "temperature": 0.7}, {"do_sample": True, "temperature": 0}):
        with pytest.raises(ValueError, match="contradict each other"):
            find_protocol("vllm").generate("hello", values(given))  # type: ignore[arg-type]


def test_the_best_of_several_cant_be_streamed() -> None:
    with pytest.raises(ValueError, match="best_of=2 can't be streamed"):
        find_protocol("tgi").generate("hello", values({"best_of": 2}), stream=True)


@pytest.mark.parametrize("engine", ["sglang", "llama-cpp"])
def test_engines_that_only_chat_say_so(engine: str) -> None:
    with pytest.raises(ValueError, match="continues no text at /invocations"):
        find_protocol(engine).generate("hello", {})
    with pytest.raises(ValueError, match="makes no embeddings"):
        find_protocol(engine).embed(["hello"], {})
    with pytest.raises(ValueError, match="scores no texts"):
        find_protocol(engine).rerank("hello", ["hello"], {})


def test_tei_does_not_chat() -> None:
    with pytest.raises(ValueError, match="TEI answers no chats"):
        find_protocol("tei").chat(MESSAGES, {})


@pytest.mark.parametrize(
    ("engine", "given", "asked"),
    [
        ("tei", {"normalize": True, "dimensions": 2}, {"normalize": True, "dimensions": 2}),
        ("lmi", {}, {}),
        ("toolkit", {}, {"type": "embeddings"}),
        ("toolkit", {"type": "query", "model": "m"}, {"type": "query", "model": "m"}),
    ],
)
def test_embeddings_are_asked_for_by_inputs(
    engine: str, given: dict[str, Any], asked: dict[str, Any]
) -> None:
    body = find_protocol(engine).embed(["a", "b"], checked(given, EMBEDDING))

    assert body == {"inputs": ["a", "b"], **asked}


def test_vllm_makes_embeddings_of_an_input() -> None:
    body = find_protocol("vllm").embed(["a"], checked({"dimensions": 2}, EMBEDDING))

    assert body == {"input": ["a"], "dimensions": 2}


@pytest.mark.parametrize(
    ("engine", "asked"),
    [
        ("tei", {"query": "q", "texts": ["a"]}),
        ("vllm", {"query": "q", "documents": ["a"]}),
        ("toolkit", {"type": "cross-encoder", "query": "q", "passages": ["a"]}),
    ],
)
def test_scores_are_asked_for(engine: str, asked: dict[str, Any]) -> None:
    assert find_protocol(engine).rerank("q", ["a"], checked({}, RANKING)) == asked


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_new_tokens", 0),
        ("max_new_tokens", True),
        ("temperature", -0.1),
        ("temperature", "hot"),
        ("top_k", 0.5),
        ("top_p", 0),
        ("top_p", 1.1),
        ("typical_p", 2),
        ("repetition_penalty", 0),
        ("do_sample", 1),
        ("seed", -1),
        ("best_of", 0),
        ("stop", [""]),
        ("stop", 5),
        ("truncate", True),
        ("details", "yes"),
    ],
)
def test_a_value_that_cant_be_right_is_told(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"^{name} must be .*, got "):
        checked({name: value}, GENERATION)


def test_a_misspelt_parameter_is_told_with_the_right_one() -> None:
    with pytest.raises(TypeError, match=r"'max_tokens'; did you mean 'max_new_tokens'\?"):
        checked({"max_tokens": 5}, GENERATION)


def test_none_is_nothing() -> None:
    assert checked({"seed": None, "stop": None, "extra": None}, GENERATION) == {}


def test_extra_fields_must_have_names() -> None:
    with pytest.raises(TypeError, match="extra must hold fields by name"):
        checked({"extra": ["min_p"]}, GENERATION)
