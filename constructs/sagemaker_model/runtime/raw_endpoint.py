"""An endpoint as AWS has it: requests and answers in the container's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sagemaker_model.runtime.answer.raw import Answer
from sagemaker_model.runtime.asynchronous import Queued, input_folder, upload, wait_for
from sagemaker_model.runtime.aws_failure import told_as_endpoint_errors
from sagemaker_model.runtime.clients import MAKING, make_client
from sagemaker_model.runtime.payload import as_bytes
from sagemaker_model.runtime.stream import body_parts

_JSON = "application/json"
TIMEOUT = 70.0
"""How long an answer may take, in seconds, unless something else is said."""
_LONGEST_ASYNC = 3600.0
_RUNTIME = "sagemaker-runtime"
# Describing an endpoint and looking into S3 costs nothing when it is done twice.
_FREE_ATTEMPTS = 3


class RawEndpoint:
    """A deployed endpoint, asked in its container's own words; threads may share it.

    Args:
        name: Name of the endpoint.
        inference_component: Which of the endpoint's models is asked. Default: the endpoint serves
            one.
        region: The Region. Default: that of *client* or *session*.
        session: A session of boto3, for credentials of its own. Default: boto3's own.
        client: A ``sagemaker-runtime`` client to ask with, whatever its time-outs and retries are.
            Default: one is made that waits for *timeout* and asks *max_attempts* times.
        timeout: How long an answer, or the next part of a stream, may take, in seconds. Default:
            70, as "InvokeEndpoint" advises where models answer within SageMaker's 60.
        max_attempts: How often a request is sent at most; after a time-out a model may do its work
            twice. Default: 1, so that no answer is paid for twice unseen.

    Raises:
        ValueError: *timeout* is not above 0 or *max_attempts* below 1.
    """

    def __init__(
        self,
        name: str,
        *,
        inference_component: str | None = None,
        region: str | None = None,
        session: Any = None,
        client: Any = None,
        timeout: float = TIMEOUT,
        max_attempts: int = 1,
    ) -> None:
        if timeout <= 0 or max_attempts < 1:
            raise ValueError(
                f"timeout must be above 0 and max_attempts at least 1, got {timeout!r} and "
                f"{max_attempts!r}"
            )
        self.name = name
        self.inference_component = inference_component
        self._region = region or (client.meta.region_name if client is not None else None)
        self._session = session
        self._clients: dict[str, Any] = {} if client is None else {_RUNTIME: client}
        self._timeout = timeout
        self._max_attempts = max_attempts

    def invoke(self, payload: object, *, content_type: str = _JSON, accept: str = _JSON) -> Answer:
        """Send a request as it is, and return the answer as it is.

        Args:
            payload: Bytes, text, or what can be written as JSON.
            content_type: What it is. Default: JSON.
            accept: What is wanted. Default: JSON.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: *payload* can't be written as JSON.
        """
        request = self._request(as_bytes(payload), content_type, accept)
        with told_as_endpoint_errors(self._timeout):
            told = self._client(_RUNTIME).invoke_endpoint(**request)
            return Answer(
                body=told["Body"].read(),
                content_type=told.get("ContentType", ""),
                headers=told["ResponseMetadata"]["HTTPHeaders"],
            )

    def invoke_stream(
        self, payload: object, *, content_type: str = _JSON, accept: str = _JSON
    ) -> Iterator[bytes]:
        """Send a request as it is, and yield the parts of the answer as they come.

        Args:
            payload: Bytes, text, or what can be written as JSON.
            content_type: What it is. Default: JSON.
            accept: What is wanted. Default: JSON.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: *payload* can't be written as JSON.
        """
        request = self._request(as_bytes(payload), content_type, accept)
        with told_as_endpoint_errors(self._timeout):
            told = self._client(_RUNTIME).invoke_endpoint_with_response_stream(**request)
        return body_parts(told["Body"], self._timeout)

    def invoke_async(
        self,
        payload: object,
        *,
        content_type: str = _JSON,
        accept: str = _JSON,
        input_path: str | None = None,
        wait: float = _LONGEST_ASYNC,
    ) -> Answer:
        """Put a request into the queue of an asynchronous endpoint, and wait for its answer.

        The request is written to S3, and stays there.

        Args:
            payload: Bytes, text, or what can be written as JSON.
            content_type: What it is. Default: JSON.
            accept: What is wanted. Default: JSON.
            input_path: Folder for the request, ``s3://bucket/folder``, which the endpoint's role
                may read. Default: ``input`` beside the endpoint's folder of answers, where that is
                called ``output``, as :class:`~sagemaker_model.Asynchronous` makes it.
            wait: How long to wait at most, in seconds. Default: an hour, SageMaker's own limit.

        Raises:
            EndpointError: There is no answer; the type says why.
            TypeError: *payload* can't be written as JSON.
            ValueError: The endpoint is not asynchronous, or *input_path* is needed.
        """
        body = as_bytes(payload)
        with told_as_endpoint_errors(self._timeout):
            s3 = self._client("s3")
            place = upload(s3, input_path or self._input_folder(), body, content_type)
            told = self._client(_RUNTIME).invoke_endpoint_async(
                EndpointName=self.name, InputLocation=place, ContentType=content_type, Accept=accept
            )
            queued = Queued(
                inference_id=told["InferenceId"],
                output=told["OutputLocation"],
                failure=told.get("FailureLocation"),
            )
            return wait_for(s3, queued, wait)

    def _client(self, service: str) -> Any:
        with MAKING:
            if service not in self._clients:
                self._clients[service] = make_client(
                    service,
                    session=self._session,
                    region=self._region,
                    timeout=self._timeout,
                    max_attempts=self._max_attempts if service == _RUNTIME else _FREE_ATTEMPTS,
                )
            return self._clients[service]

    def _request(self, body: bytes, content_type: str, accept: str) -> dict[str, Any]:
        component = (
            {}
            if self.inference_component is None
            else {"InferenceComponentName": self.inference_component}
        )
        return {
            "EndpointName": self.name,
            "Body": body,
            "ContentType": content_type,
            "Accept": accept,
            **component,
        }

    def _input_folder(self) -> str:
        sagemaker = self._client("sagemaker")
        endpoint = sagemaker.describe_endpoint(EndpointName=self.name)
        config = sagemaker.describe_endpoint_config(
            EndpointConfigName=endpoint["EndpointConfigName"]
        )
        if "AsyncInferenceConfig" not in config:
            raise ValueError(
                f"the endpoint {self.name!r} is not asynchronous; use invoke, or host the model "
                "with Asynchronous()"
            )
        return input_folder(config["AsyncInferenceConfig"]["OutputConfig"]["S3OutputPath"])
