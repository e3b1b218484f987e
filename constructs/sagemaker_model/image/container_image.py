"""Which container image serves a model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import aws_ecr as ecr

    from sagemaker_model.model_lock.lock import ModelLock


class ContainerImage(ABC):
    """Say which container image serves a model.

    ``ContainerImages`` has names for the common ones, and wherever an image is asked for, a
    string does as well: ``"repository:tag"`` for an image of AWS's registry, or a whole URI.
    """

    @staticmethod
    def of(
        family: str, *, version: str | None = None, processor: str | None = None
    ) -> ContainerImage:
        """Name an image of SageMaker by its family and version.

        Args:
            family: The SageMaker SDK's name: ``"huggingface-vllm"``, ``"djl-lmi"``,
                ``"huggingface-llm"`` (TGI), ``"huggingface"``, ``"vllm-server"``, ``"sglang"``,
                ``"huggingface-tei"``, ``"pytorch"`` …
            version: The SDK's version of that family. Default: the newest that this version of
                the library knows, never a moving tag.
            processor: ``"gpu"``, ``"cpu"``, ``"neuronx"``. Default: a GPU where the family has
                such an image, else its only one.

        Raises:
            ValueError: There is no such image; the message names those there are.
        """
        from sagemaker_model.image.listed_image import ListedImage

        return ListedImage(family, version, processor)

    @staticmethod
    def from_repository_tag(name: str, *, engine: str | None = None) -> ContainerImage:
        """Name an image of AWS's Deep Learning Containers by ``"repository:tag"``.

        Args:
            name: Repository and tag, as AWS lists them, such as
                ``"djl-inference:0.36.0-lmi27.0.0-cu130"``. Images newer than this library work:
                their CUDA version is read from a tag that tells it.
            engine: What serves inside, such as ``"vllm"``. Default: what the image table says.

        Raises:
            ValueError: *name* is not a repository and a tag.
        """
        from sagemaker_model.image.listed_image import image_of_name

        return image_of_name(name, engine)

    @staticmethod
    def from_uri(uri: str, *, engine: str | None = None) -> ContainerImage:
        """Name any image in a private ECR registry by its whole URI.

        Args:
            uri: ``account.dkr.ecr.region.amazonaws.com/repository:tag`` or ``…@sha256:…``; may
                be a token, which is passed on as it is.
            engine: What serves inside, such as ``"vllm"``. Default: what the image table says
                of this repository and tag, if it has them.

        Raises:
            ValueError: *uri* is not the address of an image in a private ECR registry.
        """
        from sagemaker_model.image.uri_image import UriImage

        return UriImage(uri, engine)

    @staticmethod
    def from_ecr_repository(
        repository: ecr.IRepository, tag_or_digest: str = "latest", *, engine: str | None = None
    ) -> ContainerImage:
        """Use an image of an ECR repository of your app.

        Args:
            repository: The repository, owned or imported. One in another account needs a
                repository policy that lets the execution role pull.
            tag_or_digest: Tag, or digest that begins with ``sha256:``. Default: ``latest``,
                which may change under a running endpoint.
            engine: What serves inside, such as ``"vllm"``. Default: not known, so serving
                options can't be told to it.
        """
        from sagemaker_model.image.repository_image import RepositoryImage

        return RepositoryImage(repository, tag_or_digest, engine)

    @staticmethod
    def from_asset(
        directory: str, *, engine: str | None = None, architecture: str = "x86_64"
    ) -> ContainerImage:
        """Build an image from a local folder with a Dockerfile, when the app is deployed.

        Args:
            directory: Folder with a Dockerfile.
            engine: What serves inside, such as ``"vllm"``. Default: not known.
            architecture: ``"x86_64"`` or ``"arm64"``, as the instances have it. Default:
                ``"x86_64"``.

        Raises:
            ValueError: *architecture* is neither.
        """
        from sagemaker_model.image.asset_image import AssetImage

        return AssetImage(directory, engine, architecture)

    @staticmethod
    def mirror(
        image: ContainerImage, repository: ecr.IRepository, *, tag: str | None = None
    ) -> ContainerImage:
        """Pull a copy of a known image from a repository of yours.

        Args:
            image: The image that was copied: its engine, version and CUDA hold for the copy.
            repository: Where the copy is.
            tag: The copy's tag or digest. Default: the tag of *image*.

        Raises:
            ValueError: *tag* is left out and *image* has none of its own.
        """
        from sagemaker_model.image.repository_image import MirrorImage

        return MirrorImage(image, repository, tag)

    @staticmethod
    def parse(value: ContainerImage | str) -> ContainerImage:
        """Take an image as a user may write it: itself, ``"repository:tag"``, or a URI.

        Raises:
            ValueError: The text is none of these.
        """
        if isinstance(value, ContainerImage):
            return value
        if is_token(value) or "/" in value:
            return ContainerImage.from_uri(value)
        return ContainerImage.from_repository_tag(value)

    @property
    @abstractmethod
    def tag(self) -> str | None:
        """The image's tag; None where it has none."""

    @property
    @abstractmethod
    def known(self) -> BoundImage:
        """What is known of the image wherever it is pulled from; the address is left empty."""

    @property
    def lock_key(self) -> str | None:
        """What a lock file knows it by; None where its version does not hang on the library's."""
        return None

    def locked(self, lock: ModelLock) -> ContainerImage:  # noqa: ARG002
        """Return the image that a lock names for this one; this one where it names none.

        Args:
            lock: The lock.
        """
        return self

    @abstractmethod
    def bind(self, scope: Construct, *, region: str | None) -> BoundImage:
        """Say where *scope* pulls the image from.

        Args:
            scope: The construct that uses the image.
            region: The stack's Region as text; None in a Region-agnostic stack.

        Raises:
            ValueError: The Region does not have the image.
        """
