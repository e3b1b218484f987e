"""Generated text: Hugging Face's shape, and OpenAI's.

Sources: ``docs/openapi.json`` of text-generation-inference; "LMI handlers Inference API Schema" of
djl-serving; "Pipelines" of transformers; OpenAI's chat completion and completion objects, as vLLM,
SGLang and llama.cpp send them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sagemaker_model.runtime.answer.failure import Said, failure, said_in
from sagemaker_model.runtime.errors import UnexpectedAnswerError
from sagemaker_model.runtime.generation import GeneratedToken, Generation, StreamEvent, Usage

_TEXTS = ("generated_text", "summary_text", "translation_text")
# Engines that speak as OpenAI does say "stop" for both.
_REASONS = {"eos_token": "stop", "stop_sequence": "stop"}
_SHOWN = 300


def read_generation(value: Any) -> Generation:
    """Return the text of a whole answer, whatever engine gave it.

    Args:
        value: The answer, decoded from JSON.

    Raises:
        EndpointError: It says that the engine failed.
        UnexpectedAnswerError: It has no text.
    """
    event = read_event(value)
    return Generation(
        text=event.text,
        finish_reason=event.finish_reason,
        usage=event.usage,
        tokens=event.tokens,
        raw=value,
    )


def read_event(value: Any) -> StreamEvent:
    """Return the piece of text that an event of a stream, or a whole answer, brings.

    Args:
        value: The event, decoded from JSON.

    Raises:
        EndpointError: It says that the engine failed.
        UnexpectedAnswerError: It is none of generated text.
    """
    said = said_in(value)
    if said is not None:
        raise failure(said)
    match value:
        case {"choices": [{**choice}, *_], **more}:
            return _of_openai(choice, more.get("usage"), value)
        case {"choices": [], **more}:
            # The last event of a stream has the usage alone.
            return StreamEvent(text="", usage=_openai_usage(more.get("usage")), raw=value)
        case {"token": {**token}, **more}:
            return _of_token(token, more.get("details"), value)
        case {"outputs": [str(text), *_]}:
            return StreamEvent(text=text, raw=value)
        case [{**first}] | {**first} if any(name in first for name in _TEXTS):
            return _of_text(first, value)
    raise unexpected(value, "generated text")


def unexpected(value: object, what: str) -> UnexpectedAnswerError:
    """Return what to raise for an answer of another shape.

    Args:
        value: The answer.
        what: What was asked for.
    """
    shown = repr(value)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return UnexpectedAnswerError(
        f"the answer holds no {what}: {shown}; see that engine= is the endpoint's, or use invoke",
        text=shown,
    )


def _of_openai(choice: Mapping[Any, Any], usage: object, raw: object) -> StreamEvent:
    said = choice.get("delta") or choice.get("message") or choice
    return StreamEvent(
        text=said.get("content") or said.get("text") or "",
        finish_reason=choice.get("finish_reason"),
        usage=_openai_usage(usage),
        tokens=tuple(_openai_tokens(choice.get("logprobs"))),
        raw=raw,
    )


def _openai_usage(usage: object) -> Usage | None:
    if not isinstance(usage, Mapping):
        return None
    return Usage(
        prompt_tokens=usage.get("prompt_tokens"), completion_tokens=usage.get("completion_tokens")
    )


def _openai_tokens(logprobs: object) -> Iterator[GeneratedToken]:
    match logprobs:
        case {"content": [*tokens]}:
            for token in tokens:
                yield GeneratedToken(text=token["token"], logprob=token.get("logprob"))
        case {"tokens": [*texts], "token_logprobs": [*values]}:
            for text, value in zip(texts, values, strict=False):
                yield GeneratedToken(text=text, logprob=value)


def _of_token(token: Mapping[Any, Any], details: object, raw: object) -> StreamEvent:
    told = _details(details)
    # The end of the text is a token too, and not part of it.
    special = token.get("special") or token.get("special_token")
    return StreamEvent(
        text="" if special else str(token.get("text", "")),
        finish_reason=_reason(told),
        usage=_usage(told),
        tokens=(_token(token),),
        raw=raw,
    )


def _of_text(answer: Mapping[Any, Any], raw: object) -> StreamEvent:
    text = next(answer[name] for name in _TEXTS if name in answer)
    # A pipeline that was given a chat may return it whole.
    if isinstance(text, list) and text and isinstance(text[-1], Mapping):
        text = text[-1].get("content")
    if not isinstance(text, str):
        raise unexpected(raw, "generated text")
    told = _details(answer.get("details"))
    return StreamEvent(
        text=text,
        finish_reason=_reason(told),
        usage=_usage(told),
        tokens=tuple(_token(token) for token in told.get("tokens") or ()),
        raw=raw,
    )


def _details(details: object) -> Mapping[str, Any]:
    told = details if isinstance(details, Mapping) else {}
    if told.get("finish_reason") == "error":
        raise failure(Said("the generation ended with an error that LMI does not tell"))
    return told


def _reason(details: Mapping[Any, Any]) -> str | None:
    reason = details.get("finish_reason")
    return _REASONS.get(reason, reason) if isinstance(reason, str) else None


def _usage(details: Mapping[Any, Any]) -> Usage | None:
    if not details:
        return None
    prefill = details.get("prefill")
    return Usage(
        prompt_tokens=details.get("input_length") or (len(prefill) if prefill else None),
        completion_tokens=details.get("generated_tokens"),
    )


def _token(token: Mapping[Any, Any]) -> GeneratedToken:
    return GeneratedToken(
        text=str(token.get("text", "")),
        id=token.get("id"),
        logprob=token.get("logprob", token.get("log_prob")),
    )
