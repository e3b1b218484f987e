"""The images that SageMaker offers, as the table that ships with this version knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from sagemaker_model.image.version import version_key
from sagemaker_model.spelling import did_you_mean


class ImageRecord(NamedTuple):
    """One image of the table.

    Args:
        family: Name of the image's family in the SageMaker SDK, such as ``"huggingface-llm"``.
        version: Version within the family, as the SDK counts it.
        processor: ``"gpu"``, ``"cpu"``, ``"neuronx"`` or ``"neuron"``.
        repository: Name of the ECR repository.
        tag: The image's tag.
        cuda: CUDA version, such as ``"12.4"``; None without a GPU or where it is not known.
        architecture: ``"x86_64"`` or ``"arm64"``.
        accounts: The account of the registry in each Region that has the image.
    """

    family: str
    version: str
    processor: str
    repository: str
    tag: str
    cuda: str | None
    architecture: str
    accounts: Mapping[str, str]

    @property
    def name(self) -> str:
        """``repository:tag``."""
        return f"{self.repository}:{self.tag}"


@cache
def _data() -> dict[str, Any]:
    text = files("sagemaker_model.image").joinpath("images.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def records() -> tuple[ImageRecord, ...]:
    """Return every image, in the order of the table; it is read once, when first asked for."""
    data = _data()
    accounts = _accounts(data["accounts"], data["region_sets"])
    return tuple(
        ImageRecord._make([*facts, accounts[registry, regions]])
        for *facts, registry, regions in data["images"]
    )


@cache
def registry_accounts(repository: str) -> Mapping[str, str]:
    """Return the account of AWS's registry that has a repository, in each Region.

    It is the Deep Learning Containers' for a repository that the table does not know.
    """
    data = _data()
    registry = next((row[7] for row in data["images"] if row[3] == repository), "dlc")
    accounts: dict[str, str] = data["accounts"][registry]
    return accounts


@cache
def registry_regions() -> frozenset[str]:
    """Return every Region in which AWS has a registry with images of the table."""
    return frozenset(region for accounts in _data()["accounts"].values() for region in accounts)


def is_registry(account: str, region: str) -> bool:
    """Say whether *account* is one of AWS's registries in *region*."""
    return any(accounts.get(region) == account for accounts in _data()["accounts"].values())


def find_image(
    family: str, version: str | None = None, processor: str | None = None
) -> ImageRecord:
    """Return one image of the table.

    Args:
        family: Name of the family.
        version: Version; None for the newest, never a moving tag.
        processor: Processor; None for a GPU where the family has such images, else its only one.

    Raises:
        ValueError: The table has no such image; the message names what it has.
    """
    of_family = [record for record in records() if record.family == family]
    if not of_family:
        raise ValueError(_unknown_family(family))
    wanted = processor or _usual_processor(of_family)
    fitting = [record for record in of_family if record.processor == wanted]
    if not fitting:
        have = ", ".join(sorted({record.processor for record in of_family}))
        raise ValueError(f"{family} has no image for the processor {wanted!r}; it has: {have}")
    if version is None:
        return newest(fitting)
    # Of two builds of a version the table has the one on the newer framework last.
    exact = [record for record in fitting if record.version == version]
    if not exact:
        have = ", ".join(sorted({record.version for record in fitting}, key=version_key))
        raise ValueError(f"{family} has no version {version!r} for {wanted}; it has: {have}")
    return exact[-1]


def try_find_image(repository: str, tag: str) -> ImageRecord | None:
    """Return the image of a repository and tag; None where the table has none."""
    return _by_name().get((repository, tag))


def newest(fitting: list[ImageRecord]) -> ImageRecord:
    """Return the newest image, passing over moving tags such as ``…-v2``."""
    versions = {record.version for record in fitting}
    fixed = [record for record in fitting if not is_moving(record.version, versions)]
    return max(reversed(fixed), key=lambda record: version_key(record.version))


def is_moving(version: str, versions: set[str]) -> bool:
    """Say whether *version* is only the beginning of another, so that its tag moves on.

    >>> is_moving("2", {"2", "2.6"}), is_moving("2.6", {"2", "2.6"})
    (True, False)
    """
    return any(other.startswith(f"{version}.") for other in versions)


def _usual_processor(of_family: list[ImageRecord]) -> str:
    processors = {record.processor for record in of_family}
    return "gpu" if "gpu" in processors else min(processors)


def _unknown_family(family: str) -> str:
    families = sorted({record.family for record in records()})
    hint = did_you_mean(family, families)
    return f"there is no image family {family!r}; {hint}known: {', '.join(families)}"


def _accounts(
    registries: Mapping[str, Mapping[str, str]], sets: list[list[str]]
) -> dict[tuple[str, int], Mapping[str, str]]:
    """Return the accounts of each registry, narrowed to each set of Regions."""
    return {
        (name, index): {region: accounts[region] for region in regions if region in accounts}
        for name, accounts in registries.items()
        for index, regions in enumerate(sets)
    }


@cache
def _by_name() -> dict[tuple[str, str], ImageRecord]:
    return {(record.repository, record.tag): record for record in records()}
