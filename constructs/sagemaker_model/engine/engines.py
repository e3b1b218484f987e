"""Find an engine by its name or by an image's family."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.llama_cpp import LlamaCpp
from sagemaker_model.engine.lmi import Lmi, LmiTensorRtLlm
from sagemaker_model.engine.sglang import HuggingFaceSglang, Sglang
from sagemaker_model.engine.tei import Tei
from sagemaker_model.engine.tgi import Tgi, TgiNeuron
from sagemaker_model.engine.toolkit import Toolkit
from sagemaker_model.engine.vllm import HuggingFaceVllm, HuggingFaceVllmNeuron, Vllm
from sagemaker_model.spelling import did_you_mean

ENGINES: tuple[Engine, ...] = (
    HuggingFaceVllm(),
    Vllm(),
    HuggingFaceSglang(),
    Sglang(),
    Tgi(),
    TgiNeuron(),
    Lmi(),
    LmiTensorRtLlm(),
    HuggingFaceVllmNeuron(),
    Tei(),
    Toolkit(),
    LlamaCpp(),
)


def try_find_engine(name_or_family: str | None) -> Engine | None:
    """Return the engine of that name or image family; None where there is none."""
    return _by_name().get(name_or_family or "")


def find_engine(name_or_family: str) -> Engine:
    """Return the engine of that name or image family.

    Raises:
        ValueError: There is none; the message names those there are.
    """
    found = try_find_engine(name_or_family)
    if found is None:
        names = [engine.name for engine in ENGINES]
        hint = did_you_mean(name_or_family, _by_name())
        raise ValueError(f"engine {name_or_family!r} is not known; {hint}known: {', '.join(names)}")
    return found


@cache
def _by_name() -> Mapping[str, Engine]:
    return {name: engine for engine in ENGINES for name in (engine.name, *engine.families)}
