"""What in a request makes a service call another one, under the names of the data's ``when``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Parts = Mapping[str, str]
Subjects = Mapping[str, list[Parts]]

# Image registries: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_IMAGE = re.compile(
    r"(?P<image_account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<image_region>[\w-]+)\.[^/]+/"
    r"(?P<repository>[^:@]+)"
)


def of_endpoint(model: Mapping[str, Any], config: Mapping[str, Any]) -> Subjects:
    """Return what an endpoint of one model makes SageMaker use.

    Args:
        model: The CreateModel request.
        config: The CreateEndpointConfig request.
    """
    containers = [
        *([model["PrimaryContainer"]] if model.get("PrimaryContainer") else []),
        *model.get("Containers", []),
    ]
    places = [place for each in containers if (place := _data(each))]
    output = config.get("AsyncInferenceConfig", {}).get("OutputConfig", {})
    return {
        "always": [{}],
        "image": [image for each in containers if (image := _image(each.get("Image", "")))],
        "prefix": [place for place in places if place["key"].endswith("/")],
        "object": [place for place in places if not place["key"].endswith("/")],
        "volume_key": _if({"key": config.get("KmsKeyId", "")}),
        "vpc": [{}] if model.get("VpcConfig") or config.get("VpcConfig") else [],
        "async_output": [
            _location(output[name]) for name in ("S3OutputPath", "S3FailurePath") if name in output
        ],
    }


def of_project(project: Mapping[str, Any]) -> Subjects:
    """Return what a build of a project makes CodeBuild use.

    Args:
        project: The CreateProject request, or a build's record.
    """
    sources = [project.get("source", {}), *project.get("secondarySources", [])]
    variables = project.get("environment", {}).get("environmentVariables", [])
    logs = project.get("logsConfig", {}).get("cloudWatchLogs", {})
    name = project.get("projectName") or project["name"]
    group = logs.get("groupName") or f"/aws/codebuild/{name}"
    return {
        "log": [] if logs.get("status") == "DISABLED" else [{"log_group": group}],
        "source": [
            _location(f"s3://{each['location']}") for each in sources if each.get("type") == "S3"
        ],
        "secret": [{"secret": value} for value in _values(variables, "SECRETS_MANAGER")],
        "parameter": [
            {"parameter": value.lstrip("/")} for value in _values(variables, "PARAMETER_STORE")
        ],
        "vpc": [{}] if project.get("vpcConfig") else [],
    }


def _image(uri: str) -> Parts | None:
    found = _IMAGE.match(uri)
    return found.groupdict() if found else None


def _data(container: Mapping[str, Any]) -> Parts | None:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    uri = source.get("S3Uri") or container.get("ModelDataUrl")
    return _location(uri) if uri else None


def _location(uri: str) -> Parts:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return {"bucket": bucket, "key": key}


def _if(parts: Parts) -> list[Parts]:
    return [parts] if all(parts.values()) else []


def _values(variables: Iterable[Mapping[str, str]], kind: str) -> list[str]:
    return [each["value"] for each in variables if each.get("type") == kind]
