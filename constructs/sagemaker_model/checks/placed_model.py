"""A known model on a known instance type: what the rules about fitting look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sagemaker_model.checks.subject import Deployed
from sagemaker_model.fit.fit import Fit, degree_on, fit
from sagemaker_model.fit.settings import Settings, read_settings, variables_of
from sagemaker_model.fit.smallest import smallest_fits
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedModel:
    """A model on an instance type.

    Args:
        model: What the lock file says of the model.
        instance: What the table says of the instance type.
        settings: What the engine was asked for.
        fit: How the model lies on the GPUs; None where too little is known.
        region: The Region; None in a Region-agnostic stack.
    """

    model: LockedModel
    instance: InstanceSpec
    settings: Settings
    fit: Fit | None = None
    region: str | None = None

    @property
    def config(self) -> ModelConfig:
        """What the model's ``config.json`` says."""
        return self.model.config

    @property
    def degree(self) -> int:
        """GPUs that each layer is split over."""
        return degree_on(self.instance, self.settings)

    def proposals(self) -> str:
        """Name the smallest instance types that the model fits on, with figures."""
        found = smallest_fits(self.model, self.settings, region=self.region)
        if not found:
            return f"no single instance {self._where()} does; take quantized weights"
        return f"the smallest that fit {self._where()}: " + "; ".join(map(_figures, found))

    def shorter(self) -> str:
        """Name the longest context that fits on this instance type; nothing where none does."""
        longest = self.fit.longest if self.fit else None
        if not longest:
            return ""
        return f"serving=ServingOptions(max_total_tokens={longest // _ROUND * _ROUND or longest})"

    def _where(self) -> str:
        return f"in {self.region}" if self.region else "in any Region"


_ROUND = 1024


@lru_cache(maxsize=1)
def placed_model(deployed: Deployed) -> PlacedModel | None:
    """Return the model on its instance type; None where one of them is not known.

    Inference code of one's own may load weights in any way, so nothing is said of it.

    Args:
        deployed: The deployment.
    """
    container, model, instance = deployed.container, deployed.locked, deployed.instance
    if model is None or instance is None or container.engine is None or container.code is not None:
        return None
    settings = deployed_settings(deployed)
    if settings is None:
        return None
    return PlacedModel(
        model=model,
        instance=instance,
        settings=settings,
        fit=fit(model, instance, settings),
        region=deployed.region,
    )


@lru_cache(maxsize=1)
def deployed_settings(deployed: Deployed) -> Settings | None:
    """Return what the engine was asked for; None where its use of memory is not known.

    Args:
        deployed: The deployment.
    """
    container = deployed.container
    engine, served = container.engine, container.served
    if engine is None:
        return None
    version = container.image.version if container.image else None
    chosen = served is not None and served.options.tensor_parallel_degree is not None
    told = set(variables_of(engine, "tensor_parallel_degree", version))
    rendered = bool(told & container.own_environment.keys()) and not chosen
    return read_settings(
        engine,
        container.environment,
        version=version,
        all_gpus=rendered and not told & container.user_environment.keys(),
    )


def used_gpus(deployed: Deployed) -> int | None:
    """Return how many of the instance's GPUs the engine uses; None where that is not known.

    Args:
        deployed: The deployment.
    """
    instance, settings = deployed.instance, deployed_settings(deployed)
    served = deployed.container.served
    if instance is None or deployed.container.code is not None:
        return None
    if settings is None:
        each, copies = (served.options.tensor_parallel_degree if served else None), True
    else:
        each = degree_on(instance, settings) * settings.pipeline_parallel * settings.data_parallel
        copies = settings.memory.copies
    if each is None or each > instance.gpus:
        return None
    return instance.gpus - instance.gpus % each if copies else each


def _figures(fit: Fit) -> str:
    """Return an instance type with what it has and what fits on it."""
    instance = fit.instance
    size = round(instance.gpu_memory_mib / 1024)
    text = f"{instance.name} ({instance.gpus} x {instance.gpu_name} of {size} GiB"
    if fit.degree * fit.pipeline < instance.gpus:
        text += f", tensor_parallel_degree={fit.degree}"
    if fit.tokens is not None:
        text += f", {fit.tokens:,} tokens"
    return text + ")"
