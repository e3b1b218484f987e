"""Whether a model fits on an instance, and how much of a load beside it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from sagemaker_model.fit.kv_cache import cache_bytes, sequence_bytes
from sagemaker_model.fit.settings import AUTOMATIC, Settings
from sagemaker_model.fit.weights import loaded_bytes
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.model_lock.locked_model import LockedModel

_MIB = 2**20
_GIB = 2**30
_MANY = 10
# What nvidia-smi shows of a T4; the rest of its 16 GiB is kept by its error correction.
_SHOWN_MIB = {"T4": 15360}
# Architectures that write text token by token; others keep nothing of a request.
_WRITES = ("ForCausalLM", "LMHeadModel")
_READS_AND_WRITES = "ForConditionalGeneration"
# Of those, the ones with an encoder, whose cache is small beside their weights.
_ENCODERS = frozenset({"t5", "mt5", "umt5", "bart", "mbart", "pegasus", "whisper", "marian"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a model lies on the GPUs of an instance. All sizes are bytes of one GPU.

    Args:
        instance: The instance type.
        degree: GPUs that each layer is split over.
        pipeline: Groups that the layers are split into besides.
        budget: What the engine takes of the GPU's memory.
        weights: What the weights take of that.
        overhead: What else is needed of it before any request comes.
        context: Longest sequence in tokens; None where no cache is kept.
        sequence: What a sequence of that length takes; 0 where no cache is kept.
        longest: The longest sequence of up to that length that fits; None where no cache is kept.
    """

    instance: InstanceSpec
    degree: int
    pipeline: int
    budget: int
    weights: int
    overhead: int
    context: int | None = None
    sequence: int = 0
    longest: int | None = None

    @property
    def free(self) -> int:
        """What is left for sequences; negative where the weights alone don't fit."""
        return self.budget - self.weights - self.overhead

    @property
    def sequences(self) -> float:
        """How many sequences of the full length fit at once."""
        return max(0, self.free) / self.sequence if self.sequence else float("inf")

    @property
    def tokens(self) -> int | None:
        """How many tokens of full-length sequences fit; None where no cache is kept."""
        if self.context is None or not self.sequence:
            return None
        return int(self.sequences * self.context)

    @property
    def fits(self) -> bool:
        """Whether the weights fit, and one sequence of the full length beside them."""
        return self.free >= 0 and self.sequences >= 1

    def __str__(self) -> str:
        """Say in one line what lies on a GPU, and what fits beside it."""
        gpus = self.degree * self.pipeline
        split = f"1/{gpus} of the weights" if gpus > 1 else "weights"
        text = (
            f"{_gib(self.weights)} GiB of {split} and {_gib(self.overhead)} for working on the "
            f"{_gib(self.budget)} GiB that are used of each {self.instance.gpu_name}"
        )
        if self.free < 0:
            return f"{text} are {_gib(-self.free)} too much"
        if self.tokens is None:
            return f"{text} leave {_gib(self.free)}"
        return (
            f"{text} leave room for {self.tokens:,} tokens: "
            f"{_times(self.sequences)} {self.context:,}"
        )


def fit(model: LockedModel, instance: InstanceSpec, settings: Settings) -> Fit | None:
    """Return how *model* lies on the GPUs of *instance*; None where too little is known.

    Args:
        model: The model.
        instance: The instance type; one without GPUs has no answer.
        settings: What the engine was asked for.
    """
    weights = loaded_bytes(
        model,
        dtype=settings.dtype,
        at_load=settings.memory.at_load.get(settings.quantization or ""),
    )
    if not instance.gpus or weights is None:
        return None
    degree = degree_on(instance, settings)
    gpus = degree * settings.pipeline_parallel
    shown = _SHOWN_MIB.get(instance.gpu_name or "", instance.gpu_memory_mib)
    alone = Fit(
        instance=instance,
        degree=degree,
        pipeline=settings.pipeline_parallel,
        budget=round(shown * _MIB * settings.utilization),
        weights=max(0, round(weights / gpus - settings.offload_gib * _GIB)),
        overhead=settings.memory.overhead_mib * _MIB,
    )
    return _with_cache(alone, model, settings)


def degree_on(instance: InstanceSpec, settings: Settings) -> int:
    """Return over how many GPUs of *instance* each layer is split.

    Args:
        instance: The instance type.
        settings: What the engine was asked for; without a number it takes all GPUs.
    """
    return settings.tensor_parallel or max(1, instance.gpus // settings.pipeline_parallel)


def writes_text(model: LockedModel) -> bool:
    """Say whether a model writes text token by token, so that an engine keeps a cache for it.

    Args:
        model: The model.
    """
    config = model.config
    if config.model_type in _ENCODERS:
        return False
    return any(
        name.endswith(_WRITES) or name.endswith(_READS_AND_WRITES) for name in config.architectures
    )


def _with_cache(alone: Fit, model: LockedModel, settings: Settings) -> Fit:
    """Add what sequences take, where the engine keeps a cache and the model's shape is known."""
    limit = _limit(model, settings)
    if limit is None:
        return alone

    def taken(tokens: int) -> int:
        return (
            sequence_bytes(
                model.config,
                tokens,
                degree=alone.degree,
                pipeline=alone.pipeline,
                each=cache_bytes(settings.cache_dtype),
            )
            or 0
        )

    if not taken(1):
        return alone
    free = max(0, alone.free)
    whole = taken(limit) <= free
    longest = limit if whole else bisect_right(range(1, limit + 1), free, key=taken)
    context = max(1, longest) if settings.context == AUTOMATIC else limit
    return replace(alone, context=context, sequence=taken(context), longest=longest)


def _limit(model: LockedModel, settings: Settings) -> int | None:
    """Return the longest sequence that the engine is to serve; None where it keeps no cache."""
    if not settings.memory.caches or not writes_text(model):
        return None
    if settings.context:
        return settings.context
    longest = model.config.max_position_embeddings
    usual = settings.memory.context
    return min(usual, longest) if usual and longest else longest or usual


def _gib(size: int) -> str:
    return f"{size / _GIB:.1f}"


def _times(sequences: float) -> str:
    """Return how many sequences there are, for people; never more than there are."""
    if sequences < 1:
        return "less than one sequence of"
    shown = f"{int(sequences):,}" if sequences >= _MANY else f"{int(sequences * 10) / 10}"
    return f"{shown} of"
