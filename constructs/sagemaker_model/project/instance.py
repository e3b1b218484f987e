"""The smallest instance type that a model runs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from sagemaker_model.engine.engines import find_engine
from sagemaker_model.fit.fit import Fit
from sagemaker_model.fit.settings import Settings, read_settings
from sagemaker_model.fit.smallest import smallest_fits
from sagemaker_model.fit.weights import stored_bytes
from sagemaker_model.model_lock.locked_model import LockedModel

USUAL_REGION = "us-east-1"
"""Where types are looked up while no Region is chosen: it has most of them."""
_GIB = 2**30
_TOOLKIT = "toolkit"
_VCPUS = 4
_LEAST_GIB = 8
"""What the types of four processors have; with less, only older ones."""
_WORKER_GIB = 2
"""What a process of PyTorch takes beside the weights, which each worker loads anew."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An instance type, and why.

    Args:
        name: Such as ``"ml.g5.xlarge"``.
        why: What lies on it, for people.
        others: Further types that the model fits on, of other GPUs. Default: none.
    """

    name: str
    why: str
    others: Sequence[str] = ()


def choose_gpu(
    model: LockedModel, engine: str, *, region: str | None = None, context: int | None = None
) -> Choice:
    """Return the smallest instance type whose GPUs a model fits on.

    Args:
        model: The model.
        engine: Name of the engine that serves it.
        region: The Region. Default: ``USUAL_REGION``.
        context: Longest sequence in tokens. Default: what the model's file says.

    Raises:
        ValueError: It fits on none, or too little is known of it.
    """
    settings = _settings(engine, context)
    found = smallest_fits(model, settings, region=region or USUAL_REGION) if settings else []
    if not found:
        raise ValueError(_no_type(model, settings, region or USUAL_REGION))
    first, *others = found
    return Choice(first.instance.name, _figures(first), [each.instance.name for each in others])


def choose_cpu(model: LockedModel | None, engine: str, *, region: str | None = None) -> Choice:
    """Return the smallest instance type without a GPU whose memory holds a model.

    Args:
        model: The model; None where there is none.
        engine: Name of the engine that serves it; the toolkit loads it once for each processor.
        region: The Region. Default: ``USUAL_REGION``.

    Raises:
        ValueError: The Region has none.
    """
    # It starts jsii, which nobody waits for who gives the type.
    from sagemaker_model.instance.hardware import Hardware

    weights = (stored_bytes(model) if model else None) or 0
    workers = _VCPUS if engine == _TOOLKIT else 1
    memory = max(_LEAST_GIB, ceil(workers * (_WORKER_GIB + weights / _GIB)))
    wanted = Hardware(vcpus=_VCPUS, memory_gib=memory)
    try:
        name = wanted.instance_type(region or USUAL_REGION)
    except ValueError as error:
        raise ValueError(f"{error}; --instance-type names any type") from None
    times = f" for {workers} workers" if workers > 1 else ""
    return Choice(name, f"{_VCPUS} processors, and at least {memory} GiB of memory{times}")


def _settings(engine: str, context: int | None) -> Settings | None:
    settings = read_settings(find_engine(engine), {})
    return replace(settings, context=context) if settings and context else settings


def _figures(fit: Fit) -> str:
    instance = fit.instance
    return f"the smallest that fits, with {instance.gpus} x {instance.gpu_name}; {fit}"


def _no_type(model: LockedModel, settings: Settings | None, region: str) -> str:
    if settings is None or stored_bytes(model) is None:
        return f"it is not known what memory {model.id} takes; name a type with --instance-type"
    shorter = "limit the context with --max-total-tokens, " if settings.memory.caches else ""
    where = "one GPU of any" if not settings.memory.splits else "any"
    return (
        f"{model.id} does not fit on {where} instance type in {region}; take a model with "
        f"quantized weights, {shorter}or name a type with --instance-type"
    )
