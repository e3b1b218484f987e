"""InvokeEndpointAsync: input from S3, output to S3, both as the endpoint's role.

Source: the API reference of InvokeEndpointAsync and of AsyncInferenceConfig.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3

from sagemaker_model.local.emulator import credentials, scope
from sagemaker_model.local.emulator.services import ApiError, Request, Response
from sagemaker_model.local.runtime.invocation import target
from sagemaker_model.local.sagemaker.endpoint_configs import ENDPOINT_CONFIGS
from sagemaker_model.local.sagemaker.endpoints import ENDPOINTS
from sagemaker_model.local.sagemaker.fleet import PRINCIPAL
from sagemaker_model.local.sagemaker.models import MODELS
from sagemaker_model.local.serving.limits import ASYNCHRONOUS

_PREFIX = "x-amzn-sagemaker-"
_OK = 200


def invoke_async(name: str, request: Request) -> Response:
    """Put a request into the queue of an endpoint.

    Args:
        name: Name of the endpoint.
        request: The request, whose header names the input's place.

    Raises:
        ApiError: The endpoint isn't there, or isn't asynchronous.
    """
    config = ENDPOINT_CONFIGS.get(ENDPOINTS.get(name)["EndpointConfigName"])
    if "AsyncInferenceConfig" not in config:
        raise ApiError("ValidationError", f"Endpoint {name} is not an async endpoint.")
    output = config["AsyncInferenceConfig"]["OutputConfig"]
    made = uuid.uuid4()
    answer = {"InferenceId": request.headers.get(f"{_PREFIX}inference-id", str(made))}
    places = {"output": f"{_folder(output['S3OutputPath'])}{made}.out"}
    if output.get("S3FailurePath"):
        places["failure"] = f"{_folder(output['S3FailurePath'])}{made}-error.out"
    scope.in_background(lambda: _run(name, request, config, places), f"async-{made}")
    headers = {
        "Content-Type": "application/json",
        "X-Amzn-SageMaker-OutputLocation": places["output"],
        **({"X-Amzn-SageMaker-FailureLocation": places["failure"]} if "failure" in places else {}),
    }
    return Response(202, headers, json.dumps(answer).encode())


def _run(name: str, request: Request, config: Mapping[str, Any], places: Mapping[str, str]) -> None:
    s3 = _s3(config)
    bucket, key = _place(request.headers[f"{_PREFIX}inputlocation"])
    sent = {
        header: request.headers[f"{_PREFIX}{header}"]
        for header in ("content-type", "accept")
        if f"{_PREFIX}{header}" in request.headers
    }
    try:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        with target(name, request.headers) as found:
            answer = found.worker.invoke(body, sent, ASYNCHRONOUS.longest_answer)
        told, where = answer.body, "output" if answer.status == _OK else "failure"
    except Exception as error:  # whatever fails is what the failure path is for
        told, where = str(error).encode(), "failure"
    if where in places:
        into, at = _place(places[where])
        s3.put_object(Bucket=into, Key=at, Body=told)


def _s3(config: Mapping[str, Any]) -> Any:
    variant = config["ProductionVariants"][0]
    role = config.get("ExecutionRoleArn") or MODELS.get(variant["ModelName"])["ExecutionRoleArn"]
    held = credentials.assume(role, "SageMaker", PRINCIPAL)
    return boto3.client(
        "s3",
        endpoint_url=credentials.endpoint_url(),
        region_name=held.region,
        aws_access_key_id=held.access_key,
        aws_secret_access_key=held.secret_key,
        aws_session_token=held.token,
    )


def _place(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")


def _folder(uri: str) -> str:
    return uri if uri.endswith("/") else f"{uri}/"
