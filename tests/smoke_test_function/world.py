"""SageMaker, S3 and CloudFormation as boto3's own clients see them, and a clock that jumps."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.response import StreamingBody
from botocore.validate import validate_parameters

from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.index import Aws
from staging_handler.codebuild import Hooks, Http, connect, refuse
from staging_handler.stack import STACK_ID, FakeCloudFormation

NAME, COMPONENT = "chat", "llama"
ARN = "arn:aws:sagemaker:us-east-1:123456789012"
BUCKET = "requests"
START = datetime(2026, 1, 1, tzinfo=UTC)
Script = str | int | Exception | tuple[int, str] | tuple[int, str, str]
"""An answer; a container's status; what boto3 raises; a service's status, code and words."""


def model_error(status: int) -> tuple[Http, dict[str, Any]]:
    """Return what InvokeEndpoint answers for an error of the container."""
    message = f"Received error ({status}) from primary"
    http, answer = refuse("ModelError", message, status=424)
    told = {"OriginalStatusCode": status, "OriginalMessage": f"the container's {status}"}
    return http, {**answer, **(told if status else {})}


@dataclass
class World:
    """One endpoint, its requests, and a stack.

    Args:
        script: What becomes of the requests, one after the other; the last goes on.
        asked: The bodies that were sent.
        status: Status of the endpoint.
        component_status: Status of the component on it.
        instances: Its instances.
        objects: What lies in S3.
        async_answer: What an asynchronous request leaves: a suffix of the place, and a body.
    """

    script: Sequence[Script] = ("an answer",)
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    status: str = "InService"
    component_status: str = "InService"
    instances: int = 1
    objects: dict[str, bytes] = field(default_factory=dict)
    async_answer: tuple[str, str] | None = ("out", "an answer")
    time: float = 0.0

    def __post_init__(self) -> None:
        self.stack = FakeCloudFormation()
        self._hooks = {
            name: Hooks(connect(name)) for name in ("sagemaker-runtime", "sagemaker", "s3")
        }
        self._hooks["sagemaker-runtime"].add("before-call.sagemaker-runtime", self._invoke)
        self._hooks["sagemaker"].add("before-call.sagemaker", self._describe)
        self._hooks["s3"].add("before-call.s3", self._store)
        self.aws = Aws(self._client, now=lambda: self.time, sleep=self._sleep)

    def close(self) -> None:
        for hooks in (*self._hooks.values(), self.stack.hooks):
            hooks.remove_all()

    @property
    def bodies(self) -> list[str]:
        return [each["body"].decode() for each in self.asked]

    def event(self, kind: str = "Create", test: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a request of CloudFormation."""
        return {
            "RequestType": kind,
            "StackId": STACK_ID,
            "RequestId": "1",
            "LogicalResourceId": "ModelSmokeTest",
            "ResponseURL": "http://127.0.0.1/",
            "ResourceProperties": {"EndpointName": NAME, "Test": question(**(test or {}))},
        }

    def _client(self, service: str) -> Any:
        if service == "cloudformation":
            return self.stack.client
        return self._hooks[service].client

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    def _invoke(self, model: Any, params: Mapping[str, Any], **_: object) -> tuple[Http, Any]:
        self.asked.append(params)
        if model.name == "InvokeEndpointAsync":
            return self._queue(model, params)
        script, *others = self.script
        self.script = others or self.script
        match script:
            case str():
                body = StreamingBody(io.BytesIO(script.encode()), len(script.encode()))
                return Http(200), {"Body": body, "ContentType": "application/json"}
            case int():
                return model_error(script)
            case tuple():
                status, code, *words = script
                return refuse(code, "".join(words), status)
            case Exception():
                raise script

    def _queue(self, model: Any, params: Mapping[str, Any]) -> tuple[Http, Any]:
        place = params["headers"]["X-Amzn-SageMaker-InputLocation"]
        assert place.removeprefix(f"s3://{BUCKET}/") in self.objects
        if self.async_answer:
            kind, body = self.async_answer
            self.objects[f"{kind}/1"] = body.encode()
        answer = {
            "InferenceId": "1",
            "OutputLocation": f"s3://{BUCKET}/out/1",
            "FailureLocation": f"s3://{BUCKET}/failed/1",
        }
        validate_parameters(answer, model.output_shape)
        return Http(202), answer

    def _describe(self, model: Any, params: Mapping[str, Any], **_: object) -> tuple[Http, Any]:
        asked = json.loads(params["body"])
        if model.name == "DescribeInferenceComponent":
            return self._describe_component(model, asked)
        if asked["EndpointName"] != NAME:
            return refuse("ValidationException", "there is no such endpoint")
        answer = {
            "EndpointName": NAME,
            "EndpointArn": f"{ARN}:endpoint/{NAME}",
            "EndpointStatus": self.status,
            "CreationTime": START,
            "LastModifiedTime": START,
            "ProductionVariants": [
                {"VariantName": "AllTraffic", "CurrentInstanceCount": self.instances}
            ],
        }
        validate_parameters(answer, model.output_shape)
        return Http(200), answer

    def _describe_component(self, model: Any, asked: Mapping[str, Any]) -> tuple[Http, Any]:
        answer = {
            "InferenceComponentName": asked["InferenceComponentName"],
            "InferenceComponentArn": f"{ARN}:inference-component/{COMPONENT}",
            "InferenceComponentStatus": self.component_status,
            "EndpointName": NAME,
            "EndpointArn": f"{ARN}:endpoint/{NAME}",
            "CreationTime": START,
            "LastModifiedTime": START,
        }
        validate_parameters(answer, model.output_shape)
        return Http(200), answer

    def _store(self, model: Any, params: Mapping[str, Any], **_: object) -> tuple[Http, Any]:
        key = params["url_path"].removeprefix("/").removeprefix(f"{BUCKET}/")
        if model.name == "PutObject":
            self.objects[key] = params["body"].read()
            return Http(200), {}
        if key not in self.objects:
            return refuse("AccessDenied", status=403)
        body = self.objects[key]
        return Http(200), {"Body": StreamingBody(io.BytesIO(body), len(body))}


def question(*bodies: str, **told: Any) -> str:
    """Return a test as the template has it."""
    asks = bodies or ("hello",)
    requests = [{"body": body, "content_type": "application/json"} for body in asks]
    return json.dumps({"requests": requests, "patience": 600, **told})
