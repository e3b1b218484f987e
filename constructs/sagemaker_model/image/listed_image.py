"""Images of AWS's own registries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.registry import check_region, registry_host, repository_arn
from sagemaker_model.image.table import (
    ImageRecord,
    find_image,
    is_moving,
    records,
    registry_accounts,
    try_find_image,
)
from sagemaker_model.permissions import Statement, partition, pull_image
from sagemaker_model.stack_facts import MIRROR_KEY, stack_facts

_NAME = re.compile(
    r"(?P<repository>[a-z0-9][a-z0-9._-]*):(?P<tag>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})"
)
_HOST = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+|\{region\})\.(?P<domain>[a-z0-9.-]+)"
    r"(?P<path>(/[a-z0-9._-]+)*)/?"
)


@dataclass(frozen=True, slots=True)
class ListedImage(ContainerImage):
    """An image of the table, looked up when it is used."""

    family: str
    version: str | None
    processor: str | None
    exact: ImageRecord | None = None

    @property
    def record(self) -> ImageRecord:
        """The table's row."""
        return self.exact or find_image(self.family, self.version, self.processor)

    @property
    def tag(self) -> str:
        """The image's tag."""
        return self.record.tag

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Say where the image is in the stack's Region."""
        record = self.record
        mirror = _mirror(scope, region)
        if mirror is None:
            check_region(record, region)
        uri, pull = _locate(scope, record.name, record.accounts, region, mirror)
        return describe(record, uri, pull, latest=self.version is None)


@dataclass(frozen=True, slots=True)
class NamedImage(ContainerImage):
    """An image of the Deep Learning Containers' registry that the table does not know."""

    name: str
    engine: str | None

    @property
    def tag(self) -> str:
        """The image's tag."""
        return self.name.partition(":")[2]

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Say where the image would be in the stack's Region."""
        accounts, mirror = registry_accounts(), _mirror(scope, region)
        if region is not None and region not in accounts and mirror is None:
            raise ValueError(
                f"AWS's Deep Learning Containers have no registry in the Region {region}; give "
                f"the whole URI of a copy of {self.name} instead"
            )
        uri, pull = _locate(scope, self.name, accounts, region, mirror)
        return BoundImage(uri=uri, pull=pull, engine=self.engine)


def record_of(name: str) -> ListedImage | None:
    """Return the table's image of ``"repository:tag"``; None where it has none.

    Raises:
        ValueError: *name* is not a repository and a tag.
    """
    match = _NAME.fullmatch(name)
    if not match:
        families = {record.family for record in records()}
        hint = (
            f"for the family, write ContainerImage.of({name!r})"
            if name in families
            else "write 'repository:tag' as AWS lists it, a whole ECR URI, or ContainerImage.of(…)"
        )
        raise ValueError(f"{name!r} is not a container image; {hint}")
    record = try_find_image(match["repository"], match["tag"])
    if record is None:
        return None
    return ListedImage(record.family, record.version, record.processor, record)


def describe(
    record: ImageRecord, uri: str, pull: tuple[Statement, ...], *, latest: bool
) -> BoundImage:
    """Put the table's facts beside an address."""
    versions = {other.version for other in records() if other.family == record.family}
    return BoundImage(
        uri=uri,
        pull=pull,
        engine=record.family,
        version=record.version,
        processor=record.processor,
        cuda=record.cuda,
        architecture=record.architecture,
        listed=True,
        latest=latest,
        mutable=is_moving(record.version, versions),
    )


def _locate(
    scope: Construct,
    name: str,
    accounts: Mapping[str, str],
    region: str | None,
    mirror: tuple[str, str] | None,
) -> tuple[str, tuple[Statement, ...]]:
    """Return address and pull rights: of the mirror where there is one, else of AWS's registry."""
    repository = name.partition(":")[0]
    if mirror is not None:
        host, arn = mirror
        return f"{host}/{name}", pull_image(f"{arn}{repository}")
    arn = repository_arn(scope, accounts, repository, region)
    return f"{registry_host(scope, accounts, region)}/{name}", pull_image(arn)


def _mirror(scope: Construct, region: str | None) -> tuple[str, str] | None:
    """Return host and path of the mirror, and the beginning of its repositories' ARNs."""
    given = stack_facts(scope).mirror
    if given is None:
        return None
    match = _HOST.fullmatch(given)
    if not match or (match["region"] == "{region}" and region is None):
        raise ValueError(
            f"the context key {MIRROR_KEY} must be a private ECR registry, such as "
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror (with {region} for the stack's "
            f"Region, where the stack has one), got {given!r}"
        )
    place = match["region"].replace("{region}", region or "")
    host = given.rstrip("/").replace("{region}", place)
    path = match["path"].strip("/")
    arn = f"arn:{partition()}:ecr:{place}:{match['account']}:repository/{path and path + '/'}"
    return host, arn
