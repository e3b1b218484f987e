"""What the endpoint's environment and the worker's place say about how models run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import torch

DTYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32}
_YES = frozenset({"1", "true", "yes"})
# Text Embeddings Inference takes as many for a GPU.
_GPU_TOKENS = 16384
# More overflows the caches of a CPU, and every text waits for the longest.
_CPU_TOKENS = 512


@dataclass(frozen=True)
class Settings:
    """How every model of a worker runs.

    Args:
        device: Where models run.
        dtype: Precision of the weights.
        max_batch_tokens: Most tokens of one batch, padding included. A single text may be longer.
        trust_remote_code: Whether Python files among a model's files may run.
    """

    device: torch.device
    dtype: torch.dtype
    max_batch_tokens: int
    trust_remote_code: bool = False


def read_settings(context: object = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this worker.

    Args:
        context: What the model server tells a worker; its ``gpu_id`` chooses among several GPUs.
            Default: None, the first GPU where there is one.
        environment: ``DTYPE`` (default: float16 on a GPU, float32 on a CPU), ``MAX_BATCH_TOKENS``
            (default: 16384 on a GPU, 512 on a CPU) and
            ``HF_TRUST_REMOTE_CODE`` (default: no). Default: the process's own.

    Raises:
        ValueError: A variable has a value that is not allowed.
    """
    device = _device(context)
    on_gpu = device.type == "cuda"
    return Settings(
        device=device,
        dtype=_dtype(environment.get("DTYPE") or ("float16" if on_gpu else "float32")),
        max_batch_tokens=_tokens(
            environment.get("MAX_BATCH_TOKENS") or (_GPU_TOKENS if on_gpu else _CPU_TOKENS)
        ),
        trust_remote_code=environment.get("HF_TRUST_REMOTE_CODE", "").lower() in _YES,
    )


def _device(context: object) -> torch.device:
    if not torch.cuda.is_available():
        return torch.device("cpu")
    properties = getattr(context, "system_properties", None) or {}
    return torch.device("cuda", int(properties.get("gpu_id") or 0))


def _dtype(name: str) -> torch.dtype:
    if name not in DTYPES:
        raise ValueError(
            f"the endpoint's DTYPE is {name!r}; give {', '.join(DTYPES)}, or leave it out"
        )
    return DTYPES[name]


def _tokens(text: str | int) -> int:
    if not str(text).isdecimal() or not int(text):
        raise ValueError(
            f"the endpoint's MAX_BATCH_TOKENS is {text!r}; give a whole number above zero, or "
            "leave it out"
        )
    return int(text)
