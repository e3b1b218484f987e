"""What a container of CreateModel tells the program that serves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ModelData:
    """Where a model's files are in S3.

    Args:
        uri: A prefix, which ends with ``/``, or one object.
        archive: Whether it is a gzip-compressed tar archive, which is unpacked.
    """

    uri: str
    archive: bool


@dataclass(frozen=True)
class ContainerDefinition:
    """A container as CreateModel describes it.

    Args:
        image: URI of its image; None for a model package.
        environment: Its environment variables.
        model_data: The files that it finds in ``/opt/ml/model``; None where there are none.
        model_package: ARN of the model package that it comes from; None where there is none.
        variant: Name of the production variant that it runs for.
        isolated: Whether it has no way to a network. Default: it has one.
    """

    image: str | None
    environment: Mapping[str, str]
    model_data: ModelData | None
    model_package: str | None
    variant: str
    isolated: bool = False

    @classmethod
    def from_request(
        cls, container: Mapping[str, Any], variant: str, *, isolated: bool = False
    ) -> ContainerDefinition:
        """Read a container of a CreateModel request.

        ``ModelDataUrl`` names an archive; ``S3DataSource`` names one where it is compressed, else
        an object or all objects below a prefix.
        Source: API reference of ContainerDefinition and S3ModelDataSource.

        Args:
            container: The container, as ``PrimaryContainer`` has it.
            variant: The production variant that it runs for.
            isolated: The request's ``EnableNetworkIsolation``. Default: there is none.
        """
        return cls(
            image=container.get("Image"),
            environment=dict(container.get("Environment") or {}),
            model_data=_model_data(container),
            model_package=container.get("ModelPackageName"),
            variant=variant,
            isolated=isolated,
        )


def _model_data(container: Mapping[str, Any]) -> ModelData | None:
    source = (container.get("ModelDataSource") or {}).get("S3DataSource")
    if source:
        return ModelData(source["S3Uri"], archive=source.get("CompressionType") == "Gzip")
    url = container.get("ModelDataUrl")
    return ModelData(url, archive=True) if url else None
