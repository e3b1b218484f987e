"""Which protocol each engine has."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.engine.engines import ENGINES, try_find_engine
from sagemaker_model.runtime.protocol.lmi import Lmi, LmiTensorRtLlm
from sagemaker_model.runtime.protocol.openai import LlamaCpp, Sglang, Vllm
from sagemaker_model.runtime.protocol.protocol import Protocol
from sagemaker_model.runtime.protocol.tei import Tei
from sagemaker_model.runtime.protocol.tgi import Tgi
from sagemaker_model.runtime.protocol.toolkit import Toolkit
from sagemaker_model.spelling import did_you_mean

_VLLM, _SGLANG, _TGI = Vllm(), Sglang(), Tgi()
PROTOCOLS: Mapping[str, Protocol] = {
    "vllm": _VLLM,
    "huggingface-vllm": _VLLM,
    "huggingface-vllm-neuron": _VLLM,
    "sglang": _SGLANG,
    "huggingface-sglang": _SGLANG,
    "tgi": _TGI,
    "tgi-neuron": _TGI,
    "lmi": Lmi(),
    "lmi-tensorrtllm": LmiTensorRtLlm(),
    "tei": Tei(),
    "toolkit": Toolkit(),
    "llama-cpp": LlamaCpp(),
}
"""The protocols by the engines' names."""


def engine_name(engine: str) -> str:
    """Return the name of an engine, by which ``PROTOCOLS`` has its protocol.

    Args:
        engine: Its name, or that of an image family, such as ``"vllm"`` or ``"djl-lmi"``.

    Raises:
        ValueError: There is none; the message names those there are.

    >>> engine_name("djl-lmi")
    'lmi'
    """
    found = try_find_engine(engine)
    if found is None:
        hint = did_you_mean(engine, [each.name for each in ENGINES])
        raise ValueError(f"engine {engine!r} is not known; {hint}known: {', '.join(PROTOCOLS)}")
    return found.name


def find_protocol(engine: str) -> Protocol:
    """Return the protocol of an engine.

    Args:
        engine: Its name, or that of an image family.

    Raises:
        ValueError: There is none; the message names those there are.
    """
    return PROTOCOLS[engine_name(engine)]
