"""How each engine uses the memory of a GPU where nobody tells it otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from sagemaker_model.image.version import at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineMemory:
    """What an engine does with a GPU's memory.

    Args:
        utilization: Share of the memory that it takes for itself.
        utilization_before: For images older than a version, another share.
        margin: Whether it takes that share of the one that it is told, as TGI does.
        overhead_mib: What is needed of that share on each GPU beside weights and cache, for
            activations and CUDA graphs. An allowance, as it depends on the load.
        splits: Whether one copy of a model lies on several GPUs; otherwise on one.
        degree: Over how many GPUs it splits where it is not told; None for all there are.
        at_load: Bytes that a parameter takes which the engine quantizes when it loads it, by its
            word for how; source: the engine's page on quantization.
        copies: Whether it serves as many copies as there are GPUs for; otherwise one.
        caches: Whether it keeps the keys and values of all tokens in memory that it sets aside.
        starts_with_less: Whether it starts where one sequence of the full length doesn't fit.
        context: Longest sequence where it is not told; None for what the model's file says.
        utilization_variables: The variables that say the share.
        cache_dtype_variables: The variables that say the type of keys and values.
        pipeline_variables: The variables that say into how many groups of layers it splits.
        data_variables: The variables that say how many copies it serves.
        offload_variables: The variables that leave GiB of the weights in the host's memory.
    """

    utilization: float
    utilization_before: tuple[str, float] | None = None
    margin: bool = False
    overhead_mib: int = 1024
    splits: bool = True
    degree: int | None = 1
    at_load: Mapping[str, float] = field(default_factory=dict)
    copies: bool = False
    caches: bool = True
    starts_with_less: bool = False
    context: int | None = None
    utilization_variables: tuple[str, ...] = ()
    cache_dtype_variables: tuple[str, ...] = ()
    pipeline_variables: tuple[str, ...] = ()
    data_variables: tuple[str, ...] = ()
    offload_variables: tuple[str, ...] = ()

    def share(self, version: str | None) -> float:
        """Return the share of the memory that an image of *version* takes."""
        if self.utilization_before is not None:
            since, before = self.utilization_before
            if not at_least(version, since):
                return before
        return self.utilization


_AT_LOAD = {"fp8": 1, "bitsandbytes": 0.5}
# vllm/config/cache.py: vllm-project/vllm#38284 raised the share from 0.9 in April 2026.
_VLLM = EngineMemory(
    at_load=_AT_LOAD,
    utilization=0.92,
    utilization_before=("0.20", 0.9),
    utilization_variables=("SM_VLLM_GPU_MEMORY_UTILIZATION",),
    cache_dtype_variables=("SM_VLLM_KV_CACHE_DTYPE",),
    pipeline_variables=("SM_VLLM_PIPELINE_PARALLEL_SIZE",),
    data_variables=("SM_VLLM_DATA_PARALLEL_SIZE",),
    offload_variables=("SM_VLLM_CPU_OFFLOAD_GB",),
)
# The versions are DJL Serving's: 0.36 brings LMI 27, whose vLLM is 0.23.
_LMI = EngineMemory(
    at_load=_AT_LOAD,
    utilization=0.92,
    utilization_before=("0.36.0", 0.9),
    degree=None,
    copies=True,
    utilization_variables=("OPTION_GPU_MEMORY_UTILIZATION", "CUDA_MEMORY_FRACTION"),
    cache_dtype_variables=("OPTION_KV_CACHE_DTYPE",),
    pipeline_variables=("OPTION_PIPELINE_PARALLEL_DEGREE", "PIPELINE_PARALLEL_DEGREE"),
    offload_variables=("OPTION_CPU_OFFLOAD_GB_PER_GPU", "OPTION_CPU_OFFLOAD_GB"),
)
# python/sglang/srt/server_args.py: the share is chosen by the GPU, so that activations have the
# rest; about 0.87 on 24 GB. Longer requests than what fits are refused one by one.
_SGLANG = EngineMemory(
    at_load=_AT_LOAD,
    utilization=0.88,
    overhead_mib=0,
    starts_with_less=True,
    utilization_variables=("SM_SGLANG_MEM_FRACTION_STATIC",),
    cache_dtype_variables=("SM_SGLANG_KV_CACHE_DTYPE",),
    pipeline_variables=("SM_SGLANG_PP_SIZE", "SM_SGLANG_PIPELINE_PARALLEL_SIZE", "SM_SGLANG_PP"),
    data_variables=("SM_SGLANG_DP_SIZE", "SM_SGLANG_DATA_PARALLEL_SIZE", "SM_SGLANG_DP"),
    offload_variables=("SM_SGLANG_CPU_OFFLOAD_GB",),
)
# launcher/src/main.rs of huggingface/text-generation-inference: TGI_WIGGLE_ROOM is 0.95, and
# limits that nobody gives are chosen so that they fit, in versions before 3 as these.
_TGI = EngineMemory(
    utilization=0.95,
    margin=True,
    at_load={
        "bitsandbytes": 1,
        "bitsandbytes-nf4": 0.5,
        "bitsandbytes-fp4": 0.5,
        "eetq": 1,
        "fp8": 1,
    },
    context=4096,
    utilization_variables=("CUDA_MEMORY_FRACTION",),
    cache_dtype_variables=("KV_CACHE_DTYPE",),
)
_ONE_GPU = EngineMemory(utilization=1.0, overhead_mib=512, splits=False, caches=False)

ENGINE_MEMORY: Final[Mapping[str, EngineMemory]] = MappingProxyType(
    {
        "vllm": _VLLM,
        "huggingface-vllm": _VLLM,
        "lmi": _LMI,
        "sglang": _SGLANG,
        "huggingface-sglang": _SGLANG,
        "tgi": _TGI,
        "tei": _ONE_GPU,
        "toolkit": replace(_ONE_GPU, copies=True),
    }
)
"""By the engine's name. What is missing is not judged: llama.cpp leaves in the host's memory what
does not fit, and Neuron compiles a model for its cores."""
