"""An image given by its whole URI."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from constructs import Construct

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.known_facts import facts_of_name
from sagemaker_model.image.table import is_registry
from sagemaker_model.permissions import partition, pull_image
from sagemaker_model.tokens import is_token

_MAX_URI = 255  # ContainerDefinition.Image in the SageMaker API reference
_URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z0-9.-]+/"
    r"(?P<repository>[a-z0-9][a-z0-9._/-]*)"
    r"(:(?P<tag>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}))?(@(?P<digest>sha256:[0-9a-f]{64}))?"
)


@dataclass(frozen=True, slots=True)
class UriImage(ContainerImage):
    """An image of any private ECR registry."""

    uri: str
    engine: str | None

    def __post_init__(self) -> None:
        if is_token(self.uri):
            return
        if not _URI.fullmatch(self.uri) or len(self.uri) > _MAX_URI:
            raise ValueError(
                f"{self.uri!r} is not the address of an image that SageMaker can pull: it pulls "
                "from private ECR registries, account.dkr.ecr.region.amazonaws.com/repository:tag, "
                f"of at most {_MAX_URI} characters; copy the image to one, or set a private "
                "registry with cfn_model.add_property_override"
            )

    @property
    def tag(self) -> str | None:
        """The image's tag; None for a token or a digest alone."""
        match = _URI.fullmatch(self.uri)
        return match["tag"] if match else None

    @property
    def known(self) -> BoundImage:
        """What the table knows of the repository and tag; a digest never moves."""
        match = _URI.fullmatch(self.uri)
        if not match:
            return BoundImage(uri="", pull=(), engine=self.engine)
        of_aws = not match["digest"] and is_registry(match["account"], match["region"])
        known = facts_of_name(match["repository"], match["tag"], self.engine, of_aws=of_aws)
        return replace(known, mutable=False) if match["digest"] else known

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:  # noqa: ARG002
        """Use the address as it is, with what the table knows of its repository and tag."""
        match = _URI.fullmatch(self.uri)
        if not match:
            return replace(self.known, uri=self.uri, pull=pull_image("*"))
        arn = (
            f"arn:{partition()}:ecr:{match['region']}:{match['account']}"
            f":repository/{match['repository']}"
        )
        return replace(self.known, uri=self.uri, pull=pull_image(arn))
