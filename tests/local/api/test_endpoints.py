"""Endpoints go through SageMaker's states, and serve what was there until what is new does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from local.api.conftest import settle, variant

CHAT = json.dumps({"messages": [{"role": "user", "content": "hi"}]})
ABSENT = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference:2.3.1"


def refusal(call: Callable[..., Any], **parameters: object) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    return str(caught.value)


def test_an_endpoint_is_created_and_answers(
    sagemaker: Any, runtime: Any, deploy: Callable[..., str]
) -> None:
    name = deploy()
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    assert sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"] == "Creating"
    assert "not found" in refusal(runtime.invoke_endpoint, EndpointName=name, Body=CHAT)
    told = settle(sagemaker, name)
    assert told["EndpointStatus"] == "InService"
    assert told["ProductionVariants"][0]["CurrentInstanceCount"] == 1
    answer = runtime.invoke_endpoint(EndpointName=name, Body=CHAT, ContentType="application/json")
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert "stand-in" in answer["ResponseMetadata"]["HTTPHeaders"]["x-local-aws"]
    assert json.loads(answer["Body"].read())["choices"]


def test_an_answer_is_streamed_in_parts(
    sagemaker: Any, runtime: Any, deploy: Callable[..., str]
) -> None:
    name = deploy()
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settle(sagemaker, name)
    body = json.dumps({**json.loads(CHAT), "stream": True})
    answer = runtime.invoke_endpoint_with_response_stream(EndpointName=name, Body=body)
    parts = [event["PayloadPart"]["Bytes"] for event in answer["Body"]]
    assert len(parts) > 1
    assert b"data: [DONE]" in b"".join(parts)


def test_an_endpoint_whose_container_ends_is_failed_and_says_why(
    sagemaker: Any, deploy: Callable[..., str]
) -> None:
    name = deploy(Image=ABSENT, Environment={})
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    with pytest.raises(WaiterError):
        settle(sagemaker, name)
    told = sagemaker.describe_endpoint(EndpointName=name)
    assert told["EndpointStatus"] == "Failed"
    assert "did not pass the ping health check" in told["FailureReason"]
    assert "HF_MODEL_ID must be set" in told["FailureReason"]


def test_model_data_that_are_not_there_fail_the_endpoint(
    sagemaker: Any, deploy: Callable[..., str]
) -> None:
    source = {
        "S3DataSource": {
            "S3Uri": "s3://no-such-bucket/prefix/",
            "S3DataType": "S3Prefix",
            "CompressionType": "None",
        }
    }
    name = deploy(ModelDataSource=source)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    with pytest.raises(WaiterError):
        settle(sagemaker, name)
    reason = sagemaker.describe_endpoint(EndpointName=name)["FailureReason"]
    assert "Failed to download model data" in reason


def test_a_role_that_sagemaker_may_not_assume_fails_the_endpoint(
    sagemaker: Any, deploy: Callable[..., str]
) -> None:
    name = deploy()
    sagemaker.create_model(
        ModelName=f"{name}-x",
        ExecutionRoleArn="arn:aws:iam::123456789012:role/nobody",
        PrimaryContainer={"Image": ABSENT},
    )
    sagemaker.create_endpoint_config(
        EndpointConfigName=f"{name}-x", ProductionVariants=[variant(ModelName=f"{name}-x")]
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=f"{name}-x")
    with pytest.raises(WaiterError):
        settle(sagemaker, name)
    told = sagemaker.describe_endpoint(EndpointName=name)
    assert "Could not assume role" in told["FailureReason"]


def test_an_update_that_does_not_serve_leaves_the_old_model_at_work(
    sagemaker: Any, runtime: Any, deploy: Callable[..., str]
) -> None:
    name, broken = deploy(), deploy(Image=ABSENT, Environment={})
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settle(sagemaker, name)
    sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=broken)
    assert "it is Updating" in refusal(
        sagemaker.update_endpoint, EndpointName=name, EndpointConfigName=broken
    )
    assert "it is Updating" in refusal(sagemaker.delete_endpoint, EndpointName=name)
    assert runtime.invoke_endpoint(EndpointName=name, Body=CHAT)["Body"].read()
    told = settle(sagemaker, name)
    assert told["EndpointConfigName"] == name
    assert "did not pass the ping health check" in told["FailureReason"]
    assert runtime.invoke_endpoint(EndpointName=name, Body=CHAT)["Body"].read()


def test_an_update_serves_the_new_configuration(sagemaker: Any, deploy: Callable[..., str]) -> None:
    name, second = deploy(), deploy()
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settle(sagemaker, name)
    sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=second)
    told = settle(sagemaker, name)
    assert told["EndpointConfigName"] == second
    assert "FailureReason" not in told


def test_a_deleted_endpoint_is_gone(
    sagemaker: Any, runtime: Any, deploy: Callable[..., str]
) -> None:
    name = deploy()
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settle(sagemaker, name)
    sagemaker.delete_endpoint(EndpointName=name)
    assert "Could not find endpoint" in refusal(sagemaker.describe_endpoint, EndpointName=name)
    assert "not found" in refusal(runtime.invoke_endpoint, EndpointName=name, Body=CHAT)
    listed = sagemaker.list_endpoints(NameContains=name)["Endpoints"]
    assert not listed


def test_a_container_that_refuses_a_request_is_a_model_error(
    sagemaker: Any, runtime: Any, deploy: Callable[..., str]
) -> None:
    name = deploy()
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settle(sagemaker, name)
    with pytest.raises(ClientError) as caught:
        runtime.invoke_endpoint(EndpointName=name, Body=b"no JSON")
    told: Any = caught.value.response
    assert told["Error"]["Code"] == "ModelError"
    assert told["OriginalStatusCode"] == 400
    assert "Received client error (400) from primary" in told["Error"]["Message"]
    with pytest.raises(ClientError, match="is larger than 6291456"):
        runtime.invoke_endpoint(EndpointName=name, Body=bytes(6 * 1024 * 1024 + 1))


def test_a_name_is_taken_once(sagemaker: Any, deploy: Callable[..., str]) -> None:
    name = deploy()
    again = refusal(
        sagemaker.create_endpoint_config,
        EndpointConfigName=name,
        ProductionVariants=[variant(ModelName=name)],
    )
    assert "Cannot create already existing endpoint configuration" in again


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"ModelName": "nobody"}, "Could not find model"),
        ({"InstanceType": None}, "needs an InstanceType, or a ServerlessConfig"),
        ({"VolumeSizeInGB": 513}, "have value less than or equal to 512"),
    ],
)
def test_a_configuration_that_aws_refuses_is_refused(
    sagemaker: Any, deploy: Callable[..., str], more: dict[str, object], told: str
) -> None:
    name = deploy()
    asked = {
        key: value
        for key, value in variant(**{"ModelName": name, **more}).items()
        if value is not None
    }
    message = refusal(
        sagemaker.create_endpoint_config,
        EndpointConfigName=f"{name}-no",
        ProductionVariants=[asked],
    )
    assert told in message


def test_tags_are_kept(sagemaker: Any, deploy: Callable[..., str]) -> None:
    name = deploy()
    arn = sagemaker.describe_model(ModelName=name)["ModelArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    sagemaker.add_tags(
        ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}]
    )
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["b"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "2"}]


def test_an_image_of_another_region_is_not_found(sagemaker: Any, role: str) -> None:
    told = refusal(
        sagemaker.create_model,
        ModelName="elsewhere",
        ExecutionRoleArn=role,
        PrimaryContainer={"Image": ABSENT.replace("us-east-1", "eu-west-1")},
    )

    assert "huggingface-pytorch-tgi-inference:2.3.1 not found" in told
