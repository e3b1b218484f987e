"""What a model wrote, in one form whatever its engine answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How many tokens a request took.

    Args:
        prompt_tokens: Those of the prompt. Default: the engine did not tell.
        completion_tokens: Those that were generated. Default: the engine did not tell.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedToken:
    """One token of an answer.

    Args:
        text: Its text.
        id: Its number in the vocabulary. Default: the engine did not tell.
        logprob: Its log probability. Default: the engine did not tell.
    """

    text: str
    id: int | None = None
    logprob: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A whole answer.

    Args:
        text: What was generated, without the prompt unless ``return_full_text`` asked for it.
        finish_reason: ``"stop"`` at the end of the text or at a stop sequence, ``"length"`` at the
            limit of tokens, or another word of the engine's. Default: the engine did not tell; TGI
            and LMI tell with ``details=True`` or in a stream.
        usage: How many tokens it took. Default: the engine did not tell.
        tokens: The tokens, where ``details=True`` asked for them. Default: none.
        raw: The engine's own answer, decoded from JSON; of a stream, the last event's. Default:
            None.
    """

    text: str
    finish_reason: str | None = None
    usage: Usage | None = None
    tokens: tuple[GeneratedToken, ...] = ()
    raw: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamEvent:
    """A piece of an answer, as it is written.

    Args:
        text: What came; may be empty, as at the end.
        finish_reason: As of :class:`Generation`; only the last piece with text or the one after it
            has it. Default: None.
        usage: How many tokens it took in all; at the end, where the engine tells. Default: None.
        tokens: The tokens of this piece, where the engine tells them. Default: none.
        raw: The engine's own event, decoded from JSON. Default: None.
    """

    text: str
    finish_reason: str | None = None
    usage: Usage | None = None
    tokens: tuple[GeneratedToken, ...] = ()
    raw: object = None


def joined(events: Iterable[StreamEvent]) -> Generation:
    """Return the answer that the pieces of a stream make up.

    >>> joined([StreamEvent(text="He"), StreamEvent(text="llo", finish_reason="stop")]).text
    'Hello'
    """
    text: list[str] = []
    tokens: list[GeneratedToken] = []
    last = StreamEvent(text="")
    for event in events:
        text.append(event.text)
        tokens += event.tokens
        last = StreamEvent(
            text="",
            finish_reason=event.finish_reason or last.finish_reason,
            usage=event.usage or last.usage,
            raw=event.raw,
        )
    return Generation(
        text="".join(text),
        finish_reason=last.finish_reason,
        usage=last.usage,
        tokens=tuple(tokens),
        raw=last.raw,
    )
