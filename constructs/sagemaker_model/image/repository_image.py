"""Images of an ECR repository that is a construct of the user's app."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.permissions import pull_image

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr


@dataclass(frozen=True, slots=True)
class RepositoryImage(ContainerImage):
    """An image that the user built."""

    repository: ecr.IRepository
    tag_or_digest: str
    engine: str | None

    @property
    def tag(self) -> str:
        """The image's tag or digest."""
        return self.tag_or_digest

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:  # noqa: ARG002
        """Ask the repository for its address."""
        return BoundImage(
            uri=self.repository.repository_uri_for_tag_or_digest(self.tag_or_digest),
            pull=pull_image(self.repository.repository_arn),
            engine=self.engine,
            mutable=self.tag_or_digest == "latest",
        )


@dataclass(frozen=True, slots=True)
class MirrorImage(ContainerImage):
    """A copy of a known image."""

    original: ContainerImage
    repository: ecr.IRepository
    given_tag: str | None

    def __post_init__(self) -> None:
        if self.tag is None:
            raise ValueError("the mirrored image has no tag of its own; give tag= of the copy")

    @property
    def tag(self) -> str | None:
        """The copy's tag: what was given, or the original's."""
        return self.given_tag or self.original.tag

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Take the address from the copy and everything else from the original."""
        copy = RepositoryImage(self.repository, self.tag or "", None).bind(scope, region=region)
        known = known_facts(self.original)
        return copy if known is None else replace(known, uri=copy.uri, pull=copy.pull)


def known_facts(image: ContainerImage) -> BoundImage | None:
    """Return what the table says of an image, wherever it is pulled from."""
    from sagemaker_model.image.listed_image import ListedImage, describe

    if isinstance(image, MirrorImage):
        return known_facts(image.original)
    if isinstance(image, ListedImage):
        return describe(image.record, "", (), latest=image.version is None)
    engine: str | None = getattr(image, "engine", None)
    return BoundImage(uri="", pull=(), engine=engine)
