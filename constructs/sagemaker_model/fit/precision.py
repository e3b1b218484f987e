"""Which number formats a GPU computes with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sagemaker_model.fit.settings import Settings
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.model_lock.model_config import ModelConfig

AMPERE: Final = (8, 0)
"""The first compute capability with bfloat16; source: NVIDIA's CUDA C++ Programming Guide."""
ADA: Final = (8, 9)
"""The first compute capability that multiplies numbers of fp8; before it they are widened."""

LEAST_CAPABILITY: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "awq": (7, 5),
        "awq_marlin": AMPERE,
        "gptq": (6, 0),
        "gptq_marlin": AMPERE,
        "marlin": AMPERE,
        "bitsandbytes": (7, 0),
        "fp8": AMPERE,
        "fbgemm_fp8": AMPERE,
        "mxfp4": AMPERE,
        "modelopt": ADA,
        "modelopt_fp4": AMPERE,
    }
)
"""The oldest GPUs that weights of each quantization run on.

On those between 8.0 and 8.9 the fp8 kinds run as weights of 8 bits with computing in 16. Source:
``get_min_capability`` in vllm/model_executor/layers/quantization of vllm-project/vllm, and its page
"Supported Hardware" on quantization.
"""


NEEDS_QUANTIZED: Final = frozenset(
    {"awq", "awq_marlin", "gptq", "gptq_marlin", "marlin", "exl2", "compressed-tensors"}
)
"""Quantizations that are made before weights are published, and can't be made at load."""

FLOAT16_REFUSED: Final = frozenset({"gemma2", "gemma3", "gemma3_text", "plamo2", "glm4"})
"""Kinds of models that vLLM refuses to compute with in float16; source: vllm/config/model.py."""


def wanted_quantization(config: ModelConfig, settings: Settings) -> str | None:
    """Return how the weights are quantized, stored or when loaded; None where they are not.

    Args:
        config: The model.
        settings: What the engine was asked for.
    """
    return config.quantization_method or settings.quantization


def too_old_for(quantization: str | None, instance: InstanceSpec) -> bool:
    """Say whether the GPUs of an instance are too old for a quantization.

    Args:
        quantization: As the engines and ``config.json`` name it; an unknown one runs anywhere.
        instance: The instance type.
    """
    capability = instance.compute_capability
    least = LEAST_CAPABILITY.get(quantization or "")
    return capability is not None and least is not None and capability < least


def computes_wider(instance: InstanceSpec) -> bool:
    """Say whether the GPUs of an instance store fp8 but compute with 16 bits.

    Args:
        instance: The instance type.
    """
    capability = instance.compute_capability
    return capability is not None and AMPERE <= capability < ADA


def without_bfloat16(instance: InstanceSpec) -> bool:
    """Say whether the GPUs of an instance don't know bfloat16.

    Args:
        instance: The instance type.
    """
    capability = instance.compute_capability
    return capability is not None and capability < AMPERE
