"""What a request is about, as IAM names it, where ministack does not know or names it otherwise.

Source, unless another is named: the service authorization reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sagemaker_model.local.emulator import scope

# The API reference of InvokeEndpointWithResponseStream: "your IAM permissions must allow the
# sagemaker:InvokeEndpoint action".
_INVOKED = {
    "invocations": "sagemaker:InvokeEndpoint",
    "invocations-response-stream": "sagemaker:InvokeEndpoint",
    "async-invocations": "sagemaker:InvokeEndpointAsync",
}
_ENDPOINT = re.compile(r"/endpoints/(?P<name>[^/]+)/(?P<verb>[a-z-]+)")
_OPERATION = re.compile(
    r"SageMaker\.(?:Create|Describe|Update|Delete)"
    r"(?P<kind>EndpointConfig|Endpoint|Model|InferenceComponent)(?:[A-Z]\w*)?"
)
_KINDS = {
    "EndpointConfig": "endpoint-config",
    "Endpoint": "endpoint",
    "Model": "model",
    "InferenceComponent": "inference-component",
}
_ABOUT_STREAMS = ("Logs_20140328.CreateLogStream", "Logs_20140328.PutLogEvents")


def action_of(service: str, path: str) -> str | None:
    """Return the action of a request; None where ministack knows it.

    Args:
        service: Name of the service.
        path: Path of the request.
    """
    found = _ENDPOINT.fullmatch(path) if service == "sagemaker" else None
    return _INVOKED.get(found["verb"]) if found else None


def resource_of(service: str, path: str, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return the ARN of what a request is about; None where ministack knows it.

    Args:
        service: Name of the service.
        path: Path of the request.
        headers: Its headers, by lower-case name.
        body: Its body.
    """
    target = headers.get("x-amz-target", "")
    if service == "sagemaker":
        return _of_sagemaker(path, target, body)
    if service == "codebuild":
        return _of_codebuild(body)
    return _of_stream(body) if service == "logs" and target in _ABOUT_STREAMS else None


def _of_sagemaker(path: str, target: str, body: bytes) -> str | None:
    """Names are lower case in ARNs, and are compared so (issue 2 of philschmid/cdk-samples)."""
    invoked = _ENDPOINT.fullmatch(path)
    if invoked:
        return _arn("sagemaker", f"endpoint/{invoked['name'].lower()}")
    told = _read(body)
    found = _OPERATION.fullmatch(target)
    name = told.get(f"{found['kind']}Name") if found else None
    if found and name:
        return _arn("sagemaker", f"{_KINDS[found['kind']]}/{name.lower()}")
    return told.get("ResourceArn")


def _of_codebuild(body: bytes) -> str | None:
    """Builds have no ARN in policies: their project is asked for."""
    told = _read(body)
    build = next(iter(told.get("ids", [])), told.get("id"))
    return _arn("codebuild", f"project/{build.rpartition(':')[0]}") if build else None


def _of_stream(body: bytes) -> str:
    told = _read(body)
    stream = f"log-group:{told.get('logGroupName')}:log-stream:{told.get('logStreamName')}"
    return _arn("logs", stream)


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{scope.region()}:{scope.account()}:{resource}"


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body or b"{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
