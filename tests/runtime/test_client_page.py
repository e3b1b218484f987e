"""The page on the client: its snippets ask an endpoint, and its tables are right."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runtime.fake_aws import FakeAws, Reply
from runtime.fake_container import FakeContainer
from sagemaker_model.local.serving import protocols
from sagemaker_model.runtime import Endpoint
from sagemaker_model.runtime.parameters import GENERATION
from sagemaker_model.runtime.protocol.protocol import Protocol
from sagemaker_model.runtime.protocol.protocols import PROTOCOLS, find_protocol

PAGE = (Path(__file__).parents[2] / "docs/client.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SAMPLES: dict[str, object] = {
    "max_new_tokens": 9,
    "temperature": 0.7,
    "top_k": 9,
    "top_p": 0.7,
    "typical_p": 0.7,
    "repetition_penalty": 1.1,
    "do_sample": False,
    "seed": 9,
    "best_of": 9,
    "stop": ["a"],
    "truncate": 9,
    "return_full_text": True,
    "details": True,
    "watermark": True,
}
MESSAGES = [{"role": "user", "content": "hello"}]


def rows(title: str) -> list[list[str]]:
    """Return the cells of the first table behind a heading, without its first two rows."""
    _, _, behind = PAGE.partition(f"## {title}\n")
    table = re.search(r"(?:^\|.*\n)+", behind, re.MULTILINE)
    assert table
    return [
        [cell.strip() for cell in row.strip().strip("|").split("|")]
        for row in table[0].splitlines()[2:]
    ]


def answer(body: Any) -> Reply:
    """Answer as an engine that knows such a request."""
    if "InferenceId" in body or isinstance(body.get("inputs"), list):
        reply = protocols.tei(body)
    elif "passages" in body:
        reply = protocols.Reply([json.dumps([0.1] * len(body["passages"])).encode()])
    elif "messages" in body:
        reply = protocols.openai(body)
    else:
        reply = protocols.tgi(body)
    return Reply(reply.parts, reply.status, reply.content_type)


def queued(aws: FakeAws) -> Reply:
    """Put the answer where it is looked for."""
    aws.objects["answers/output/1.out"] = b'{"a": 1}'
    return Reply([json.dumps({"OutputLocation": "s3://answers/output/1.out"}).encode()])


@pytest.mark.parametrize("code", SNIPPETS, ids=range(len(SNIPPETS)))
def test_its_snippets_run(aws: FakeAws, container: FakeContainer, code: str) -> None:
    aws.image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:9"
    aws.async_output = {"S3OutputPath": "s3://answers/output"}
    container.answer = answer
    aws.answer = (lambda _body: queued(aws)) if "invoke_async" in code else answer

    code = code.replace("http://127.0.0.1:8080", container.url)

    exec(compile(code, "<snippet>", "exec"), {"__name__": "snippet"})

    assert aws.asked or container.asked


def told(engine: str, name: str, *, chat: bool) -> str:
    """Return the cell of a parameter: what the engine is told in its place."""

    def body(values: dict[str, object]) -> dict[str, Any]:
        protocol = find_protocol(engine)
        asked = protocol.chat(MESSAGES, values) if chat else protocol.generate("hello", values)
        parameters: dict[str, Any] = asked.pop("parameters", {})
        return {**asked, **parameters}

    try:
        asked, plain = body({name: SAMPLES[name]}), body({})
    except ValueError:
        return "no"
    names = [key for key in asked if asked[key] != plain.get(key)]
    return ", ".join("itself" if key == name else f"`{key}`" for key in names)


COLUMNS = [("tgi", False), ("vllm", False), ("lmi", False), ("toolkit", False)]
COLUMNS += [("tgi", True), ("vllm", True), ("sglang", True), ("llama-cpp", True)]


def test_its_table_of_parameters_is_right() -> None:
    table = {row[0].strip("`"): row[1:] for row in rows("Parameters")}

    assert set(table) == set(GENERATION)
    assert table == {
        name: [told(engine, name, chat=chat) for engine, chat in COLUMNS] for name in GENERATION
    }


def test_its_table_of_engines_is_right() -> None:
    calls: dict[str, Callable[[Protocol], object]] = {
        "generate": lambda protocol: protocol.generate("hello", {}),
        "chat": lambda protocol: protocol.chat(MESSAGES, {}),
        "embed": lambda protocol: protocol.embed(["a"], {}),
        "rerank": lambda protocol: protocol.rerank("q", ["a"], {}),
    }
    for names, *cells in rows("Which engine"):
        for engine in re.findall("`(.*?)`", names):
            for cell, (call, ask) in zip(cells, calls.items(), strict=False):
                if cell:
                    assert ask(PROTOCOLS[engine]), (engine, call)
                else:
                    with pytest.raises(ValueError, match="at /invocations"):
                        ask(PROTOCOLS[engine])


def test_its_table_of_arguments_is_whole() -> None:
    told = [row[0].strip("`") for row in rows("Arguments of Endpoint")]

    assert told == [*inspect.signature(Endpoint).parameters]
