"""The SageMaker API: a request's operation, checked against AWS's model and called."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sagemaker_model.local import limits
from sagemaker_model.local.emulator.services import ApiError, Request, Response
from sagemaker_model.local.sagemaker import (
    components,
    endpoint_configs,
    endpoints,
    models,
    tags,
)
from sagemaker_model.local.settings import Settings

TARGET = "SageMaker."
Operation = Callable[[Mapping[str, Any]], dict[str, Any]]


class SageMakerApi:
    """Answers for SageMaker and, by its paths, for its runtime: both are signed alike.

    Args:
        settings: How this local AWS runs.
        runtime: Answers requests to invoke an endpoint.
    """

    def __init__(self, settings: Settings, runtime: Callable[[Request], Response]) -> None:
        self._operations = _operations(settings)
        self._runtime = runtime

    def __call__(self, request: Request) -> Response:
        """Answer a request.

        Raises:
            ApiError: AWS would refuse it.
        """
        target = request.headers.get("x-amz-target", "")
        if not target.startswith(TARGET):
            return self._runtime(request)
        answer = self.call(target.removeprefix(TARGET), json.loads(request.body or b"{}"))
        body = json.dumps(answer).encode()
        return Response(200, {"Content-Type": "application/x-amz-json-1.1"}, body)

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation.

        Args:
            operation: Its name, for example ``CreateModel``.
            parameters: Its parameters.

        Raises:
            ApiError: AWS would refuse it, or it is none of those that the local AWS has.
        """
        limits.check("sagemaker", operation, parameters)
        if operation not in self._operations:
            raise ApiError(
                "UnknownOperationException", f"the local AWS has no SageMaker operation {operation}"
            )
        return self._operations[operation](parameters)


def _operations(settings: Settings) -> dict[str, Operation]:
    plain = (
        models.create_model,
        models.describe_model,
        models.delete_model,
        models.list_models,
        endpoint_configs.create_endpoint_config,
        endpoint_configs.describe_endpoint_config,
        endpoint_configs.delete_endpoint_config,
        endpoint_configs.list_endpoint_configs,
        endpoints.describe_endpoint,
        endpoints.delete_endpoint,
        endpoints.list_endpoints,
        components.describe_inference_component,
        components.delete_inference_component,
        components.list_inference_components,
        tags.add_tags,
        tags.list_tags,
        tags.delete_tags,
    )
    starting = (
        endpoints.create_endpoint,
        endpoints.update_endpoint,
        components.create_inference_component,
        components.update_inference_component,
        components.update_inference_component_runtime_config,
    )
    named: dict[str, Operation] = {_camel(each.__name__): each for each in plain}
    return named | {_camel(each.__name__): partial(each, settings=settings) for each in starting}


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))
