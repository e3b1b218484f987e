"""Which engine an endpoint serves with: the image of its model tells."""

from __future__ import annotations

from typing import Any

from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.image.table import records, try_find_image
from sagemaker_model.runtime.protocol.protocols import PROTOCOLS


def deployed_engine(sagemaker: Any, endpoint: str, component: str | None) -> str:
    """Return the name of the engine that an endpoint serves with now.

    Args:
        sagemaker: A client of SageMaker; it describes the endpoint, its configuration and model, or
            the inference component.
        endpoint: Name of the endpoint.
        component: Name of the inference component; None where the endpoint serves one model.

    Raises:
        ValueError: The image is none that this library knows.
    """
    image = _image(sagemaker, endpoint, component)
    engine = engine_of(image) if image else None
    if engine is None:
        what = f"its image {image} is none of the table's" if image else "its image does not show"
        raise ValueError(
            f"the engine of the endpoint {endpoint!r} can't be told: {what}; give engine=, one of "
            f"{', '.join(PROTOCOLS)}"
        )
    return engine


def engine_of(image: str) -> str | None:
    """Return the name of the engine in an image; None where the table does not know.

    A mirrored image is known by the last part of its repository's name.

    Args:
        image: URI of the image.

    >>> engine_of("763104351884.dkr.ecr.us-east-1.amazonaws.com/tei:2.0.1-tei1.8.2-gpu-py310")
    'tei'
    """
    repository, _, tag = image.rpartition("/")[2].partition("@")[0].partition(":")
    exact = try_find_image(repository, tag)
    likely = [exact] if exact else [each for each in records() if each.repository == repository]
    families = {each.family for each in likely}
    # Where a repository has several, the first of the engines is the one for all devices.
    return next((each.name for each in ENGINES if families & {*each.families}), None)


def _image(sagemaker: Any, endpoint: str, component: str | None) -> str | None:
    if component is not None:
        told = sagemaker.describe_inference_component(InferenceComponentName=component)
        specification = told.get("Specification", {})
        if "ModelName" not in specification:
            container = specification.get("Container", {})
            image: str | None = container.get("DeployedImage", {}).get("SpecifiedImage")
            return image
        return _image_of_model(sagemaker, specification["ModelName"])
    described = sagemaker.describe_endpoint(EndpointName=endpoint)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=described["EndpointConfigName"])
    variant = config["ProductionVariants"][0]
    if "ModelName" not in variant:
        raise ValueError(
            f"the endpoint {endpoint!r} has inference components; name one in inference_component="
        )
    return _image_of_model(sagemaker, variant["ModelName"])


def _image_of_model(sagemaker: Any, name: str) -> str | None:
    model = sagemaker.describe_model(ModelName=name)
    container = model.get("PrimaryContainer") or model.get("Containers", [{}])[0]
    image: str | None = container.get("Image")
    return image
