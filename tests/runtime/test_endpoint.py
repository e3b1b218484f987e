"""An endpoint is asked over the wire, and its engine's answer comes back in one form."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from runtime.conftest import MakeEndpoint
from runtime.fake_aws import ENDPOINT, FakeAws, Reply
from runtime.recorded import ANSWERS, STREAMS, TEXT
from sagemaker_model.local.serving import protocols
from sagemaker_model.runtime import OPEN_ASSISTANT, Endpoint, UnexpectedAnswerError, Usage

STAND_INS: dict[str, protocols.Protocol] = {
    "tgi": protocols.tgi,
    "vllm": protocols.openai,
    "lmi": protocols.lmi,
    "toolkit": protocols.any_shape,
}


def serve(aws: FakeAws, engine: str) -> None:
    """Have the local AWS's stand-in for an engine answer."""

    def answer(body: Any) -> Reply:
        reply = STAND_INS[engine](body)
        return Reply(reply.parts, reply.status, reply.content_type)

    aws.answer = answer


@pytest.mark.parametrize("engine", STAND_INS)
def test_a_text_is_continued(aws: FakeAws, endpoint: MakeEndpoint, engine: str) -> None:
    serve(aws, engine)

    assert endpoint(engine).generate("hello", max_new_tokens=20).text == protocols.TEXT


@pytest.mark.parametrize("engine", STAND_INS)
def test_a_text_is_continued_piece_by_piece(
    aws: FakeAws, endpoint: MakeEndpoint, engine: str
) -> None:
    serve(aws, engine)

    with endpoint(engine).generate_stream("hello") as stream:
        pieces = [event.text for event in stream]

    assert "".join(pieces) == protocols.TEXT
    assert len(pieces) == 1 if engine == "toolkit" else len(pieces) > 5
    assert stream.generation.text == protocols.TEXT


@pytest.mark.parametrize("engine", ["tgi", "vllm", "lmi"])
def test_a_chat_is_answered_whole_and_piece_by_piece(
    aws: FakeAws, endpoint: MakeEndpoint, engine: str
) -> None:
    serve(aws, engine)

    asked = endpoint(engine)

    assert asked.chat("hello").text == protocols.TEXT
    with asked.chat_stream("hello") as stream:
        assert "".join(event.text for event in stream) == protocols.TEXT
    assert stream.generation.finish_reason == "stop"


