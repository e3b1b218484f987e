"""How text is generated: the parameters, in the words of Hugging Face, for every engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from sagemaker_model.spelling import did_you_mean


class Parameters(TypedDict, total=False):
    """How text is generated; whatever is left out, or None, the engine decides.

    Args:
        max_new_tokens: Most tokens to generate, at least 1.
        temperature: How random: 0 is not at all where the engine takes it, 1 as the model learnt.
        top_k: Only so many of the likeliest tokens are considered, at least 1.
        top_p: Only the likeliest tokens that together have this probability, up to 1.
        typical_p: Only typical tokens that together have this probability, up to 1.
        repetition_penalty: How much less likely a repeated token is, more than 0; 1 is no penalty.
        do_sample: Whether to sample; False takes the likeliest token each time.
        seed: Seed of the sampling, at least 0.
        best_of: Generate so many and return the likeliest one, at least 1.
        stop: A text or several at which the answer ends.
        truncate: Cut the prompt to its last tokens, so many of them, at least 1.
        return_full_text: Whether the prompt stands before the answer. Default: False.
        details: Whether to tell the tokens and their log probabilities. Default: False.
        watermark: Whether to mark the text as generated. Default: False.
        extra: Fields that only the engine knows, in its own words; they go beside the others.
    """

    max_new_tokens: int | None
    temperature: float | None
    top_k: int | None
    top_p: float | None
    typical_p: float | None
    repetition_penalty: float | None
    do_sample: bool | None
    seed: int | None
    best_of: int | None
    stop: str | list[str] | tuple[str, ...] | None
    truncate: int | None
    return_full_text: bool | None
    details: bool | None
    watermark: bool | None
    extra: Mapping[str, object] | None


class EmbedParameters(TypedDict, total=False):
    """How vectors are made; whatever is left out, or None, the engine decides.

    Args:
        normalize: Whether vectors have length 1.
        truncate: Whether a text that is too long is cut off; otherwise the engine may refuse it.
        prompt_name: Which of the model's own prompts stands before each text.
        dimensions: Length of the vectors, at least 1, for models that can shorten them.
        type: ``"query"`` or ``"passage"``: the model's own prompt for that side of a search; of
            the ready handlers.
        model: Which model, where the endpoint serves several.
        extra: Fields that only the engine knows, in its own words; they go beside the others.
    """

    normalize: bool | None
    truncate: bool | None
    prompt_name: str | None
    dimensions: int | None
    type: str | None
    model: str | None
    extra: Mapping[str, object] | None


class RerankParameters(TypedDict, total=False):
    """How passages are scored; whatever is left out, or None, the engine decides.

    Args:
        raw_scores: Whether scores come without the model's activation.
        truncate: Whether a text that is too long is cut off; otherwise the engine may refuse it.
        model: Which model, where the endpoint serves several.
        extra: Fields that only the engine knows, in its own words; they go beside the others.
    """

    raw_scores: bool | None
    truncate: bool | None
    model: str | None
    extra: Mapping[str, object] | None


Names = Mapping[str, str]
"""What an engine calls each parameter that it has."""


@dataclass(frozen=True, slots=True)
class _Rule:
    wanted: str
    fits: Callable[[Any], bool]


def _whole(least: int) -> _Rule:
    return _Rule(
        f"a whole number of at least {least}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least,
    )


def _number(text: str, fits: Callable[[float], bool]) -> _Rule:
    return _Rule(
        text,
        lambda value: (
            isinstance(value, int | float) and not isinstance(value, bool) and fits(value)
        ),
    )


_SHARE = _number("a number above 0 and up to 1", lambda value: 0 < value <= 1)
_SWITCH = _Rule("True or False", lambda value: isinstance(value, bool))
_TEXT = _Rule("a text", lambda value: isinstance(value, str))

GENERATION: Mapping[str, _Rule] = {
    "max_new_tokens": _whole(1),
    "temperature": _number("a number of at least 0", lambda value: value >= 0),
    "top_k": _whole(1),
    "top_p": _SHARE,
    "typical_p": _SHARE,
    "repetition_penalty": _number("a number above 0", lambda value: value > 0),
    "do_sample": _SWITCH,
    "seed": _whole(0),
    "best_of": _whole(1),
    "stop": _Rule(
        "a list of texts",
        lambda value: (
            isinstance(value, list) and all(each and isinstance(each, str) for each in value)
        ),
    ),
    "truncate": _whole(1),
    "return_full_text": _SWITCH,
    "details": _SWITCH,
    "watermark": _SWITCH,
}
"""The parameters of ``generate`` and ``chat``, and what each must be."""
EMBEDDING: Mapping[str, _Rule] = {
    "normalize": _SWITCH,
    "truncate": _SWITCH,
    "prompt_name": _TEXT,
    "dimensions": _whole(1),
    "type": _Rule("'query' or 'passage'", lambda value: value in ("query", "passage")),
    "model": _TEXT,
}
"""The parameters of ``embed``, and what each must be."""
RANKING: Mapping[str, _Rule] = {"raw_scores": _SWITCH, "truncate": _SWITCH, "model": _TEXT}
"""The parameters of ``rerank``, and what each must be."""
# These ask for something more; switched off they ask for what is done anyway.
_ADDITIONS = frozenset({"details", "watermark", "return_full_text"})


def checked(given: Mapping[str, Any], known: Mapping[str, _Rule]) -> dict[str, Any]:
    """Return the parameters that were given, ``stop`` always as a list, without ``extra``.

    Args:
        given: Parameters by name; None counts as not given.
        known: What each must be.

    Raises:
        TypeError: A parameter is not known.
        ValueError: A value can't be right.
    """
    values = {name: value for name, value in given.items() if value is not None}
    extra = values.pop("extra", {})
    if not isinstance(extra, Mapping):
        raise TypeError(f"extra must hold fields by name, got {extra!r}")
    if isinstance(values.get("stop"), str | tuple):
        stop = values["stop"]
        values["stop"] = [stop] if isinstance(stop, str) else [*stop]
    for name, value in values.items():
        if name not in known:
            hint = did_you_mean(name, known)
            raise TypeError(
                f"there is no parameter {name!r}; {hint}known: {', '.join(known)}; what only the "
                "engine knows goes into extra"
            )
        if not known[name].fits(value):
            raise ValueError(f"{name} must be {known[name].wanted}, got {value!r}")
    return values


def translated(
    values: Mapping[str, Any], names: Names, title: str, instead: str = "leave it out"
) -> dict[str, Any]:
    """Return parameters in an engine's own words.

    Args:
        values: Those that were given, checked.
        names: What the engine calls each that it has.
        title: The engine's name for people.
        instead: What to do about one that it has no name for.

    Raises:
        ValueError: The engine has no name for one of them.
    """
    wanted = {name: value for name, value in values.items() if value or name not in _ADDITIONS}
    for name, value in wanted.items():
        if name not in names:
            raise ValueError(
                f"{title} has no parameter for {name}={value!r}; {instead}, or give what it has "
                f"in extra; it has: {', '.join(sorted(names))}"
            )
    return {names[name]: value for name, value in wanted.items()}


def with_extra(body: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request with the fields that only its engine knows.

    Args:
        body: The request; where it has ``parameters``, they go among these.
        given: The parameters as they were given, ``extra`` among them.

    >>> with_extra({"inputs": "hi", "parameters": {}}, {"extra": {"top_n_tokens": 2}})
    {'inputs': 'hi', 'parameters': {'top_n_tokens': 2}}
    """
    extra = given.get("extra") or {}
    if "parameters" in body:
        return {**body, "parameters": {**body["parameters"], **extra}}
    return {**body, **extra}


def same(*names: str) -> Names:
    """Return names that an engine shares with Hugging Face.

    >>> same("top_k", "top_p")
    {'top_k': 'top_k', 'top_p': 'top_p'}
    """
    return {name: name for name in names}
