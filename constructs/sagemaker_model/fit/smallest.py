"""The smallest instance types that a model fits on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sagemaker_model.fit.fit import Fit, degree_on, fit
from sagemaker_model.fit.precision import too_old_for, wanted_quantization, without_bfloat16
from sagemaker_model.fit.settings import Settings
from sagemaker_model.fit.shape import best_degree, splits_over
from sagemaker_model.instance.table import InstanceSpec, instances
from sagemaker_model.model_lock.locked_model import LockedModel

_PROPOSED = 3


def smallest_fits(
    model: LockedModel, settings: Settings, *, region: str | None = None, most: int = _PROPOSED
) -> list[Fit]:
    """Return the smallest instance types that *model* fits on, one of each kind of GPU.

    The smallest is the one with the least GPU memory, then with the fewest GPUs, then with the
    least memory of the host.

    Args:
        model: The model.
        settings: What the engine was asked for. A number of GPUs that the user did not give is
            that of the type, or the next smaller one that the heads can be spread over.
        region: Only types of this Region. Default: types of any.
        most: How many to return.
    """
    found: dict[str | None, Fit] = {}
    for instance in by_size(region):
        if instance.gpu_name not in found:
            fitting = _fit_on(model, instance, settings)
            if fitting is not None:
                found[instance.gpu_name] = fitting
        if len(found) == most:
            break
    return list(found.values())


def by_size(region: str | None = None) -> list[InstanceSpec]:
    """Return the instance types with GPUs that are on sale, the smallest first.

    Args:
        region: Only types of this Region. Default: types of any.
    """
    return sorted(_on_sale(region), key=_size)


def _on_sale(region: str | None) -> Iterator[InstanceSpec]:
    for instance in instances().values():
        if instance.gpus and (region in instance.regions if region else instance.regions):
            yield instance


def _size(instance: InstanceSpec) -> tuple[int, ...]:
    total = instance.gpus * instance.gpu_memory_mib
    return total, instance.gpus, instance.memory_mib, instance.vcpus


def _fit_on(model: LockedModel, instance: InstanceSpec, settings: Settings) -> Fit | None:
    """Return how the model lies on an instance; None where it does not run there."""
    config = model.config
    if settings.tensor_parallel is None:
        degree = best_degree(config, degree_on(instance, settings))
        settings = replace(settings, tensor_parallel=degree)
    degree = degree_on(instance, settings)
    if degree * settings.pipeline_parallel > instance.gpus or not splits_over(config, degree):
        return None
    if too_old_for(wanted_quantization(config, settings), instance):
        return None
    if without_bfloat16(instance) and "bfloat16" in {settings.dtype, config.dtype}:
        return None
    found = fit(model, instance, settings)
    return found if found is not None and found.fits else None
