"""An instance type by what it must have."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from sagemaker_model.instance.table import InstanceSpec, instances
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.spelling import did_you_mean

_MIB_PER_GIB = 1024
_GENERATION = re.compile(r"\d+")  # the 7 of c7i
_ARCHITECTURES = ("x86_64", "arm64")
_USUAL = "x86_64"
_NUMBERS = ("count", "gpu_memory_gib", "memory_gib", "vcpus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """Ask for what an instance must have, and get the smallest type of the Region that has it.

    The smallest is the one with the least GPU memory in all, then the fewest GPUs, processors, and
    least memory. Types without a hosting price in the Region, burstable ones and those with
    Inferentia or Trainium are not taken. It is chosen by the table that ships with this version of
    the library: a lock file keeps the choice, whatever upgrade comes.

    Args:
        accelerator: Name of the GPU, such as ``"A10G"``, ``"L40S"`` or ``"H100"``.
            Default: any, where *count* or *gpu_memory_gib* asks for one; otherwise none.
        count: How many GPUs. Default: 1, where a GPU is asked for.
        gpu_memory_gib: Memory of each GPU in GiB, at least. Default: any.
        memory_gib: Memory of the host in GiB, at least. Default: any.
        vcpus: Virtual processors, at least. Default: any.
        architecture: ``"x86_64"`` or ``"arm64"``. Default: ``"x86_64"``, as are AWS's images.

    Raises:
        TypeError: A number is none.
        ValueError: A number is not positive, or there is no such GPU or architecture.
    """

    accelerator: str | None = None
    count: int | None = None
    gpu_memory_gib: float | None = None
    memory_gib: float | None = None
    vcpus: int | None = None
    architecture: str = _USUAL

    def __post_init__(self) -> None:
        for name in _NUMBERS:
            _check_positive(name, getattr(self, name))
        if self.architecture not in _ARCHITECTURES:
            known = " or ".join(_ARCHITECTURES)
            raise ValueError(f"architecture must be {known}, got {self.architecture!r}")
        names = {spec.gpu_name for spec in instances().values() if spec.gpu_name}
        if self.accelerator is not None and self.accelerator not in names:
            hint = did_you_mean(self.accelerator, names)
            raise ValueError(
                f"accelerator {self.accelerator!r} is not known; {hint}known: "
                f"{', '.join(sorted(names))}"
            )

    def instance_type(self, region: str | None) -> str:
        """Return the smallest instance type of a Region that has all this.

        Args:
            region: The Region; None in a Region-agnostic stack, where there is no answer.

        Raises:
            ValueError: The Region is not known, or has no such type.
        """
        if region is None:
            raise ValueError(
                "instance_type=Hardware(…) needs to know the Region, and the stack leaves it open; "
                "give the stack env=Environment(region=…), the construct region=…, or the name of "
                "a type"
            )
        fitting = [spec for spec in instances().values() if self._fits(spec)]
        offered = [spec for spec in fitting if region in spec.regions]
        if not offered:
            raise ValueError(f"no instance type in {region} has {self}; {_elsewhere(fitting)}")
        return min(offered, key=_size).name

    def lock_key(self, region: str) -> str:
        """Return what a lock file knows the choice by.

        Args:
            region: The Region that it is for.

        >>> Hardware(accelerator="A10G", memory_gib=30).lock_key("us-east-1")
        'accelerator=A10G,memory_gib=30,region=us-east-1'
        """
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        asked = {name: value for name, value in given.items() if value not in (None, _USUAL)}
        return ",".join(f"{name}={value}" for name, value in {**asked, "region": region}.items())

    def __str__(self) -> str:
        """Say what is asked for.

        >>> print(Hardware(accelerator="A10G", count=4, memory_gib=30))
        4 x A10G and 30 GiB of memory
        """
        wanted = []
        if self._gpus:
            wanted.append(f"{self._gpus} x {self.accelerator or 'GPU'}")
        if self.gpu_memory_gib is not None:
            wanted[-1] += f" of {self.gpu_memory_gib:g} GiB"
        if self.vcpus is not None:
            wanted.append(f"{self.vcpus} processors")
        if self.memory_gib is not None:
            wanted.append(f"{self.memory_gib:g} GiB of memory")
        return " and ".join(wanted) or "no GPU"

    @property
    def _gpus(self) -> int:
        if self.accelerator is None and self.gpu_memory_gib is None:
            return self.count or 0
        return self.count or 1

    def _fits(self, spec: InstanceSpec) -> bool:
        return (
            spec.architecture == self.architecture
            and spec.gpus == self._gpus
            and self.accelerator in {None, spec.gpu_name}
            and spec.gpu_memory_mib >= (self.gpu_memory_gib or 0) * _MIB_PER_GIB
            and spec.memory_mib >= (self.memory_gib or 0) * _MIB_PER_GIB
            and spec.vcpus >= (self.vcpus or 0)
            and not spec.neuron_devices
            and not spec.burstable
        )


def instance_type_name(given: str | Hardware, region: str | None, lock: ModelLock) -> str:
    """Return the name of an instance type that was given by name or by what it must have.

    Args:
        given: Which one.
        region: The Region; None in a Region-agnostic stack.
        lock: Keeps what was chosen before.

    Raises:
        ValueError: No type of the Region has what is asked for.
    """
    if not isinstance(given, Hardware):
        return given
    locked = None if region is None else lock.instances.get(given.lock_key(region))
    return locked or given.instance_type(region)


def lock_keys(given: str | Hardware, region: str | None) -> tuple[str, ...]:
    """Return what a lock file fixes of an instance type: nothing where its name was given.

    Args:
        given: Which one.
        region: The Region; None in a Region-agnostic stack.
    """
    if not isinstance(given, Hardware) or region is None:
        return ()
    return (given.lock_key(region),)


def choose_again(lock_key: str) -> str:
    """Return the type that this version of the library chooses for what a lock file names.

    Args:
        lock_key: As ``Hardware.lock_key`` returns it.

    Raises:
        ValueError: It names nothing that there is.
    """
    try:
        given: dict[str, Any] = dict(part.split("=", 1) for part in lock_key.split(","))
        region = given.pop("region")
        numbers = {name: float(given[name]) for name in _NUMBERS if name in given}
        return Hardware(**{**given, **numbers}).instance_type(region)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"the lock file's {lock_key!r} can't be chosen again: {error}; delete its line"
        ) from error


def _size(spec: InstanceSpec) -> tuple[int | str, ...]:
    """Return what types are compared by; of equal ones without a GPU the newest is the first."""
    total = spec.gpus * spec.gpu_memory_mib
    newest = 0 if spec.gpus else -int(_GENERATION.findall(spec.family)[0])
    return total, spec.gpus, spec.vcpus, spec.memory_mib, newest, spec.name


def _elsewhere(fitting: list[InstanceSpec]) -> str:
    """Say where there are types that fit, or that there are none."""
    smallest = sorted((spec for spec in fitting if spec.regions), key=_size)[:1]
    if not smallest:
        return "ask for less, or for another GPU"
    (spec,) = smallest
    return f"{spec.name} has, in {', '.join(sorted(spec.regions))}"


def _check_positive(name: str, value: float | None) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number, got {value!r}")
    if not value > 0:
        raise ValueError(f"{name} must be more than 0, got {value}; leave it out for any")
