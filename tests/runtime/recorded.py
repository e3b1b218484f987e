"""What engines answer, as their documentation and sources have it.

TGI: ``docs/openapi.json`` and ``router/src/server.rs`` of huggingface/text-generation-inference.
vLLM: "OpenAI-Compatible Server" of its documentation, and ``vllm/entrypoints/openai/``.
SGLang: "OpenAI APIs - Completions" of its documentation. llama.cpp: ``tools/server/README.md``.
LMI: "LMI handlers Inference API Schema" and ``lmi_vllm/request_response_utils.py`` of djl-serving.
The toolkit: "Pipelines" of transformers, and a run of the toolkit 2.6.0.
"""

from __future__ import annotations

import json
from typing import Any

TOKENS = ["Deep", " learning", " is", " “tief”", ".", "</s>"]
TEXT = "Deep learning is “tief”."


def events(*values: object, space: str = " ", end: str = "\n\n") -> bytes:
    """Return server-sent events."""
    lines = [v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
    return "".join(f"data:{space}{line}{end}" for line in lines).encode()


def lines(*values: object) -> bytes:
    """Return JSON lines."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def _tgi_event(index: int) -> dict[str, Any]:
    last = index == len(TOKENS) - 1
    details = {"finish_reason": "eos_token", "generated_tokens": 6, "seed": None, "input_length": 5}
    return {
        "index": index + 1,
        "token": {"id": index, "text": TOKENS[index], "logprob": -0.5, "special": last},
        "top_tokens": [],
        "generated_text": TEXT if last else None,
        "details": details if last else None,
    }


def _chunk(delta: object, reason: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "org/name",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}],
    }


def _completion_chunk(text: str, reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": reason}
    return {"id": "cmpl-1", "object": "text_completion", "created": 1, "choices": [choice]}


def _lmi_line(index: int) -> dict[str, Any]:
    last = index == len(TOKENS) - 2
    line: dict[str, Any] = {"token": {"id": index, "text": TOKENS[index], "log_prob": -0.5}}
    if last:
        line["generated_text"] = TEXT
        line["details"] = {"finish_reason": "eos_token", "generated_tokens": 5, "inputs": None}
    return line


_USAGE = {"prompt_tokens": 5, "total_tokens": 11, "completion_tokens": 6}
_CHUNKS = [
    _chunk({"role": "assistant", "content": ""}),
    *[_chunk({"content": text}) for text in TOKENS[:-1]],
    _chunk({}, "stop"),
]
_LAST = {**_chunk({}), "choices": [], "usage": _USAGE}

STREAMS: dict[str, bytes] = {
    "TGI": events(*map(_tgi_event, range(len(TOKENS))), space=""),
    "vLLM chat": events(*_CHUNKS, _LAST, "[DONE]"),
    "vLLM completion": events(
        *map(_completion_chunk, TOKENS[:-1]),
        _completion_chunk("", "stop"),
        {**_completion_chunk(""), "choices": [], "usage": _USAGE},
        "[DONE]",
    ),
    "vLLM behind a proxy that ends lines with CR LF": b": ping\r\n\r\n"
    + events(*_CHUNKS, _LAST, "[DONE]", end="\r\n\r\n"),
    "LMI": lines(*map(_lmi_line, range(len(TOKENS) - 1))),
    "LMI, the last line without an end": lines(*map(_lmi_line, range(len(TOKENS) - 1))).rstrip(),
    "LMI as server-sent events": events(*map(_lmi_line, range(len(TOKENS) - 1)), space=""),
    "LMI chat": lines(*_CHUNKS, _LAST),
    "the toolkit, which does not stream": json.dumps([{"generated_text": TEXT}]).encode(),
    "a bare answer over several lines": json.dumps([{"generated_text": TEXT}], indent=2).encode(),
}
"""Whole streams that all bring TEXT."""
UNTOLD = frozenset({"the toolkit, which does not stream", "a bare answer over several lines"})
"""Those that do not tell why they ended."""

ANSWERS: dict[str, Any] = {
    "TGI": [
        {
            "generated_text": TEXT,
            "details": {
                "finish_reason": "eos_token",
                "generated_tokens": 6,
                "seed": None,
                "prefill": [{"id": 1, "text": "What", "logprob": None}] * 5,
                "tokens": [{"id": 0, "text": "Deep", "logprob": -0.5, "special": False}],
            },
        }
    ],
    "vLLM chat": {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "org/name",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": TEXT, "tool_calls": []},
                "logprobs": {
                    "content": [
                        {"token": "Deep", "logprob": -0.5, "bytes": [68], "top_logprobs": []}
                    ]
                },
                "finish_reason": "stop",
            }
        ],
        "usage": _USAGE,
    },
    "vLLM completion": {
        "id": "cmpl-1",
        "object": "text_completion",
        "choices": [
            {
                "index": 0,
                "text": TEXT,
                "logprobs": {"tokens": ["Deep"], "token_logprobs": [-0.5], "text_offset": [0]},
                "finish_reason": "stop",
            }
        ],
        "usage": _USAGE,
    },
    "LMI": {
        "generated_text": TEXT,
        "details": {
            "finish_reason": "stop_sequence",
            "generated_tokens": 6,
            "input_length": 5,
            "tokens": [{"id": 0, "text": "Deep", "log_prob": -0.5}],
        },
    },
}
"""Whole answers that all bring TEXT, why it ended, six tokens for five, and the first of them."""

PLAIN: dict[str, Any] = {
    "TGI without details": [{"generated_text": TEXT}],
    "LMI without details": {"generated_text": TEXT},
    "a pipeline": [{"generated_text": TEXT}],
    "a pipeline that returns the whole chat": [
        {
            "generated_text": [
                {"role": "user", "content": "What is it?"},
                {"role": "assistant", "content": TEXT},
            ]
        }
    ],
    "a summarization pipeline": [{"summary_text": TEXT}],
    "a translation pipeline": [{"translation_text": TEXT}],
}
"""Whole answers that bring TEXT and nothing else."""
