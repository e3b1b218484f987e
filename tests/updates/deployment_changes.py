"""What changing an argument of a deployment does."""

from __future__ import annotations

from sagemaker_model import ContainerImages, ReadyHandlers, ServingOptions, Staging, Weights
from updates.apps import PACKAGES, ROOT
from updates.change import (
    NEW_CONFIGURATION,
    NEW_MODEL,
    NOTHING,
    RIGHTS,
    Change,
    each_of,
)
from updates.values import IMAGE, LARGE, OTHER_COMMIT, OTHER_STORE
from updates.weights_changes import (
    BUILD_ALONE,
    BUILD_MEANS,
    FILES,
    HUB_TOKEN,
    NEW_STORE,
    STAGED_ANEW,
    STAGING_GONE,
    STORE_MEANS,
    build_settings,
)

MODEL = "a new model is made, and new instances that serve it take over"
MODEL_AND_RIGHTS = f"{MODEL}; the role's rights follow"
STAGED = {"weights": Weights.staged()}
FOLDER = ROOT / "examples/local_folder/model"

INSTANCE_TYPE = [
    Change(
        of=of,
        argument="instance_type",
        after={"instance_type": instance_type},
        does=NEW_CONFIGURATION,
        means="new instances of that type are started beside the old ones, and take over. "
        "SageMaker refuses it while the endpoint is scaled: see "
        "[Scaling](scaling.md#changing-the-instance-type)",
        danger=True,
    )
    for of, instance_type in (
        ("ModelPackage", "ml.g5.12xlarge"),
        ("Container", "ml.g6.2xlarge"),
        ("CustomInference", "ml.m5.2xlarge"),
    )
]
HARDWARE = [
    Change(
        of="Hardware",
        argument=argument,
        before=before,
        after={**before, argument: value},
        does=NEW_CONFIGURATION,
        means="the smallest type that has it now; another type as with `instance_type`",
        danger=True,
    )
    for argument, value, before in (
        ("accelerator", "L4", {"count": 1, "memory_gib": 30}),
        ("count", 4, {"accelerator": "A10G"}),
        ("gpu_memory_gib", 40, {"count": 1}),
        ("memory_gib", 60, {"accelerator": "A10G"}),
        ("vcpus", 16, {"accelerator": "A10G"}),
        ("architecture", "arm64", {"vcpus": 4}),
    )
]
MODEL_PACKAGE = [
    *each_of("ModelPackage", {"model_id": "other"}, does=NOTHING, means="it is a name for you"),
    *each_of("ModelPackage", {"packages": f"{PACKAGES}/second"}, does=NEW_MODEL, means=MODEL),
]
CONTAINER = [
    *each_of(
        "Container",
        {
            "model_id": "other/name",
            "serving": ServingOptions(max_total_tokens=4096),
            "env": {"A": "1"},
            "revision": OTHER_COMMIT,
        },
        does=NEW_MODEL,
        means=MODEL,
    ),
    *each_of(
        "Container",
        {"container": ContainerImages.SGLANG_LATEST, "weights": Weights.from_s3("s3://b/p/")},
        does=NEW_MODEL | RIGHTS,
        means=MODEL_AND_RIGHTS,
    ),
    *each_of(
        "Container",
        {"model_id": "other/name", "revision": OTHER_COMMIT},
        others=STAGED,
        note="staged",
        does=NEW_MODEL | STAGED_ANEW,
        means=FILES,
    ),
    *each_of(
        "Container",
        {"weights": Weights.from_s3("s3://b/p/")},
        others=STAGED,
        note="no more staged",
        does=NEW_MODEL | RIGHTS | STAGING_GONE,
        means=f"{MODEL}; what staged the weights is deleted, and so are they",
    ),
    *build_settings(
        "Container", {"staging": Staging(http_proxy="http://proxy:3128")}, others=STAGED
    ),
    *each_of(
        "Container",
        {"hf_token": "hub-token"},
        others=STAGED,
        does=BUILD_ALONE | HUB_TOKEN,
        means=BUILD_MEANS,
    ),
    *each_of(
        "Container",
        {"store": OTHER_STORE},
        others=STAGED,
        does=NEW_MODEL | NEW_STORE,
        means=STORE_MEANS,
    ),
]
CUSTOM_INFERENCE = [
    *each_of(
        "CustomInference",
        {"env": {"A": "1"}},
        does=NEW_MODEL,
        means=MODEL,
    ),
    *each_of(
        "CustomInference", {"container": IMAGE}, does=NEW_MODEL | RIGHTS, means=MODEL_AND_RIGHTS
    ),
    *each_of(
        "CustomInference",
        {
            "model_id": "other/name",
            "revision": OTHER_COMMIT,
            "archive": True,
            "bundle_requirements": True,
        },
        does=NEW_MODEL | STAGED_ANEW,
        means=FILES,
    ),
    *each_of(
        "CustomInference",
        {
            "code_folder": ReadyHandlers.EMBEDDINGS,
            "weights": Weights.from_directory(FOLDER),
        },
        does=NEW_MODEL | STAGED_ANEW | HUB_TOKEN,
        means=FILES,
    ),
    *build_settings(
        "CustomInference",
        {"codebuild_compute_type": LARGE, "staging": Staging(http_proxy="http://proxy:3128")},
    ),
    *each_of(
        "CustomInference",
        {"hf_token": "hub-token"},
        does=BUILD_ALONE | HUB_TOKEN,
        means=BUILD_MEANS,
    ),
    *each_of(
        "CustomInference",
        {"store": OTHER_STORE},
        does=NEW_MODEL | NEW_STORE,
        means=STORE_MEANS,
    ),
]
SERVING_OPTIONS = [
    *each_of(
        "ServingOptions",
        {
            "tensor_parallel_degree": 2,
            "max_input_tokens": 1024,
            "max_total_tokens": 4096,
            "max_batch_size": 8,
            "quantization": "fp8",
            "dtype": "float16",
            "trust_remote_code": True,
        },
        does=NEW_MODEL,
        means=MODEL,
    )
]
DEPLOYMENT_CHANGES = [
    *INSTANCE_TYPE,
    *HARDWARE,
    *MODEL_PACKAGE,
    *CONTAINER,
    *CUSTOM_INFERENCE,
    *SERVING_OPTIONS,
]
