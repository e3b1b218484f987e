"""The client asks endpoints of the local AWS, over the same wire as those of AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from local.api.conftest import settle, variant
from local.live import LocalAws
from sagemaker_model.local.serving.protocols import TEXT
from sagemaker_model.local.variables import variables
from sagemaker_model.runtime import Endpoint, EndpointNotFoundError, InvalidRequestError

LMI = "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.36.0-lmi22.0.0-cu129"


@pytest.fixture(autouse=True)
def _this_aws(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables(aws.record).items():
        monkeypatch.setenv(name, value)


def test_json_lines_are_streamed_and_refusals_are_typed(
    sagemaker: Any, deploy: Callable[..., str]
) -> None:
    name = deploy(Image=LMI, Environment={"HF_MODEL_ID": "org/name"})
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settle(sagemaker, name)
    endpoint = Endpoint(name)

    with endpoint.generate_stream("hello", max_new_tokens=20) as stream:
        pieces = [event.text for event in stream]

    assert "".join(pieces) == TEXT
    assert len(pieces) > 5
    with pytest.raises(InvalidRequestError, match="the body is no object of JSON") as raised:
        endpoint.invoke("no JSON")
    assert raised.value.status == 400
    with pytest.raises(EndpointNotFoundError, match="nowhere"):
        Endpoint("nowhere").embed("a text")


def test_a_request_in_a_queue_is_answered(
    aws: LocalAws, sagemaker: Any, deploy: Callable[..., str]
) -> None:
    name = deploy()
    aws.client("s3").create_bucket(Bucket=f"{name}-data")
    output = {"S3OutputPath": f"s3://{name}-data/output", "S3FailurePath": f"s3://{name}-data/bad"}
    sagemaker.create_endpoint_config(
        EndpointConfigName=f"{name}-queued",
        ProductionVariants=[variant(ModelName=name)],
        AsyncInferenceConfig={"OutputConfig": output},
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=f"{name}-queued")
    settle(sagemaker, name)
    endpoint = Endpoint(name)

    answer = endpoint.invoke_async({"messages": [{"role": "user", "content": "hi"}]}, wait=30)

    assert answer.json()["choices"][0]["message"]["content"] == TEXT
    with pytest.raises(InvalidRequestError, match="give 'messages', 'prompt' or 'input'"):
        endpoint.invoke_async({"inputs": "hi"}, wait=30)
