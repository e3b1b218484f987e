"""What changing an argument of a way of serving does."""

from __future__ import annotations

from aws_cdk import Duration

from sagemaker_model import (
    Container,
    ContainerImages,
    DataCapture,
    RollOut,
    Shadow,
    Weights,
)
from updates.apps import WAIT
from updates.change import (
    ENDPOINT,
    NEW_CONFIGURATION,
    RIGHTS,
    Change,
    each_of,
)
from updates.values import KEY, TOPIC

FLEET = "new instances are started beside the old ones, and take over"
FLEET_OF_BOTH = "new instances of both models are started beside the old ones, and take over"
LIKEWISE = f"{FLEET}; the role's rights follow"
ROLLED_OUT = "this update and those that follow are rolled out so; nothing is started for it alone"
ON_INSTANCES = ("RealTime", "Asynchronous")
FOLDER = "s3://bucket/folder"

REAL_TIME_AND_ASYNCHRONOUS = [
    *each_of(
        ON_INSTANCES,
        {
            "startup_timeout": Duration.minutes(30),
            "download_timeout": Duration.minutes(30),
            "volume_size_gib": 100,
            "inference_ami_version": "al2023-ami-sagemaker-inference-gpu-4-1",
            "instance_pools": ["ml.m5.2xlarge"],
            "provision_timeout": Duration.minutes(10),
            "capacity_reservation_arn": "arn:aws:sagemaker:us-east-1:123456789012:training-plan/a",
            "enhanced_metrics": True,
            "metric_frequency": Duration.seconds(10),
        },
        does=NEW_CONFIGURATION,
        means=FLEET,
    ),
    *each_of(
        ON_INSTANCES,
        {"ssm_access": True, "core_dump": FOLDER},
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
    *each_of(
        ON_INSTANCES,
        {"core_dump_key": KEY},
        others={"core_dump": FOLDER},
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
    *each_of(
        ON_INSTANCES,
        {"initial_instance_count": 2},
        does=NEW_CONFIGURATION,
        means="the endpoint gets as many instances; one that is scaled keeps the number that "
        "scaling has come to",
    ),
    *each_of(
        ON_INSTANCES,
        {"roll_out": RollOut.all_at_once(bake=WAIT)},
        does=ENDPOINT,
        means=ROLLED_OUT,
    ),
]
REAL_TIME = [
    *each_of(
        "RealTime",
        {"routing": "LEAST_OUTSTANDING_REQUESTS"},
        does=NEW_CONFIGURATION,
        means=FLEET,
    ),
    *each_of(
        "RealTime",
        {"routing_prefix_length": 4096, "routing_concurrency_threshold": 8},
        others={
            "routing": "PREFIX_AWARE",
            "routing_prefix_length": 2048,
            "routing_concurrency_threshold": 4,
        },
        does=NEW_CONFIGURATION,
        means=FLEET,
    ),
    *each_of(
        "RealTime",
        {"data_capture": DataCapture(path=FOLDER)},
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
]
CANDIDATE = Container(
    model_id="org/candidate",
    instance_type="ml.m5.xlarge",
    container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
    weights=Weights.from_s3("s3://models/candidate/"),
)
SHADOW = [
    *each_of(
        "RealTime",
        {"shadow": Shadow(model=CANDIDATE)},
        does=NEW_CONFIGURATION | {"Model made", "Policy made"},
        means=f"{FLEET}, and those of the shadow beside them",
    ),
    *each_of(
        "Shadow",
        {
            "initial_instance_count": 2,
            "sampling_percentage": 10,
            "inference_ami_version": "al2-ami-sagemaker-inference-gpu-3-1",
        },
        does=NEW_CONFIGURATION,
        means=FLEET_OF_BOTH,
    ),
    *each_of(
        "Shadow",
        {"model": CANDIDATE},
        does=NEW_CONFIGURATION | {"Model replaced", "Policy replaced"},
        means=f"{FLEET_OF_BOTH}; the shadow's model is made anew",
    ),
]
DATA_CAPTURE = [
    *each_of(
        "DataCapture",
        {
            "sampling_percentage": 10,
            "requests": False,
            "responses": False,
            "csv_content_types": ["text/csv"],
            "json_content_types": ["application/json"],
        },
        others={"path": FOLDER},
        does=NEW_CONFIGURATION,
        means=FLEET,
    ),
    *each_of(
        "DataCapture",
        {"encryption_key": KEY},
        others={"path": FOLDER},
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
    Change(
        of="DataCapture",
        argument="path",
        after={"path": FOLDER},
        does=NEW_CONFIGURATION | RIGHTS | {"Bucket left", "BucketPolicy deleted"},
        means=f"{LIKEWISE}; a bucket that was made for it stays in the account with what is in it",
    ),
]
ASYNCHRONOUS = [
    *each_of(
        "Asynchronous",
        {"failure_path": FOLDER},
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
    *each_of(
        "Asynchronous",
        {"input_path": FOLDER},
        does=RIGHTS,
        means="the role may read requests there, and no longer where it did; send none until the "
        "update is done",
    ),
    *each_of(
        "Asynchronous",
        {"success_topic": TOPIC, "error_topic": TOPIC},
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
    *each_of(
        "Asynchronous",
        {"include_response": True},
        others={"success_topic": TOPIC},
        does=NEW_CONFIGURATION,
        means=FLEET,
    ),
    *each_of(
        "Asynchronous", {"max_concurrent_invocations": 4}, does=NEW_CONFIGURATION, means=FLEET
    ),
    *each_of(
        "Asynchronous",
        {"encryption_key": KEY},
        others={"output_path": "s3://bucket/out", "input_path": "s3://bucket/in"},
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
    Change(
        of="Asynchronous",
        argument="output_path",
        after={"output_path": FOLDER},
        does=NEW_CONFIGURATION | RIGHTS | {"Bucket left", "BucketPolicy deleted"},
        means="answers go there from now on; a bucket that was made for it stays in the account "
        "with what is in it, and nothing reads requests from it any more",
    ),
]
SERVERLESS = [
    *each_of(
        "Serverless",
        {"memory_mb": 4096, "max_concurrency": 10, "provisioned_concurrency": 2},
        does=NEW_CONFIGURATION,
        means="new containers take over; the first requests wait for them to start",
    ),
]
HOSTING_CHANGES = [
    *REAL_TIME_AND_ASYNCHRONOUS,
    *REAL_TIME,
    *SHADOW,
    *DATA_CAPTURE,
    *ASYNCHRONOUS,
    *SERVERLESS,
]
