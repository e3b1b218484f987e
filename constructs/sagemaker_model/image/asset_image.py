"""An image that is built from a local folder when the app is deployed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from constructs import Construct

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.permissions import pull_image

_PLATFORMS = ("x86_64", "arm64")


@dataclass(frozen=True, slots=True)
class AssetImage(ContainerImage):
    """An image that CDK builds and puts into the bootstrap repository."""

    directory: str
    engine: str | None
    architecture: str

    def __post_init__(self) -> None:
        if self.architecture not in _PLATFORMS:
            raise ValueError(
                f"architecture must be one of {', '.join(_PLATFORMS)}, got {self.architecture!r}"
            )

    @property
    def tag(self) -> None:
        """None: the asset's hash is its tag, and only known when it is bound."""
        return

    @property
    def known(self) -> BoundImage:
        """What the user says."""
        return BoundImage(uri="", pull=(), engine=self.engine, architecture=self.architecture)

    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:  # noqa: ARG002
        """Make the asset under *scope*."""
        from aws_cdk import IgnoreMode
        from aws_cdk.aws_ecr_assets import DockerImageAsset, Platform

        arm = self.architecture == "arm64"
        asset = DockerImageAsset(
            scope,
            "Image",
            directory=self.directory,
            platform=Platform.LINUX_ARM64 if arm else Platform.LINUX_AMD64,
            exclude=["**/__pycache__", "**/*.pyc"],
            ignore_mode=IgnoreMode.DOCKER,
        )
        return replace(
            self.known, uri=asset.image_uri, pull=pull_image(asset.repository.repository_arn)
        )
