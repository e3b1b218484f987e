"""What changing an argument of a deployment does."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_s3 as s3

from sagemaker_model import (
    ArtifactStore,
    ContainerImages,
    ReadyHandlers,
    ServingOptions,
    Staging,
    Weights,
)
from updates.apps import COMMIT, GPU, PACKAGES, ROOT
from updates.change import (
    NEW_CONFIGURATION,
    NEW_MODEL,
    NOTHING,
    POLICY,
    Change,
    Does,
    In,
    each_of,
)

MODEL = "a new model is made, and new instances that serve it take over"
COMMIT_2 = "b" * 40
STAGED_ANEW: Does = frozenset({"SageMakerModelWeights replaced", "Project in place"})
BUILD: Does = frozenset({"Project in place"})
STAGED = {"weights": Weights.staged()}
RETAINED = In(lambda stack: ArtifactStore(stack, "Store", removal_policy=RemovalPolicy.RETAIN))
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1.0"
FILES = "the files are staged below a new prefix and served by a new model; the old ones are \
deleted when the endpoint has moved"

MODEL_PACKAGE = [
    *each_of(
        "ModelPackage",
        {"model_id": "other"},
        does=NOTHING,
        means="it is a name for you alone",
    ),
    *each_of(
        "ModelPackage", {"packages": f"{PACKAGES}/second"}, does=NEW_MODEL, means=MODEL
    ),
]
INSTANCE_TYPE = [
    Change(
        of=of,
        argument="instance_type",
        after={"instance_type": instance_type},
        does=does,
        means="new instances of that type are started beside the old ones, and take over; "
        "SageMaker refuses it while the endpoint is scaled: deploy once with "
        "`auto_scale(…, detached=True)` before",
        danger=True,
    )
    for of, instance_type, does in (
        ("ModelPackage", "ml.g5.12xlarge", NEW_CONFIGURATION),
        ("Container", "ml.g6.2xlarge", NEW_CONFIGURATION),
        ("CustomInference", "ml.m5.2xlarge", NEW_CONFIGURATION),
    )
]
CONTAINER = [
    *each_of(
        "Container",
        {
            "model_id": "other/name",
            "container": ContainerImages.SGLANG_LATEST,
            "serving": ServingOptions(max_total_tokens=4096),
            "env": {"A": "1"},
            "revision": COMMIT_2,
            "weights": Weights.from_s3("s3://bucket/prefix/"),
        },
        does=NEW_MODEL,
        means=MODEL,
    ),
]
STAGED_CONTAINER = [
    *each_of(
        "Container",
        {"model_id": "other/name", "revision": COMMIT_2, "hf_token": "hub-token", "store": RETAINED, "staging": Staging(http_proxy="http://proxy:3128"), "weights": Weights.from_s3("s3://bucket/prefix/")},
        others=STAGED,
        does=NEW_MODEL,
        means=FILES,
    )
]
CUSTOM = [
    *each_of(
        "CustomInference",
        {
            "model_id": "other/name",
            "code_folder": ReadyHandlers.EMBEDDINGS,
            "container": IMAGE,
            "env": {"A": "1"},
            "revision": COMMIT_2,
            "weights": Weights.from_directory(ROOT / "examples/local_folder/model"),
            "hf_token": "hub-token",
            "codebuild_compute_type": codebuild.ComputeType.LARGE,
            "archive": True,
            "bundle_requirements": True,
            "store": RETAINED,
            "staging": Staging(http_proxy="http://proxy:3128"),
        },
        does=NEW_MODEL,
        means=FILES,
    ),
]
DEPLOYMENT_CHANGES = [*MODEL_PACKAGE, *INSTANCE_TYPE, *CONTAINER, *CUSTOM, *STAGED_CONTAINER]
