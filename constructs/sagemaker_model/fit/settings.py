"""What an engine was asked for that costs or saves memory, read from its variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from sagemaker_model.engine.engine import Engine
from sagemaker_model.fit.engine_memory import ENGINE_MEMORY, EngineMemory

# vLLM reads 32k as 32,000 and 32K as 32,768; a context of "auto" or -1 becomes what fits.
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([kKmM]?)")
_UNITS = {"": 1, "k": 1000, "K": 1024, "m": 10**6, "M": 2**20}
_TRUE = {"", "true", "True", "1"}
_SHORT = {"bf16": "bfloat16", "fp16": "float16", "half": "float16", "fp32": "float32"}
AUTOMATIC: Final = 0
"""A context that the engine fits to the memory by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an engine was asked for.

    Args:
        engine: The engine's name.
        memory: How it uses memory otherwise.
        version: Version of its image; None for the newest.
        utilization: Share of each GPU's memory that it takes.
        tensor_parallel: GPUs that one copy is split over; None for all of the instance.
        pipeline_parallel: Groups of layers that it is split into besides.
        data_parallel: Copies of the model that are served beside each other.
        context: Longest sequence in tokens; ``AUTOMATIC``, or None for what the model's file says.
        quantization: How weights are quantized when they are loaded; None where they are not.
        dtype: Type of the weights in memory; None for the engine's choice.
        cache_dtype: Type of keys and values; None for that of the weights.
        offload_gib: GiB of each GPU's weights that stay in the host's memory.
        trust_remote_code: Whether code of the model's repository may run.
    """

    engine: str
    memory: EngineMemory
    version: str | None = None
    utilization: float
    tensor_parallel: int | None = None
    pipeline_parallel: int = 1
    data_parallel: int = 1
    context: int | None = None
    quantization: str | None = None
    dtype: str | None = None
    cache_dtype: str | None = None
    offload_gib: float = 0
    trust_remote_code: bool = False


def read_settings(
    engine: Engine,
    environment: Mapping[str, str],
    *,
    version: str | None = None,
    all_gpus: bool = True,
) -> Settings | None:
    """Return what *engine* was asked for; None for an engine whose use of memory is not known.

    What can't be read, such as a token, counts as not said.

    Args:
        engine: The engine.
        environment: The container's variables.
        version: Version of the image, as in the image table. Default: the newest.
        all_gpus: Whether a number of GPUs among the variables is the library's, which takes all
            of whatever instance there is, and not the user's. Default: it is.
    """
    memory = ENGINE_MEMORY.get(engine.name)
    if memory is None:
        return None

    def asked(option: str) -> str | None:
        return _first(environment, variables_of(engine, option, version))

    degree = None if all_gpus else _degree(asked("tensor_parallel_degree"), memory)
    return Settings(
        engine=engine.name,
        memory=memory,
        version=version,
        utilization=_share(_first(environment, memory.utilization_variables), memory, version),
        tensor_parallel=degree if memory.splits else 1,
        pipeline_parallel=int(_number(_first(environment, memory.pipeline_variables)) or 1),
        data_parallel=int(_number(_first(environment, memory.data_variables)) or 1),
        context=_context(asked("max_total_tokens")),
        quantization=asked("quantization"),
        dtype=_dtype(asked("dtype")),
        cache_dtype=_dtype(_first(environment, memory.cache_dtype_variables)),
        offload_gib=_number(_first(environment, memory.offload_variables)) or 0,
        trust_remote_code=asked("trust_remote_code") in _TRUE,
    )


@cache
def variables_of(engine: Engine, option: str, version: str | None) -> tuple[str, ...]:
    """Return all variables that an engine reads for a neutral option.

    Args:
        engine: The engine.
        option: Name of the option in ``ServingOptions``.
        version: Version of the image; None for the newest.
    """
    name = engine.option_variables(version).get(option)
    if name is None:
        return ()
    twins = {twin for twins in engine.aliases if name in twins for twin in twins}
    return (name, *sorted(twins - {name}))


def _first(environment: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((environment[name] for name in names if name in environment), None)


def _share(text: str | None, memory: EngineMemory, version: str | None) -> float:
    share = _number(text)
    if share is None or not 0 < share <= 1:
        return memory.share(version)
    # TGI leaves its margin beside the share that it is told.
    return share * memory.share(version) if memory.margin else share


def _degree(text: str | None, memory: EngineMemory) -> int | None:
    """Return the GPUs that were asked for; LMI has a word for all of them."""
    if text is None:
        return memory.degree
    return None if text == "max" else int(_number(text) or 0) or memory.degree


def _context(text: str | None) -> int | None:
    if text in {"auto", "-1"}:
        return AUTOMATIC
    return int(_number(text) or 0) or None


def _dtype(text: str | None) -> str | None:
    return None if text is None or text in {"", "auto"} else _SHORT.get(text, text)


def _number(text: str | None) -> float | None:
    match = _NUMBER.fullmatch(text or "")
    return float(match[1]) * _UNITS[match[2]] if match else None
