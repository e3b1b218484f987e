"""Over how many GPUs a model can be split."""

from __future__ import annotations

from sagemaker_model.model_lock.model_config import ModelConfig


def splits_over(config: ModelConfig, degree: int) -> bool:
    """Say whether the heads of a model can be spread over *degree* GPUs.

    Each GPU must have as many heads as the others. Of keys and values there may be fewer heads
    than GPUs; then several GPUs have a copy of one, as many for each. vLLM, SGLang and TGI refuse
    to start otherwise.

    Args:
        config: The model; what it does not say counts as fitting.
        degree: Number of GPUs.

    >>> splits_over(ModelConfig(num_attention_heads=28, num_key_value_heads=4), 8)
    False
    >>> splits_over(ModelConfig(num_attention_heads=32, num_key_value_heads=2), 8)
    True
    """
    heads, kv_heads = config.num_attention_heads, config.num_key_value_heads
    if heads is not None and heads % degree:
        return False
    if kv_heads is None or config.kv_lora_rank:
        return True
    return kv_heads % degree == 0 or degree % kv_heads == 0


def best_degree(config: ModelConfig, gpus: int) -> int:
    """Return the largest of *gpus*, a half of them, a quarter … that the heads can be spread over.

    Other numbers may divide the heads and yet nothing else of a model.

    Args:
        config: The model.
        gpus: How many GPUs there are.
    """
    degree = gpus
    while not splits_over(config, degree):
        degree //= 2
    return degree
