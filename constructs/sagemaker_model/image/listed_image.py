"""Images of AWS's own registries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from constructs import Construct

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.known_facts import facts_of_record, facts_of_tag
from sagemaker_model.image.registry import (
    check_region,
    refuse_unknown,
    registry_host,
    repository_arn,
)
from sagemaker_model.image.suggestion import how_to_write
from sagemaker_model.image.table import (
    ImageRecord,
    find_image,
    registry_accounts,
    try_find_image,
)
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_image import LockedImage
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
    """An image of the table, looked up when it is used.

    Args:
        family: Its family.
        version: Its version; None for the newest.
        processor: Its processor; None for the family's usual one.
        exact: The table's row, where it is known already.
        engine: What serves inside after the user's word.
        default_of: Whose default it is, where a default of the library says the version.
    """

    family: str
    version: str | None
    processor: str | None
    exact: ImageRecord | None = None
    engine: str | None = None
    default_of: str | None = None

    @property
    def record(self) -> ImageRecord:
        """The table's row."""
        return self.exact or find_image(self.family, self.version, self.processor)

    @property
    def tag(self) -> str:
        """The image's tag."""
        return self.record.tag

    @property
    def known(self) -> BoundImage:
        """What the table says."""
        return facts_of_record(self.record, engine=self.engine)

    @property
    def lock_key(self) -> str | None:
        """Family, or whose default it is, and processor; None where the user gave the version."""
        if self.version is not None and self.default_of is None:
            return None
        return f"{self.default_of or self.family}/{self.record.processor}"

    def locked(self, lock: ModelLock) -> ContainerImage:
        """Return the image that the lock names for this one; this one where it names none."""
        found = lock.images.get(self.lock_key or "")
        return self if found is None else PinnedImage(found, self.family)

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Say where the image is in the stack's Region."""
        record = self.record
        mirror = _mirror(scope, region)
        if mirror is None:
            check_region(record, region)
        uri, pull = _locate(scope, record.name, record.accounts, region, mirror)
        return replace(self.known, uri=uri, pull=pull)


@dataclass(frozen=True, slots=True)
class NamedImage(ContainerImage):
    """An image of AWS's registries that the table does not know, such as a newer one."""

    name: str
    engine: str | None

    @property
    def tag(self) -> str:
        """The image's tag."""
        return self.name.partition(":")[2]

    @property
    def known(self) -> BoundImage:
        """What the tag tells."""
        return facts_of_tag(self.tag, self.engine, unlisted=self.name)

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Say where the image would be in the stack's Region."""
        accounts = registry_accounts(self.name.partition(":")[0])
        mirror = _mirror(scope, region)
        if region is not None and region not in accounts and mirror is None:
            refuse_unknown(region)
            raise ValueError(
                f"AWS has no registry with {self.name} in the Region {region}; give the whole URI "
                "of a copy instead"
            )
        uri, pull = _locate(scope, self.name, accounts, region, mirror)
        return replace(self.known, uri=uri, pull=pull)


@dataclass(frozen=True, slots=True)
class PinnedImage(ContainerImage):
    """An image as a lock file names it, whatever the table knows of it now.

    Args:
        pin: What the lock file says.
        family: Family of the image.
    """

    pin: LockedImage
    family: str

    @property
    def tag(self) -> str:
        """The image's tag."""
        return self.pin.image.partition(":")[2]

    @property
    def known(self) -> BoundImage:
        """What the lock file says."""
        return self._told(self._named.known)

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Say where the image is in the stack's Region."""
        return self._told(self._named.bind(scope, region=region))

    @property
    def _named(self) -> ContainerImage:
        return image_of_name(self.pin.image, None)

    def _told(self, image: BoundImage) -> BoundImage:
        return replace(
            image,
            engine=self.family,
            version=self.pin.version,
            processor=self.pin.processor,
            cuda=self.pin.cuda,
            listed=True,
            unlisted=None,
            locked=self.pin,
        )


def image_of_name(name: str, engine: str | None) -> ContainerImage:
    """Return the image of ``"repository:tag"``, whether the table has it or not.

    Raises:
        ValueError: *name* is not a repository and a tag.
    """
    match = _NAME.fullmatch(name)
    if not match:
        raise ValueError(f"{name!r} is not a container image; {how_to_write(name)}")
    record = try_find_image(match["repository"], match["tag"])
    if record is None:
        return NamedImage(name, engine)
    return ListedImage(record.family, record.version, record.processor, record, engine)


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