def test_an_engine_that_does_not_stream_is_asked_as_serverless_endpoints_are(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    aws.say([{"generated_text": TEXT}])

    with endpoint("toolkit").chat_stream("hello") as stream:
        assert [event.text for event in stream] == [TEXT]
    assert aws.asked[0].path == f"/endpoints/{ENDPOINT}/invocations"


def test_a_chat_without_a_template_is_one_prompt(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.say(ANSWERS["TGI"])

    endpoint("tgi").chat("hello", prompt_format=OPEN_ASSISTANT, stop=["\n"], top_k=50)

    assert aws.body == {
        "inputs": "<|prompter|>hello<|endoftext|><|assistant|>",
        "parameters": {"return_full_text": False, "stop": ["\n", "<|endoftext|>"], "top_k": 50},
    }


def test_a_chat_is_also_written_by_a_function(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.stream(STREAMS["vLLM completion"])

    with endpoint("vllm").chat_stream(
        "hello", prompt_format=lambda messages: f"Q: {messages[0]['content']} A:"
    ) as stream:
        assert "".join(event.text for event in stream) == TEXT

    assert aws.body["prompt"] == "Q: hello A:"
    assert stream.generation.usage == Usage(prompt_tokens=5, completion_tokens=6)


def test_fields_that_only_the_engine_knows_go_beside_the_others(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    aws.say(ANSWERS["TGI"])
    endpoint("tgi").generate("hello", top_k=5, extra={"top_n_tokens": 2})
    aws.say(ANSWERS["vLLM chat"])
    endpoint("vllm").chat("hello", extra={"min_p": 0.1})

    generation, chat = (asked.body for asked in aws.asked)
    assert generation["parameters"]["top_n_tokens"] == 2
    assert chat["min_p"] == 0.1


def test_texts_become_vectors(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.say([[0.1, 0.2], [0.3, 0.4]])

    assert endpoint("tei").embed(["a", "b"], normalize=True) == [[0.1, 0.2], [0.3, 0.4]]
    assert aws.body == {"inputs": ["a", "b"], "normalize": True}


def test_texts_are_ranked(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.say([0.1, 0.9])

    ranked = endpoint("toolkit").rerank("q", ["a", "b"], raw_scores=True)

    assert [(each.text, each.index) for each in ranked] == [("b", 1), ("a", 0)]
    assert aws.body["raw_scores"] is True


def test_without_a_text_nothing_is_asked(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    with pytest.raises(ValueError, match="give one text or several"):
        endpoint("tei").embed([])

    assert aws.asked == []


def test_content_types_are_exactly_those_that_the_toolkit_takes(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    endpoint().invoke({"inputs": "hello"})

    (asked,) = aws.asked
    assert asked.path == "/endpoints/chat/invocations"
    assert asked.headers["content-type"] == asked.headers["accept"] == "application/json"


def test_bytes_and_text_are_sent_as_they_are(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    raw = endpoint()

    raw.invoke(b"\x89PNG", content_type="image/png")
    raw.invoke("a,b\n", content_type="text/csv", accept="text/csv")

    assert [asked.body for asked in aws.asked] == [b"\x89PNG", b"a,b\n"]
    assert aws.asked[1].headers["accept"] == "text/csv"


@pytest.mark.parametrize(
    ("payload", "error"), [({"a": object()}, TypeError), ({"a": float("nan")}, ValueError)]
)
def test_what_json_has_not_is_refused_before_it_is_sent(
    aws: FakeAws, endpoint: MakeEndpoint, payload: object, error: type[Exception]
) -> None:
    with pytest.raises(error, match="JSON"):
        endpoint().invoke(payload)

    assert aws.asked == []


def test_a_raw_answer_is_bytes_text_or_json(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.say({"a": 1})

    answer = endpoint().invoke({})

    assert (answer.body, answer.text, answer.json()) == (b'{"a": 1}', '{"a": 1}', {"a": 1})
    assert answer.content_type == "application/json"


def test_an_answer_that_is_no_json_is_shown(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.stream(b"<html>")

    with pytest.raises(UnexpectedAnswerError, match="holds no JSON: '<html>'"):
        endpoint("tgi").generate("hello")


def test_a_raw_stream_comes_in_the_containers_parts(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.stream(b"\xe2\x80", b"\x9c one", b" two")

    assert list(endpoint().invoke_stream("hello")) == [b"\xe2\x80", b"\x9c one", b" two"]


def test_a_closed_stream_keeps_what_came(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.stream(b'{"outputs": ["one"]}\n', hang=True)

    with endpoint("lmi").generate_stream("hello") as stream:
        assert next(stream).text == "one"

    assert stream.generation.text == "one"
    assert list(stream) == []


def test_one_of_several_models_is_asked_by_its_component(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    asked = endpoint("vllm", inference_component="small")

    aws.say(ANSWERS["vLLM chat"])
    asked.chat("hello")
    aws.stream(STREAMS["vLLM chat"])
    list(asked.chat_stream("hello"))

    header = "x-amzn-sagemaker-inference-component"
    assert [each.headers[header] for each in aws.asked] == ["small", "small"]


def test_one_endpoint_is_asked_by_many_threads_at_once(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    many = 20
    together = threading.Barrier(many)

    def answer(body: Any) -> Reply:
        together.wait(timeout=30)
        return Reply([json.dumps([{"generated_text": body["inputs"]}]).encode()])

    aws.answer = answer
    asked = endpoint("tgi")

    with ThreadPoolExecutor(many) as threads:
        answers = [*threads.map(lambda number: asked.generate(f"{number}").text, range(many))]

    assert answers == [f"{number}" for number in range(many)]


def test_threads_share_the_client_that_the_first_one_makes(aws: FakeAws) -> None:
    serve(aws, "tgi")
    made: list[str] = []

    class Session:
        def client(self, service: str, *args: Any, **options: Any) -> Any:
            made.append(service)
            return boto3.client(service, *args, **options)  # type: ignore[call-overload]

    asked = Endpoint(ENDPOINT, engine="tgi", session=Session())
    with ThreadPoolExecutor(8) as threads:
        assert {*threads.map(lambda _: asked.generate("hello").text, range(8))} == {protocols.TEXT}

    assert made == ["sagemaker-runtime"]


def test_a_client_of_ones_own_is_used(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    import boto3

    client = boto3.client("sagemaker-runtime", region_name="eu-west-1")
    endpoint(client=client).invoke({})

    (asked,) = aws.asked
    assert "/eu-west-1/sagemaker/" in asked.headers["authorization"]


@pytest.mark.parametrize("wrong", [{"timeout": 0}, {"max_attempts": 0}], ids=str)
def test_settings_that_cant_be_right_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="timeout must be above 0 and max_attempts at least 1"):
        Endpoint("chat", **wrong)


def test_the_client_needs_neither_the_cdk_nor_boto3_to_be_imported() -> None:
    code = (
        "import json, sys; import sagemaker_model.runtime; print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert imported.isdisjoint({"aws_cdk", "constructs", "jsii", "boto3", "botocore"})


def test_without_boto3_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['boto3'] = None\n"
        "from sagemaker_model.runtime import Endpoint\n"
        "Endpoint('chat', engine='tgi').generate('hello')"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert "pip install 'cdk-sagemaker-model[client]'" in done.stderr
