"""How the engines' programs answer, with a text that no model wrote.

Each function reads a request of one engine's ``/invocations`` and returns what the engine would
send around the text. Nothing depends on a clock or on chance: equal requests, equal answers.

Sources: Text Generation Inference's OpenAPI document (docs/openapi.json of
huggingface/text-generation-inference); "LMI input/output schema" of deepjavalibrary/djl-serving;
the OpenAI-compatible server of vLLM and SGLang; text-embeddings-inference's OpenAPI document.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TEXT = "This is a stand-in of the local AWS: no model has read the prompt."
_DIMENSIONS = 8
_WORDS = [word if index == 0 else f" {word}" for index, word in enumerate(TEXT.split())]
_JSON = "application/json"
_EVENTS = "text/event-stream"

Request = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What a program sends.

    Args:
        parts: Parts of the body as they are sent.
        content_type: What the body is. Default: JSON.
        status: The status of HTTP. Default: 200.
    """

    parts: Sequence[bytes]
    content_type: str = _JSON
    status: int = 200


Protocol = Callable[[Request], Reply]


def tgi(request: Request) -> Reply:
    """Answer as Text Generation Inference: a list for ``inputs``, a chat for ``messages``.

    Args:
        request: The body that was sent.
    """
    if "messages" in request:
        return _chat(request)
    if not isinstance(request.get("inputs"), str):
        error = {"error": "missing field `inputs`", "error_type": "validation"}
        return _json(error, status=422)
    if request.get("stream"):
        return _events([_token(index) for index in range(len(_WORDS))], prefix="data:")
    return _json([{"generated_text": TEXT}])


def openai(request: Request) -> Reply:
    """Answer as OpenAI's API, which vLLM, SGLang and llama.cpp have: ``inputs`` is not known.

    Args:
        request: The body that was sent.
    """
    if "messages" in request:
        return _chat(request)
    if "prompt" in request:
        return _completion(request)
    if "input" in request:
        return _embeddings(request)
    message = "give 'messages', 'prompt' or 'input'"
    return _json({"object": "error", "message": message, "code": 400}, status=400)


def lmi(request: Request) -> Reply:
    """Answer as Large Model Inference: an object for ``inputs``, else as OpenAI's API.

    Args:
        request: The body that was sent.
    """
    if "messages" in request or "prompt" in request:
        return openai(request)
    if "inputs" not in request:
        return _json({"error": "give 'inputs', 'prompt' or 'messages'", "code": 424}, status=424)
    if not request.get("stream"):
        return _json({"generated_text": TEXT})
    lines = [{"token": {"id": index, "text": word}} for index, word in enumerate(_WORDS)]
    last = {**lines[-1], "generated_text": TEXT}
    parts = [_dump(line) + b"\n" for line in [*lines[:-1], last]]
    return Reply(parts, "application/jsonlines")


def tei(request: Request) -> Reply:
    """Answer as Text Embeddings Inference: vectors for ``inputs``, scores for ``texts``.

    Args:
        request: The body that was sent.
    """
    if "query" in request and "texts" in request:
        scores = [_score(f"{request['query']}\n{text}") for text in request["texts"]]
        order = sorted(range(len(scores)), key=lambda index: -scores[index])
        return _json([{"index": index, "score": scores[index]} for index in order])
    if "inputs" not in request:
        error = {"error": "give 'inputs', or 'query' and 'texts'", "error_type": "Validation"}
        return _json(error, status=422)
    return _json([_vector(text) for text in _texts(request["inputs"])])


def any_shape(request: Request) -> Reply:
    """Answer in the shape of the request, for programs whose protocol nobody here knows.

    Args:
        request: The body that was sent.
    """
    if "messages" in request or "prompt" in request:
        return openai(request)
    if "inputs" in request:
        return _json([{"generated_text": TEXT}])
    return _json({"message": TEXT})


def _chat(request: Request) -> Reply:
    base = {"id": "chatcmpl-stand-in", "created": 0, "model": request.get("model", "stand-in")}
    if request.get("stream"):
        chunk = {**base, "object": "chat.completion.chunk"}
        deltas = [{"role": "assistant", "content": ""}, *({"content": word} for word in _WORDS), {}]
        ends = [None] * (len(deltas) - 1) + ["stop"]
        chunks = [
            {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
            for delta, end in zip(deltas, ends, strict=True)
        ]
        return _events(chunks, done=True)
    message = {"role": "assistant", "content": TEXT}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    usage = _usage(json.dumps(request["messages"]))
    return _json({**base, "object": "chat.completion", "choices": choices, "usage": usage})


def _completion(request: Request) -> Reply:
    base = {"id": "cmpl-stand-in", "object": "text_completion", "created": 0}
    base["model"] = request.get("model", "stand-in")
    if request.get("stream"):
        chunks = [
            {**base, "choices": [{"index": 0, "text": word, "finish_reason": None}]}
            for word in _WORDS
        ]
        chunks[-1]["choices"] = [{"index": 0, "text": _WORDS[-1], "finish_reason": "stop"}]
        return _events(chunks, done=True)
    choices = [{"index": 0, "text": TEXT, "finish_reason": "stop"}]
    return _json({**base, "choices": choices, "usage": _usage(str(request["prompt"]))})


def _embeddings(request: Request) -> Reply:
    texts = _texts(request["input"])
    data = [
        {"object": "embedding", "index": index, "embedding": _vector(text)}
        for index, text in enumerate(texts)
    ]
    count = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": count, "total_tokens": count}
    model = request.get("model", "stand-in")
    return _json({"object": "list", "data": data, "model": model, "usage": usage})


def _usage(prompt: str) -> dict[str, int]:
    """Count words for tokens."""
    asked, told = len(prompt.split()), len(_WORDS)
    return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


def _token(index: int) -> dict[str, Any]:
    last = index == len(_WORDS) - 1
    details = {"finish_reason": "eos_token", "generated_tokens": len(_WORDS), "seed": None}
    return {
        "index": index + 1,
        "token": {"id": index, "text": _WORDS[index], "logprob": 0.0, "special": False},
        "generated_text": TEXT if last else None,
        "details": details if last else None,
    }


def _vector(text: str) -> list[float]:
    """Return a vector of length 1 that only its text decides."""
    digest = hashlib.sha256(text.encode()).digest()
    raw = [byte - 127.5 for byte in digest[:_DIMENSIONS]]
    length = math.sqrt(sum(value * value for value in raw))
    return [value / length for value in raw]


def _score(text: str) -> float:
    return hashlib.sha256(text.encode()).digest()[0] / 255


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _events(values: Sequence[object], *, prefix: str = "data: ", done: bool = False) -> Reply:
    parts = [prefix.encode() + _dump(value) + b"\n\n" for value in values]
    return Reply([*parts, b"data: [DONE]\n\n"] if done else parts, _EVENTS)


def _json(value: object, status: int = 200) -> Reply:
    return Reply([_dump(value)], status=status)


def _dump(value: object) -> bytes:
    return json.dumps(value).encode()
