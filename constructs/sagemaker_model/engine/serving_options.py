"""How a model is served, in words that every engine understands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingOptions:
    """Say how a model is served, without saying by which engine.

    Each engine writes these into its own environment variables, so that changing the engine
    changes one word. What is left out stays at the engine's own default.

    Args:
        tensor_parallel_degree: Number of GPUs that one copy of the model is split over.
            Default: all GPUs of the instance, which is told to the engine.
        max_input_tokens: Longest prompt, in tokens. Must be less than *max_total_tokens*.
            Default: the engine's own.
        max_total_tokens: Longest prompt and answer together, in tokens (the context length).
            Default: the engine's own, mostly what the model's configuration says.
        max_batch_size: How many requests are worked on at once.
            Default: the engine's own.
        quantization: How the engine quantizes the weights when it loads them, in the engine's
            word: ``"fp8"``, ``"bitsandbytes"``, ``"awq"`` …
            Default: none; weights that are already quantized are recognised by the engines.
        dtype: Number format of the weights in memory: ``"float16"``, ``"bfloat16"`` …
            Default: what the model's configuration says.
        trust_remote_code: Whether Python code from the model's repository may run in the
            container. Default: it may not.

    Raises:
        TypeError: A number is not a whole number.
        ValueError: A number is not positive, a word holds white space, or the input is not
            shorter than the total.
    """

    tensor_parallel_degree: int | None = None
    max_input_tokens: int | None = None
    max_total_tokens: int | None = None
    max_batch_size: int | None = None
    quantization: str | None = None
    dtype: str | None = None
    trust_remote_code: bool = False

    def __post_init__(self) -> None:
        for name in _COUNTS:
            _check_positive(name, getattr(self, name))
        for name in _WORDS:
            _check_word(name, getattr(self, name))
        given, total = self.max_input_tokens, self.max_total_tokens
        if given and total and given >= total:
            raise ValueError(
                "max_input_tokens must be less than max_total_tokens, which counts prompt and "
                f"answer together, got {given} and {total}"
            )


_COUNTS = ("tensor_parallel_degree", "max_input_tokens", "max_total_tokens", "max_batch_size")
_WORDS = ("quantization", "dtype")


def _check_word(name: str, value: str | None) -> None:
    if value is not None and value.split() != [value]:
        raise ValueError(
            f"{name} must be one word such as 'bfloat16', got {value!r}; leave it out for the "
            "engine's default"
        )


def _check_positive(name: str, value: int | None) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number, got {value!r}; write {name}=8 or the like")
    if value < 1:
        raise ValueError(
            f"{name} must be 1 or more, got {value}; leave it out for the engine's default"
        )
