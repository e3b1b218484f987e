"""Rules about whether a model fits on its instance type, by what the lock file says of it."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.placed_model import PlacedModel, placed_model
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.fit.fit import Fit
from sagemaker_model.fit.weights import stored_bytes, weight_files
from sagemaker_model.hosting.on_instances import OnInstances

_FEW = 4
_MIB = 2**20
_GIB = 2**30
_PICKLES = (".bin", ".pth")
_WORKERS = "SAGEMAKER_MODEL_SERVER_WORKERS"


@rule(
    "model-too-large",
    Severity.ERROR,
    "The weights don't fit in the GPUs' memory.",
    fix="Choose one of the types that are named, or quantized weights.",
)
def model_too_large(deployed: Deployed) -> Iterator[Problem]:
    """Find weights that can't be loaded."""
    placed, found = _fit(deployed)
    if placed and found and found.free < 0:
        yield Problem(
            "instance_type",
            f"is too small for {placed.model.id}: {found}",
            got=placed.instance.name,
            fix=placed.proposals(),
        )


@rule(
    "context-too-long",
    Severity.ERROR,
    "One sequence of the full length doesn't fit.",
    fix="Give the length that is named as `max_total_tokens`, or choose a larger type.",
)
def context_too_long(deployed: Deployed) -> Iterator[Problem]:
    """Find a context that the engine refuses to start with."""
    placed, found = _fit(deployed)
    if placed is None or found is None or placed.settings.memory.starts_with_less:
        return
    if found.free >= 0 and not found.fits:
        shorter = placed.shorter()
        yield Problem(
            "serving.max_total_tokens",
            f"is more than fits of {placed.model.id} on {placed.instance.name}: {found}",
            got=f"{found.context:,}" + ("" if placed.settings.context else ", the model's own"),
            allowed=f"at most {found.longest:,}",
            fix=f"{shorter}, or {placed.proposals()}" if shorter else placed.proposals(),
        )


@rule(
    "few-sequences",
    Severity.WARNING,
    "Fewer than four sequences of the full length fit.",
    fix="Give a length that your requests need, or choose a larger type.",
)
def few_sequences(deployed: Deployed) -> Iterator[Problem]:
    """Find an instance that can serve few long requests at once."""
    placed, found = _fit(deployed)
    if placed is None or found is None or found.free < 0 or found.sequences >= _FEW:
        return
    if found.fits or placed.settings.memory.starts_with_less:
        yield Problem(
            "instance_type",
            f"serves few long requests to {placed.model.id} at once: {found}",
            got=placed.instance.name,
            fix="limit max_total_tokens to what your requests need, or take a larger type",
        )


@rule("model-fit", Severity.INFO, "What fits beside the weights.", fix="Nothing.")
def model_fit(deployed: Deployed) -> Iterator[Problem]:
    """Say in one line how many tokens fit, where that is enough."""
    placed, found = _fit(deployed)
    if placed and found and found.fits and found.sequences >= _FEW:
        yield Problem("instance_type", f"fits {placed.model.id}: {found}", got=placed.instance.name)


@rule(
    "host-memory-too-small",
    Severity.ERROR,
    "The weights don't fit in the host's memory.",
    fix="Choose a type with more memory, or one with a GPU.",
)
def host_memory_too_small(deployed: Deployed) -> Iterator[Problem]:
    """Find weights that a CPU is to compute with and that its memory can't hold."""
    placed = placed_model(deployed)
    if placed is None or placed.instance.accelerated:
        return
    # On a CPU weights keep the type that they are stored in.
    needed, there = stored_bytes(placed.model), placed.instance.memory_mib * _MIB
    if needed is not None and needed > there:
        yield Problem(
            "instance_type",
            f"has {_gib(there)} GiB of memory, and the weights of {placed.model.id} take "
            f"{_gib(needed)}",
            got=placed.instance.name,
            fix=f"a type with more than {_gib(needed)} GiB, or with a GPU: {placed.proposals()}",
        )


