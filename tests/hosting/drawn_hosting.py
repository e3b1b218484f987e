"""Ways of serving, with any of their options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_sns as sns
from hypothesis import strategies as st

from sagemaker_model import (
    Asynchronous,
    DataCapture,
    InferenceComponent,
    RealTime,
    RollOut,
    Serverless,
    Shadow,
    SharedEndpoint,
)
from sagemaker_model.deployment.deployment import Deployment
from sagemaker_model.hosting.hosting import Hosting

Draw = Callable[[st.SearchStrategy[Any]], Any]
Arguments = st.SearchStrategy[dict[str, Any]]

RESERVATION = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan"
FOLDERS = st.sampled_from(["s3://bucket", "s3://bucket/folder/"])
WAITS = st.sampled_from([60, 600, 3600]).map(Duration.seconds)
TIMEOUT = st.sampled_from([10, 480]).map(Duration.minutes)
PERCENT = st.sampled_from([10, 50])


def some(**each: Any) -> Arguments:
    """Draw a few of the arguments: with all at once, nothing would ever be valid."""
    few = st.lists(st.sampled_from(sorted(each)), max_size=2, unique=True)
    return few.flatmap(lambda names: st.fixed_dictionaries({name: each[name] for name in names}))


def rarely() -> st.SearchStrategy[bool]:
    """Draw whether something is tried that is refused more often than not."""
    return st.integers(0, 5).map(lambda number: number == 5)


ROLL_OUTS = st.one_of(
    st.tuples(st.just(RollOut.all_at_once), some(bake=WAITS, timeout=TIMEOUT)),
    st.tuples(
        st.sampled_from([RollOut.canary, RollOut.linear]),
        st.fixed_dictionaries({"wait": WAITS, "percent": PERCENT}, optional={"bake": WAITS}),
    ),
    st.tuples(
        st.just(RollOut.rolling),
        st.fixed_dictionaries({"wait": WAITS, "instances": st.just(1)}),
    ),
    st.tuples(
        st.just(RollOut.rolling),
        st.fixed_dictionaries({"wait": WAITS, "percent": PERCENT}),
    ),
)
ON_INSTANCES: dict[str, Any] = {
    "initial_instance_count": st.sampled_from([1, 2, 4]),
    "startup_timeout": WAITS,
    "download_timeout": WAITS,
    "volume_size_gib": st.just(30),
    "inference_ami_version": st.sampled_from([None, "al2023-ami-sagemaker-inference-gpu-4-1"]),
    "instance_pools": st.lists(
        st.sampled_from(["ml.g6.2xlarge", "ml.m5.large", "ml.t2.medium"]), max_size=2, unique=True
    ),
    "provision_timeout": st.just(Duration.minutes(5)),
    "capacity_reservation_arn": st.just(RESERVATION),
    "enhanced_metrics": st.booleans(),
    "metric_frequency": st.sampled_from([10, 60]).map(Duration.seconds),
    "ssm_access": st.booleans(),
    "core_dump": FOLDERS,
}
REAL_TIME = some(
    **ON_INSTANCES,
    routing=st.sampled_from(["RANDOM", "LEAST_OUTSTANDING_REQUESTS", "PREFIX_AWARE"]),
    routing_prefix_length=st.just(1024),
    routing_concurrency_threshold=st.just(8),
)
CAPTURE = some(
    path=FOLDERS,
    sampling_percentage=st.sampled_from([0, 50, 100]),
    responses=st.booleans(),
    json_content_types=st.just(["application/json"]),
)
ASYNCHRONOUS = some(
    **ON_INSTANCES,
    output_path=FOLDERS,
    failure_path=FOLDERS,
    input_path=FOLDERS,
    include_response=st.booleans(),
    max_concurrent_invocations=st.just(4),
)
SERVERLESS: Arguments = st.fixed_dictionaries(
    {"memory_mb": st.sampled_from([2048, 6144])},
    optional={
        "max_concurrency": st.sampled_from([10, 200]),
        "provisioned_concurrency": st.sampled_from([1, 20]),
    },
)


COMPONENT = some(
    copies=st.sampled_from([1, 2]),
    accelerators=st.sampled_from([1, 8]),
    cpus=st.sampled_from([0.5, 2]),
    memory_mib=st.sampled_from([128, 2048]),
    max_memory_mib=st.just(4096),
    startup_timeout=WAITS,
    placement=st.sampled_from(["SPREAD", "BINPACK"]),
    data_cache=st.booleans(),
    roll_out=st.just(RollOut.rolling(percent=50, wait=Duration.minutes(5))),
    name=st.sampled_from(["chat", "Chat"]),
)
SHARED = some(
    min_instances=st.sampled_from([0, 1, 3]),
    consolidate_after=st.just(Duration.minutes(10)),
    endpoint_name=st.just("shared"),
    network_isolation=st.booleans(),
    hosting=st.sampled_from([RealTime(routing="RANDOM"), RealTime(instance_pools=["ml.m5.large"])]),
)
SHADOW = some(
    initial_instance_count=st.sampled_from([1, 2]), sampling_percentage=st.sampled_from([1, 100])
)


def hosting(draw: Draw, stack: Stack, model: Deployment, shadow: Deployment) -> Hosting:
    """Draw a way of serving *model*, where that may be beside *shadow*."""
    kind = draw(st.sampled_from([RealTime, Serverless, Asynchronous, InferenceComponent]))
    if kind is Serverless:
        return Serverless(**draw(SERVERLESS))
    if kind is InferenceComponent:
        endpoint = SharedEndpoint(
            stack, "Shared", instance_type=model.instance_type, max_instances=2, **draw(SHARED)
        )
        return InferenceComponent(endpoint=endpoint, **draw(COMPONENT))
    if kind is RealTime:
        capture = DataCapture(**draw(CAPTURE)) if draw(st.booleans()) else None
        second = Shadow(model=shadow, **draw(SHADOW)) if draw(rarely()) else None
        options = {**draw(REAL_TIME), **roll_out(draw), "data_capture": capture}
        return RealTime(**options, shadow=second)
    topic = sns.Topic(stack, "Topic") if draw(st.booleans()) else None
    return Asynchronous(**draw(ASYNCHRONOUS), **roll_out(draw), success_topic=topic)


def roll_out(draw: Draw) -> dict[str, Any]:
    if not draw(rarely()):
        return {}
    make, arguments = draw(ROLL_OUTS)
    return {"roll_out": make(**arguments)}
