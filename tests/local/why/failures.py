"""The failures that endpoints are known for, each as a stack that fails so.

Where a program that fails runs here, it does; where none does, or AWS itself fails, the words are
told on command, by the way that real ones take: container, log group, CloudFormation's event.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.live import REGION
from local.why.stacks import TGI, TOOLKIT, VLLM

BUCKET = "why-models"
GATED = "org/gated-for-why"
TOKEN = "a-token"


@dataclass(frozen=True)
class Failing:
    """A stack that fails.

    Args:
        cause: The cause that is to be named.
        quotes: What is to be quoted of whoever tells it.
        image: The endpoint's image.
        environment: Its variables.
        files: Files of its model in S3. Default: there are none.
        isolated: Whether it has no way to a network.
        fault: What happens on command. Default: nothing does, it fails by itself.
    """

    cause: str
    quotes: str
    image: str = VLLM
    environment: Mapping[str, str] = field(default_factory=lambda: {"HF_MODEL_ID": "org/name"})
    files: Mapping[str, str] = field(default_factory=dict)
    isolated: bool = False
    fault: Mapping[str, Any] | None = None


def ends(*log: str, reason: str = "") -> dict[str, Any]:
    """Return the fault of a container that writes lines and ends."""
    return {"action": "sagemaker:StartContainer", "answer": {"log": log, "reason": reason}}


MOUNTED = {"SM_VLLM_MODEL": "/opt/ml/model"}
CONFIG = {"model_type": "llama", "num_attention_heads": 12, "max_position_embeddings": 4096}
HANDLER = "def model_fn(model_dir):\n    import einops_that_is_not_there\n"
START = "INFO text_generation_launcher: Args { trust_remote_code: false, num_shard: Some(4) }"
QUOTA = (
    "The account-level service limit 'ml.g5.2xlarge for endpoint usage' is 0 Instances, with "
    "current utilization of 0 Instances and a request delta of 1 Instances."
)
FAILING = {
    "1-time-out": Failing(
        "too-slow",
        "did not pass the ping health check",
        TGI,
        fault=ends(START, "INFO download: text_generation_launcher: Download: [34/136] -- ETA: 0"),
    ),
    "2-disk": Failing(
        "disk-full",
        "No space left on device",
        TGI,
        fault=ends(
            START,
            "ERROR download: text_generation_launcher: Download encountered an error:",
            'Exception: Error while downloading: Os { code: 28, kind: StorageFull, message: "No '
            'space left on device" }',
            "Error: DownloadError",
        ),
    ),
    "3-driver": Failing(
        "driver-mismatch",
        "CannotStartContainerError",
        fault=ends(
            reason="CannotStartContainerError. Please ensure the model container for variant "
            "AllTraffic starts correctly when invoked with 'docker run <image> serve'"
        ),
    ),
    "5-image": Failing("image-missing", "Requested image", VLLM.replace(REGION, "eu-west-1")),
    "6-handler": Failing(
        "handler-missing",
        "No module named 'einops_that_is_not_there'",
        TOOLKIT,
        {},
        {"code/inference.py": HANDLER, "config.json": "{}"},
    ),
    "6-task": Failing("task-missing", "env 'HF_TASK'", TOOLKIT, {}, {"weights/config.json": "{}"}),
    "7-shards": Failing(
        "shards-do-not-divide",
        "Total number of attention heads (12) must be divisible by tensor parallel size (8)",
        environment={**MOUNTED, "SM_VLLM_TENSOR_PARALLEL_SIZE": "8"},
        files={"config.json": json.dumps(CONFIG)},
    ),
    "8-remote-code": Failing(
        "remote-code",
        "requires you to execute the configuration file",
        environment=MOUNTED,
        files={
            "config.json": json.dumps(
                {"model_type": "own", "auto_map": {"AutoConfig": "configuration_own.OwnConfig"}}
            )
        },
    ),
    "9-memory": Failing(
        "context-does-not-fit",
        "larger than the available KV cache memory",
        fault=ends(
            "INFO 06-19 [api_server.py] non-default args: {'trust_remote_code': False}",
            "WARNING 06-19 [import_utils.py] No module named 'vllm._C'",
            "(EngineCore pid=9) ValueError: To serve at least one request with the models's max "
            "seq len (131072), (4.54 GiB KV cache is needed, which is larger than the available "
            "KV cache memory (1.71 GiB).",
            "RuntimeError: Engine core initialization failed. See root cause above.",
        ),
    ),
    "9-context": Failing(
        "limits-contradict",
        "is greater than the derived max_model_len",
        environment={**MOUNTED, "SM_VLLM_MAX_MODEL_LEN": "65536"},
        files={"config.json": json.dumps(CONFIG)},
    ),
    "10-isolated": Failing(
        "no-way-to-the-hub", "couldn't connect to 'https://huggingface.co'", isolated=True
    ),
    "12-quota": Failing(
        "no-quota",
        QUOTA,
        fault={
            "action": "sagemaker:CreateEndpoint",
            "code": "ResourceLimitExceeded",
            "message": QUOTA,
        },
    ),
    "12-capacity": Failing(
        "no-capacity",
        "Unable to provision requested ML compute capacity",
        fault=ends(
            reason="Unable to provision requested ML compute capacity due to "
            "InsufficientInstanceCapacity error. Please retry using a different ML instance type "
            "or after some time."
        ),
    ),
}
"""By number of the failure."""
OF_THE_LIBRARY = {
    "4-gated": ("gated-model", "needs a token: accept its licence"),
    "11-load": ("handler-missing", "No module named 'a_package_that_is_not_there'"),
}
"""Stacks of the library itself: the build tells of one, and the container of the other."""
TWELVE = {
    "1": "not ready in time",
    "2": "the disk is full",
    "3": "driver and CUDA do not go together",
    "4": "a gated model",
    "5": "no such image in the Region",
    "6": "code, files or task are missing",
    "7": "heads that can't be split over the GPUs",
    "8": "a model with code of its own",
    "9": "context and memory",
    "10": "the Hub is asked without a way to it",
    "11": "in service, though the model did not load",
    "12": "quota and capacity",
}
"""What users of SageMaker endpoints stumble over most."""
