"""Images of an ECR repository that is a construct of the user's app."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.known_facts import facts_of_tag
from sagemaker_model.permissions import pull_image

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr

    from sagemaker_model.model_lock.lock import ModelLock


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

    @property
    def known(self) -> BoundImage:
        """What the user says, and the tag."""
        return facts_of_tag(self.tag_or_digest, self.engine)

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:  # noqa: ARG002
        """Ask the repository for its address."""
        return replace(
            self.known,
            uri=self.repository.repository_uri_for_tag_or_digest(self.tag_or_digest),
            pull=pull_image(self.repository.repository_arn),
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

    @property
    def known(self) -> BoundImage:
        """What is known of the original; a tag of the copy's own may be one that moves."""
        known = self.original.known
        return replace(known, mutable=self.given_tag == "latest") if self.given_tag else known

    @property
    def lock_key(self) -> str | None:
        """That of the original, of which a copy must be made when it changes."""
        return self.original.lock_key

    def locked(self, lock: ModelLock) -> ContainerImage:
        """Return the copy of what the lock names for the original."""
        return replace(self, original=self.original.locked(lock))

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Take the address from the copy and everything else from the original."""
        copy = RepositoryImage(self.repository, self.tag or "", None).bind(scope, region=region)
        return replace(self.known, uri=copy.uri, pull=copy.pull)
