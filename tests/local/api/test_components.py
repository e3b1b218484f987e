"""Inference components share an endpoint's instances, and are asked by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.api.conftest import settle, variant
from local.live import LocalAws, until

CHAT = json.dumps({"messages": [{"role": "user", "content": "hi"}]})
NEEDS = {"NumberOfAcceleratorDevicesRequired": 1, "MinMemoryRequiredInMb": 1024}


@pytest.fixture
def shared(sagemaker: Any, role: str, request: pytest.FixtureRequest) -> str:
    """Return the name of an endpoint without a model of its own."""
    name = request.node.name.replace("_", "-")[:50].strip("-")
    sagemaker.create_endpoint_config(
        EndpointConfigName=name, ExecutionRoleArn=role, ProductionVariants=[variant()]
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settle(sagemaker, name)
    return str(name)


def add(sagemaker: Any, endpoint: str, model: str, name: str) -> dict[str, Any]:
    sagemaker.create_inference_component(
        InferenceComponentName=name,
        EndpointName=endpoint,
        VariantName="AllTraffic",
        Specification={"ModelName": model, "ComputeResourceRequirements": NEEDS},
        RuntimeConfig={"CopyCount": 2},
    )
    until(lambda: _told(sagemaker, name)["InferenceComponentStatus"] != "Creating")
    return _told(sagemaker, name)


def _told(sagemaker: Any, name: str) -> dict[str, Any]:
    told: dict[str, Any] = sagemaker.describe_inference_component(InferenceComponentName=name)
    return told


def test_a_component_answers_under_its_own_name(
    sagemaker: Any, runtime: Any, shared: str, deploy: Callable[..., str]
) -> None:
    told = add(sagemaker, shared, deploy(), f"{shared}-a")
    assert told["InferenceComponentStatus"] == "InService"
    assert told["RuntimeConfig"] == {"DesiredCopyCount": 2, "CurrentCopyCount": 2}
    answer = runtime.invoke_endpoint(
        EndpointName=shared, InferenceComponentName=f"{shared}-a", Body=CHAT
    )
    assert json.loads(answer["Body"].read())["choices"]


def test_an_endpoint_of_components_wants_one_named(runtime: Any, shared: str) -> None:
    with pytest.raises(ClientError, match="name one in InferenceComponentName"):
        runtime.invoke_endpoint(EndpointName=shared, Body=CHAT)


def test_a_deleted_component_is_gone(
    sagemaker: Any, runtime: Any, shared: str, deploy: Callable[..., str]
) -> None:
    add(sagemaker, shared, deploy(), f"{shared}-a")
    sagemaker.delete_inference_component(InferenceComponentName=f"{shared}-a")
    listed = sagemaker.list_inference_components(EndpointNameEquals=shared)
    assert listed["InferenceComponents"] == []
    with pytest.raises(ClientError, match="not found"):
        runtime.invoke_endpoint(
            EndpointName=shared, InferenceComponentName=f"{shared}-a", Body=CHAT
        )


def test_a_component_is_not_deleted_before_its_adapters(
    sagemaker: Any, shared: str, deploy: Callable[..., str]
) -> None:
    base, adapter = f"{shared}-a", f"{shared}-b"
    add(sagemaker, shared, deploy(), base)
    sagemaker.create_inference_component(
        InferenceComponentName=adapter,
        EndpointName=shared,
        Specification={"BaseInferenceComponentName": base},
    )
    until(lambda: _told(sagemaker, adapter)["InferenceComponentStatus"] == "InService")

    with pytest.raises(ClientError, match="is a base inference component for one or more"):
        sagemaker.delete_inference_component(InferenceComponentName=base)

    for name in (adapter, base):
        sagemaker.delete_inference_component(InferenceComponentName=name)
    assert (
        sagemaker.list_inference_components(EndpointNameEquals=shared)["InferenceComponents"] == []
    )


def test_a_component_writes_a_log_of_its_own(
    aws: LocalAws, sagemaker: Any, shared: str, deploy: Callable[..., str]
) -> None:
    add(sagemaker, shared, deploy(), f"{shared}-a")

    group = f"/aws/sagemaker/InferenceComponents/{shared}-a"
    streams = aws.client("logs").describe_log_streams(logGroupName=group)["logStreams"]

    assert [each["logStreamName"].partition("/")[0] for each in streams] == [f"{shared}-a"]
