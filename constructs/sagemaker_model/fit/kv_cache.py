"""How many bytes the keys and values of a sequence take."""

from __future__ import annotations

from math import ceil

from sagemaker_model.model_lock.model_config import ModelConfig

_HALF = 2
_CACHE_BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}
# Of so many layers one sees the whole sequence, the others a window; the configurations of these
# kinds did not always list their layers. Source: their configuration classes in transformers.
_ONE_FULL_OF = {"gemma2": 2, "gemma3": 6, "gemma3_text": 6, "cohere2": 4}
_WINDOWED = ("sliding", "chunked", "local")
_WITHOUT_CACHE = ("linear", "mamba", "conv", "recurrent")


def cache_bytes(dtype: str | None) -> int:
    """Return the bytes of one number of a cache; of 16 bits where nothing is said.

    Args:
        dtype: Such as ``"fp8_e5m2"``; None for that of the weights.

    >>> cache_bytes("fp8"), cache_bytes(None)
    (1, 2)
    """
    if dtype is not None and dtype.startswith(("fp8", "int8")):
        return 1
    return _CACHE_BYTES.get(dtype or "", _HALF)


def layer_bytes(config: ModelConfig, *, degree: int = 1, each: int = _HALF) -> int | None:
    """Return the bytes that one layer keeps of one token on each GPU; None if that is not known.

    Heads are spread over the GPUs; where there are fewer than GPUs, each GPU has a copy of one.
    What multi-head latent attention keeps is the same on every GPU.

    Args:
        config: The model.
        degree: GPUs that a layer is split over.
        each: Bytes of one number.
    """
    if config.kv_lora_rank:
        return (config.kv_lora_rank + (config.qk_rope_head_dim or 0)) * each
    heads = config.num_key_value_heads or config.num_attention_heads
    size = head_size(config)
    if heads is None or size is None:
        return None
    return 2 * ceil(heads / degree) * size * each


def head_size(config: ModelConfig) -> int | None:
    """Return the size of one head; None where it is not known.

    Args:
        config: The model.
    """
    if config.head_dim:
        return config.head_dim
    if config.hidden_size and config.num_attention_heads:
        return config.hidden_size // config.num_attention_heads
    return None


def sequence_bytes(
    config: ModelConfig, tokens: int, *, degree: int = 1, pipeline: int = 1, each: int = _HALF
) -> int | None:
    """Return what a sequence takes on each GPU; None where it is not known.

    Args:
        config: The model.
        tokens: Length of the sequence.
        degree: GPUs that a layer is split over.
        pipeline: Groups that the layers are split into.
        each: Bytes of one number.
    """
    layer = layer_bytes(config, degree=degree, each=each)
    layers = config.num_hidden_layers
    if layer is None or layers is None:
        return None
    full, windowed = _layers(config, layers)
    window = min(tokens, config.sliding_window or tokens)
    return ceil(layer * (full * tokens + windowed * window) / pipeline)


def _layers(config: ModelConfig, layers: int) -> tuple[int, int]:
    """Return how many layers see the whole sequence, and how many a window of it."""
    if config.layer_types:
        windowed = _count(config, _WINDOWED)
        return sum(config.layer_types.values()) - windowed - _count(
            config, _WITHOUT_CACHE
        ), windowed
    if config.sliding_window is None:
        return layers, 0
    full = layers // _ONE_FULL_OF.get(config.model_type or "", layers + 1)
    return full, layers - full


def _count(config: ModelConfig, words: tuple[str, ...]) -> int:
    return sum(
        count for kind, count in config.layer_types.items() if any(word in kind for word in words)
    )
