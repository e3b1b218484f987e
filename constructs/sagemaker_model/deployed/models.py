"""What containers serve: image, engine, model and staged files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sagemaker_model.aws import Aws
from sagemaker_model.deployed.view import Model
from sagemaker_model.engine.shared_variables import MODEL_ID_VARIABLES
from sagemaker_model.image.table import try_find_image
from sagemaker_model.partial_reading import PartialReading
from sagemaker_model.runtime.deployed_engine import engine_of


def model_named(aws: Aws, name: str, reading: PartialReading) -> Model:
    """Return what a SageMaker model serves.

    Args:
        aws: Makes the clients of AWS.
        name: Name of the model.
        reading: Keeps what can't be read.
    """
    told = reading.tried(
        f"the model {name}", lambda: aws.client("sagemaker").describe_model(ModelName=name), {}
    )
    containers = [told.get("PrimaryContainer"), *told.get("Containers", [])]
    container: Mapping[str, Any] = next((each for each in containers if each), {})
    network = told.get("VpcConfig", {})
    return model_of(
        aws,
        container,
        reading,
        name=name,
        isolated=told.get("EnableNetworkIsolation", False),
        subnets=tuple(network.get("Subnets", ())),
    )


def model_of(aws: Aws, container: Mapping[str, Any], reading: PartialReading, **more: Any) -> Model:
    """Return what a container serves.

    Args:
        aws: Makes the clients of AWS.
        container: The container, as DescribeModel tells it.
        reading: Keeps what can't be read.
        **more: What is known of the model besides.
    """
    image = container.get("Image")
    variables = container.get("Environment") or {}
    weights = _weights(container)
    staged = _staged(aws, weights, reading) if weights else []
    ids = [variables[name] for name in MODEL_ID_VARIABLES if variables.get(name, "/").lstrip("/")]
    named = next((each for each in ids if not each.startswith("/")), None)
    return Model(
        image=image,
        engine=engine_of(image) if image else None,
        version=_version(image) if image else None,
        package=container.get("ModelPackageName"),
        model_id=named or ", ".join(each["model_id"] for each in staged) or None,
        weights=weights,
        commits=tuple(f"{each['model_id']}@{each['commit']}" for each in staged),
        **more,
    )


def _weights(container: Mapping[str, Any]) -> str | None:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return source.get("S3Uri") or container.get("ModelDataUrl")


def _staged(aws: Aws, weights: str, reading: PartialReading) -> list[dict[str, str]]:
    """Return the models of the manifest that lies beside staged files; none without one."""
    bucket, _, key = weights.removeprefix("s3://").partition("/")
    beside = key.rstrip("/").removesuffix("/model.tar.gz") + ".manifest.json"

    def read() -> list[dict[str, str]]:
        s3 = aws.client("s3")
        try:
            body = s3.get_object(Bucket=bucket, Key=beside)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return []
        return list(json.loads(body).get("models", []))

    found: list[dict[str, str]] = reading.tried(f"the manifest s3://{bucket}/{beside}", read, [])
    return found


def _version(image: str) -> str | None:
    repository, _, tag = image.rpartition("/")[2].partition("@")[0].partition(":")
    listed = try_find_image(repository, tag)
    return listed.version if listed else None
