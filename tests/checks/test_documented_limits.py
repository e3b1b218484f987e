"""What AWS documents as not to be had together, and where each number begins and ends.

Each line is one exclusion or range of AWS's documentation, with the rule or the words that tell it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_ec2 as ec2

from conftest import VIRGINIA
from sagemaker_model import (
    Asynchronous,
    Container,
    DataCapture,
    InferenceComponent,
    RealTime,
    RollOut,
    SageMakerModel,
    Serverless,
    Shadow,
    SharedEndpoint,
    Weights,
)
from sagemaker_model.checks.registry import topics

RULES = {each.id: each for topic in topics() for each in topic.rules}
WAIT = Duration.minutes(1)
CPU = Container(
    model_id="org/name",
    instance_type="ml.m5.xlarge",
    container="huggingface-pytorch-inference:2.6.0-transformers4.49.0-cpu-py312-ubuntu22.04",
    weights=Weights.from_s3("s3://bucket/model.tar.gz"),
)


@pytest.mark.parametrize(
    ("documented", "rule"),
    [
        ("serverless-endpoints: GPUs", "serverless-accelerator"),
        ("serverless-endpoints: VPC configuration", "serverless-vpc"),
        ("serverless-endpoints: network isolation", "serverless-network-isolation"),
        ("ModelDataSource: not for serverless", "serverless-model-data"),
        ("serverless-endpoints: Marketplace packages", "serverless-model-package"),
        ("CreateEndpointConfig: no Marketplace with asynchronous", "async-model-package"),
        ("deployment-guardrails-exclusions: Marketplace, Inf1", "roll-out-falls-back"),
        ("CapacitySize: batches of a rolling update", "roll-out-batch"),
        ("ProductionVariant.VolumeSizeInGB: not with NVMe", "volume-size-on-local-nvme"),
        ("EndpointConfig.KmsKeyId: not with NVMe", "encryption-key-on-local-nvme"),
        ("InferenceAmiVersion: driver and CUDA", "inference-ami-cuda"),
        ("InferenceAmiVersion: Blackwell", "inference-ami-blackwell"),
        ("realtime-endpoints-heterogeneous: types alike", "instance-pool-unlike"),
        ("ProductionVariant.InstanceType: known types", "instance-type-unknown"),
        ("pricing: types of a Region", "instance-type-not-in-region"),
        ("processors of images and instances", "image-architecture"),
        ("EnableNetworkIsolation: no download", "hub-without-network"),
        ("host-vpc: two zones", "subnets-in-one-zone"),
        ("ContainerDefinition.Image: in the model's Region", "image-in-other-region"),
        ("accelerators of a component and of its instance", "component-accelerators"),
        ("memory of a component beside the platform's", "component-memory"),
    ],
    ids=str,
)
def test_what_excludes_each_other_has_a_rule(documented: str, rule: str) -> None:
    assert documented
    assert rule in RULES, sorted(RULES)


def scaled(hosting: Any, **capacities: Any) -> Callable[[Stack], object]:
    def act(stack: Stack) -> object:
        model = SageMakerModel(stack, "Model", model=CPU, hosting=hosting)
        return model.auto_scale(**{"max_capacity": 2, **capacities})

    return act


def rolled_back(stack: Stack) -> None:
    hosting = Serverless(memory_mb=2048)
    model = SageMakerModel(stack, "Model", model=CPU, hosting=hosting)
    alarms = model.metric_invocation_5xx_errors()
    model.roll_back_on(alarms.create_alarm(stack, "A", threshold=1, evaluation_periods=1))


def shared(stack: Stack, **options: Any) -> SharedEndpoint:
    given: dict[str, Any] = {"instance_type": "ml.m5.xlarge", "max_instances": 2, **options}
    return SharedEndpoint(stack, "Shared", **given)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (rolled_back, "roll_back_on can't be used with Serverless"),
        (scaled(Serverless(memory_mb=2048)), "Serverless has none here"),
        (scaled(RealTime(), min_capacity=0), "min_capacity must be"),
        (
            lambda _: Serverless(memory_mb=2048, max_concurrency=5, provisioned_concurrency=6),
            "provisioned_concurrency must be between 1 and 5",
        ),
        (lambda _: RealTime(routing="PREFIX_AWARE"), "needs routing_prefix_length and"),
        (lambda _: Weights.from_s3("s3://bucket/prefix"), "must end with '/'"),
        (lambda stack: shared(stack, min_instances=3), "got 1 for 3 to 2"),
        (
            lambda stack: shared(stack, hosting=RealTime(initial_instance_count=3)),
            "got 3 for 1 to 2",
        ),
        (
            lambda stack: SageMakerModel(
                stack,
                "Model",
                model=CPU,
                vpc=ec2.Vpc(stack, "Vpc"),
                security_groups=[
                    ec2.SecurityGroup.from_security_group_id(stack, f"G{i}", f"sg-{i}")
                    for i in range(6)
                ],
            ),
            "takes 5 at most",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_not_be_is_refused_where_it_is_written(
    stack: Stack, act: Callable[[Stack], object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        act(stack)


@pytest.mark.parametrize("option", ["data_capture", "roll_out", "instance_pools", "core_dump"])
def test_serverless_hosting_has_no_word_for_what_it_excludes(option: str) -> None:
    given: dict[str, Any] = {"memory_mb": 2048, option: None}

    with pytest.raises(TypeError, match=f"unexpected keyword argument '{option}'"):
        Serverless(**given)


def seconds(make: Callable[[Duration], object]) -> Callable[[int], object]:
    return lambda number: make(Duration.seconds(number))


@pytest.mark.parametrize(
    ("name", "make", "low", "high"),
    [
        ("startup_timeout", seconds(lambda time: RealTime(startup_timeout=time)), 60, 3600),
        ("download_timeout", seconds(lambda time: RealTime(download_timeout=time)), 60, 3600),
        ("provision_timeout", seconds(lambda time: RealTime(provision_timeout=time)), 300, 3600),
        ("volume_size_gib", lambda size: RealTime(volume_size_gib=size), 1, 512),
        ("initial_instance_count", lambda n: RealTime(initial_instance_count=n), 1, None),
        ("bake", seconds(lambda time: RollOut.all_at_once(bake=time)), 0, 3600),
        ("timeout", seconds(lambda time: RollOut.all_at_once(timeout=time)), 600, 28800),
        ("percent", lambda share: RollOut.canary(percent=share, wait=WAIT), 1, 50),
        ("percent", lambda share: RollOut.linear(percent=share, wait=WAIT), 10, 50),
        ("percent", lambda share: RollOut.rolling(percent=share, wait=WAIT), 5, 50),
        (
            "rollback_percent",
            lambda share: RollOut.rolling(percent=50, wait=WAIT, rollback_percent=share),
            1,
            100,
        ),
        ("sampling_percentage", lambda share: DataCapture(sampling_percentage=share), 0, 100),
        (
            "sampling_percentage",
            lambda share: Shadow(model=CPU, sampling_percentage=share),
            1,
            100,
        ),
        (
            "max_concurrent_invocations",
            lambda n: Asynchronous(max_concurrent_invocations=n),
            1,
            1000,
        ),
        ("max_concurrency", lambda n: Serverless(memory_mb=2048, max_concurrency=n), 1, 200),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_number_is_taken_up_to_its_limits_and_not_beyond(
    name: str, make: Callable[[int], object], low: int, high: int | None
) -> None:
    for allowed in (low, low if high is None else high):
        assert make(allowed)
    # CDK itself refuses a time below zero.
    below = [] if name == "bake" else [low - 1]
    for beyond in (*below, *([] if high is None else [high + 1])):
        with pytest.raises(ValueError, match=f"{name} must be"):
            make(beyond)


@pytest.mark.parametrize(
    ("option", "low"), [("copies", 1), ("accelerators", 1), ("memory_mib", 128), ("cpus", 0.25)]
)
def test_a_component_takes_no_less_than_the_api(option: str, low: float) -> None:
    endpoint = shared(Stack(App(), "Stack", env=VIRGINIA))

    def component(**given: Any) -> InferenceComponent:
        return InferenceComponent(endpoint=endpoint, **given)

    assert component(**{option: low})
    with pytest.raises(ValueError, match=f"{option} must be"):
        component(**{option: low - (1 if low >= 1 else 0.1)})