@rule(
    "workers-fill-host-memory",
    Severity.WARNING,
    "Each worker holds a copy of the weights.",
    fix="Give `SAGEMAKER_MODEL_SERVER_WORKERS=1`, or choose a type with more memory.",
)
def workers_fill_host_memory(deployed: Deployed) -> Iterator[Problem]:
    """Find the toolkit's workers, one for each virtual processor, with too many copies.

    Source: model_server.py of aws/sagemaker-inference-toolkit.
    """
    placed = placed_model(deployed)
    if placed is None or placed.settings.engine != "toolkit" or placed.instance.accelerated:
        return
    if _WORKERS in deployed.container.environment:
        return
    each, instance = stored_bytes(placed.model), placed.instance
    if each is not None and each <= instance.memory_mib * _MIB < each * instance.vcpus:
        yield Problem(
            f"env.{_WORKERS}",
            f"is not set, so each of {instance.vcpus} workers loads its own {_gib(each)} GiB of "
            f"weights into the {instance.memory_mib / 1024:.0f} GiB of {instance.name}",
            fix=f"env={{{_WORKERS!r}: '1'}}, or a type with more memory",
        )


@rule(
    "pickles-fill-host-memory",
    Severity.WARNING,
    "Pickled weights pass through the memory.",
    fix="Choose weights in safetensors, or a type with more memory.",
)
def pickles_fill_host_memory(deployed: Deployed) -> Iterator[Problem]:
    """Find a pickle that is larger than the host's memory, through which it is loaded whole."""
    placed = placed_model(deployed)
    if placed is None or not placed.instance.gpus:
        return
    files = [each for each in weight_files(placed.model) if each.path.endswith(_PICKLES)]
    largest = max((each.size for each in files), default=0)
    if largest > placed.instance.memory_mib * _MIB:
        yield Problem(
            "instance_type",
            f"has {placed.instance.memory_mib / 1024:.0f} GiB of memory, through which a pickle of "
            f"{_gib(largest)} GiB is loaded",
            got=placed.instance.name,
            fix="weights as safetensors, or a type with more memory",
        )


@rule(
    "disk-too-small",
    Severity.ERROR,
    "The weights don't fit on the instance's disk.",
    fix="Choose a larger disk, or uncompressed weights.",
)
def disk_too_small(deployed: Deployed) -> Iterator[Problem]:
    """Find a disk that is smaller than the weights, or for an archive than twice their size."""
    placed = placed_model(deployed)
    if placed is None:
        return
    stored, there = stored_bytes(placed.model), _disk(deployed, placed)
    data = deployed.container.model_data
    twice = data is not None and data.compressed
    if stored is not None and there is not None and stored * (2 if twice else 1) > there:
        needed = f"{_gib(stored)} GiB" + (", and an archive beside them" if twice else "")
        yield Problem(
            "instance_type" if placed.instance.local_nvme_gb else "hosting.volume_size_gib",
            f"leaves {_gib(there)} GiB for the weights of {placed.model.id}, which take {needed}",
            fix="a larger disk, or uncompressed weights below a prefix",
        )


FIT_RULES = (
    model_too_large,
    context_too_long,
    few_sequences,
    model_fit,
    host_memory_too_small,
    workers_fill_host_memory,
    pickles_fill_host_memory,
    disk_too_small,
)


def _fit(deployed: Deployed) -> tuple[PlacedModel | None, Fit | None]:
    placed = placed_model(deployed)
    return placed, placed.fit if placed else None


def _disk(deployed: Deployed, placed: PlacedModel) -> int | None:
    """Return the bytes of the disk that weights are brought to; None where its size is open."""
    if placed.instance.local_nvme_gb:
        return placed.instance.local_nvme_gb * 10**9
    hosting = deployed.hosting
    size = hosting.volume_size_gib if isinstance(hosting, OnInstances) else None
    return None if size is None else size * _GIB


def _gib(size: int) -> str:
    return f"{size / _GIB:.1f}"
