"""Any deployment with any hosting and any options: a valid template, or a plain word about why not.

``FUZZ_EXAMPLES=5000`` draws more of them.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import STRICT, VIRGINIA
from sagemaker_model import (
    Asynchronous,
    Container,
    ContainerImages,
    DataCapture,
    ModelPackage,
    RealTime,
    RollOut,
    SageMakerModel,
    Serverless,
    Weights,
)

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
RESERVATION = "arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan"
FOLDERS = st.sampled_from(["s3://bucket", "s3://bucket/folder/"])
WAITS = st.sampled_from([60, 600, 3600]).map(Duration.seconds)
PERCENT = st.sampled_from([10, 50])

Draw = Callable[[st.SearchStrategy[Any]], Any]
Arguments = st.SearchStrategy[dict[str, Any]]


def some(**each: Any) -> Arguments:
    """Draw some of the arguments."""
    return st.fixed_dictionaries({}, optional=each)


TIMEOUT = st.sampled_from([10, 480]).map(Duration.minutes)
ROLL_OUTS = st.one_of(
    st.tuples(st.just(RollOut.all_at_once), some(bake=WAITS, timeout=TIMEOUT)),
    st.tuples(
        st.sampled_from([RollOut.canary, RollOut.linear]),
        st.fixed_dictionaries({"wait": WAITS, "percent": PERCENT}, optional={"bake": WAITS}),
    ),
    st.tuples(
        st.just(RollOut.rolling),
        st.fixed_dictionaries({"wait": WAITS, "instances": st.sampled_from([1, 2])}),
    ),
)
ON_INSTANCES: dict[str, Any] = {
    "initial_instance_count": st.sampled_from([1, 2, 4]),
    "startup_timeout": WAITS,
    "volume_size_gib": st.just(30),
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
    routing=st.sampled_from(["RANDOM", "LEAST_OUTSTANDING_REQUESTS"]),
)
CAPTURE = some(path=FOLDERS, sampling_percentage=st.sampled_from([0, 50, 100]))
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
CAPACITIES: Arguments = st.fixed_dictionaries(
    {"max_capacity": st.sampled_from([2, 4])},
    optional={"min_capacity": st.sampled_from([0, 1, 3]), "detached": st.booleans()},
)
POLICIES = ["scale_on_invocations", "scale_on_concurrency", "scale_on_backlog"]


def hosting(draw: Draw, stack: Stack) -> Any:
    kind = draw(st.sampled_from([RealTime, Serverless, Asynchronous]))
    if kind is Serverless:
        return Serverless(**draw(SERVERLESS))
    roll_out: dict[str, Any] = {}
    if draw(st.booleans()):
        make, arguments = draw(ROLL_OUTS)
        roll_out = {"roll_out": make(**arguments)}
    if kind is RealTime:
        capture = DataCapture(**draw(CAPTURE)) if draw(st.booleans()) else None
        return RealTime(**draw(REAL_TIME), **roll_out, data_capture=capture)
    topic = sns.Topic(stack, "Topic") if draw(st.booleans()) else None
    return Asynchronous(**draw(ASYNCHRONOUS), **roll_out, success_topic=topic)


def word(action: Callable[[], object], *errors: type[Exception]) -> str | None:
    """Return what is said about why not; None where it works."""
    try:
        action()
    except errors as error:
        return str(error)
    return None


def deployment(draw: Draw) -> Any:
    types = ["ml.g5.2xlarge", "ml.m5.xlarge", "ml.t2.large", "ml.inf1.xlarge"]
    instance_type = draw(st.sampled_from(types))
    if draw(st.booleans()):
        return ModelPackage(model_id="m", instance_type=instance_type, packages=PACKAGE)
    uris = st.sampled_from(["s3://bucket/prefix/", "s3://bucket/model.tar.gz"])
    arguments = draw(
        some(
            container=st.just(ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST),
            weights=uris.map(Weights.from_s3),
        )
    )
    return Container(model_id="org/name-7B", instance_type=instance_type, **arguments)


def build(draw: Draw, stack: Stack) -> None:
    options = some(
        endpoint_name=st.just("Chat"),
        network_isolation=st.booleans(),
        encryption_key=st.just(kms.Key(stack, "Key")),
    )
    model = SageMakerModel(
        stack, "Model", model=deployment(draw), hosting=hosting(draw, stack), **draw(options)
    )
    if draw(st.booleans()):
        scaling = model.auto_scale(**draw(CAPACITIES))
        for policy in draw(st.lists(st.sampled_from(POLICIES), max_size=2)):
            getattr(scaling, policy)(5)
    if draw(st.booleans()):
        errors = model.metric_invocation_5xx_errors()
        model.roll_back_on(errors.create_alarm(stack, "A", threshold=1, evaluation_periods=1))


@pytest.mark.filterwarnings("default")
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_it_is_a_valid_template_or_a_plain_error(data: st.DataObject) -> None:
    app = App(context=STRICT)
    stack = Stack(app, "Stack", env=VIRGINIA if data.draw(st.booleans()) else None)

    said = word(lambda: build(data.draw, stack), TypeError, ValueError)
    if said is not None:
        assert "jsii" not in said.lower()
        assert any(mark in said for mark in ("must", "give", "leave", "can't", "exclude"))
        return
    found = word(app.synth, RuntimeError)
    if found is not None:
        assert "[sagemaker-model:" in found
        assert "CloudFormation Validate" not in found
