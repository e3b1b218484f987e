"""The instance types that SageMaker hosts on, as the table of this version has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sagemaker_model.instance.gpu import COMPUTE_CAPABILITY
from sagemaker_model.spelling import close_names

_PREFIX = "ml."
_FIRST_NEURON = "inf1"  # its models are compiled by an SDK of its own
_SUGGESTIONS = 3
_CLOSE = 0.85  # below it lie other families rather than slips of the pen


class InstanceSpec(NamedTuple):
    """What an instance type has: one row of the table.

    Args:
        name: Such as ``"ml.g5.2xlarge"``.
        vcpus: Number of virtual processors.
        memory_mib: Main memory in MiB.
        architecture: ``"x86_64"`` or ``"arm64"``.
        gpus: Number of NVIDIA GPUs.
        gpu_name: Such as ``"A10G"``; None without a GPU.
        gpu_memory_mib: Usable memory of each GPU in MiB; 0 without one.
        neuron_devices: Number of Inferentia or Trainium devices.
        local_nvme_gb: Local NVMe storage in GB; 0 where the type has an EBS volume instead.
        burstable: Whether its processors are throttled after a burst.
        regions: The Regions where hosting on it had a price when the table was made.
    """

    name: str
    vcpus: int
    memory_mib: int
    architecture: str
    gpus: int
    gpu_name: str | None
    gpu_memory_mib: int
    neuron_devices: int
    local_nvme_gb: int
    burstable: bool
    regions: frozenset[str]

    @property
    def family(self) -> str:
        """The type's family: ``"g5"`` of ``"ml.g5.2xlarge"``."""
        return self.name.split(".")[1]

    @property
    def accelerated(self) -> bool:
        """Whether it has GPUs, or Inferentia or Trainium devices."""
        return bool(self.gpus or self.neuron_devices)

    @property
    def ebs_only(self) -> bool:
        """Whether its storage is an EBS volume, whose size and key can be chosen."""
        return not self.local_nvme_gb

    @property
    def compute_capability(self) -> tuple[int, int] | None:
        """CUDA compute capability of its GPUs, major and minor; None without a GPU."""
        return None if self.gpu_name is None else COMPUTE_CAPABILITY[self.gpu_name]


@cache
def instances() -> Mapping[str, InstanceSpec]:
    """Return every instance type by name; the table is read once, when first asked for."""
    data = json.loads(
        files("sagemaker_model.instance").joinpath("instances.json").read_text(encoding="utf-8")
    )
    sets = [frozenset(regions) for regions in data["region_sets"]]
    specs = (InstanceSpec._make([*facts, sets[index]]) for *facts, index in data["instances"])
    return {spec.name: spec for spec in specs}


def try_find_instance(name: str) -> InstanceSpec | None:
    """Return what an instance type has; None for one that the table does not know."""
    return instances().get(name)


def instance_names() -> tuple[str, ...]:
    """Return the names of all instance types, sorted by family and size."""
    return tuple(instances())


def suggest(name: str) -> tuple[str, ...]:
    """Return the instance types that were probably meant, the likeliest first.

    Args:
        name: A name that the table does not know, perhaps without ``ml.`` or in capitals.

    Returns:
        At most three names; none where nothing is close.

    >>> suggest("g5.12xlarge")[0], suggest("ml.g5.12xlrage")[0]
    ('ml.g5.12xlarge', 'ml.g5.12xlarge')
    """
    lower = name.lower()
    full = lower if lower.startswith(_PREFIX) else _PREFIX + lower
    if full in instances():
        return (full,)
    return tuple(close_names(full, instances(), cutoff=_CLOSE, most=_SUGGESTIONS))


def similar_instances(spec: InstanceSpec, region: str) -> list[str]:
    """Return types of a Region that can serve what *spec* can, the closest first.

    They have the same architecture and number of GPUs, and as much of everything else or more.

    Args:
        spec: The type to stand in for.
        region: Such as ``"eu-west-2"``.
    """
    fitting = [
        other
        for other in instances().values()
        if region in other.regions and _stands_in(other, spec)
    ]
    fitting.sort(key=lambda other: (other.gpu_memory_mib, other.vcpus, other.memory_mib))
    return [other.name for other in fitting]


def _stands_in(other: InstanceSpec, spec: InstanceSpec) -> bool:
    return (
        (other.architecture, other.gpus) == (spec.architecture, spec.gpus)
        and bool(other.neuron_devices) == bool(spec.neuron_devices)
        and (other.family == _FIRST_NEURON) == (spec.family == _FIRST_NEURON)
        and other.neuron_devices >= spec.neuron_devices
        and other.gpu_memory_mib >= spec.gpu_memory_mib
        and other.vcpus >= spec.vcpus
        and other.memory_mib >= spec.memory_mib
    )
