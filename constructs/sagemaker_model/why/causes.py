"""The causes of failed deployments, and the words by which each is known.

The words are those of the programs themselves: SageMaker's ``FailureReason``, ECR, huggingface_hub,
transformers, vLLM, SGLang, Text Generation Inference, PyTorch and pip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that makes deployments fail.

    Args:
        id: Its name: lower case, joined by hyphens.
        title: What it is, in one sentence.
        words: What is said where it is the cause.
        fix: How to mend it.
        rules: Findings at synth that warn of it before.
        vague: Whether the words tell only that something failed, so that any other cause that is
            found is the better answer.
    """

    id: str
    title: str
    words: re.Pattern[str]
    fix: str
    rules: tuple[str, ...] = ()
    vague: bool = False


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


CAUSES = (
    Cause(
        id="gated-model",
        title="The Hub does not give the model to whoever asked: it is gated, private, or the "
        "token is wrong.",
        words=_any(
            r"GatedRepo",
            r"cannot access gated repo",
            r"access to model \S+ is restricted",
            r"40[13] Client Error",
            r"invalid (user token|username or password)",
            r"is not a local folder and is not a valid model identifier",
        ),
        fix="accept the model's terms on its page on the Hub, and give hf_token= a secret with a "
        "token of that account",
    ),
    Cause(
        id="model-not-found",
        title="There is no such model or revision on the Hub.",
        words=_any(r"Repository ?Not ?Found", r"Revision ?Not ?Found", r"404 Client Error"),
        fix="look up model_id= and revision= on the Hub; for a private model, give hf_token=",
    ),
    Cause(
        id="disk-full",
        title="The disk is full.",
        words=_any(r"no space left on device", r"\bENOSPC\b", r"errno 28\b"),
        fix="take an instance type with a larger local disk, or volume_size_gib= on one without; "
        "stage the weights, so that no copy lies in the container's cache",
        rules=("disk-too-small",),
    ),
    Cause(
        id="driver-too-old",
        title="The host's GPU driver is too old for the image's CUDA.",
        words=_any(
            r"CannotStartContainerError",
            r"nvidia driver on your system is too old",
            r"CUDA driver version is insufficient",
            r"unsatisfied condition: cuda",
            r"system has unsupported display driver",
        ),
        fix="give hosting= inference_ami_version=InferenceAmi.GPU_4_1 for CUDA 13, GPU_3_1 for "
        "CUDA 12",
        rules=("inference-ami-cuda", "inference-ami-old", "inference-ami-blackwell"),
    ),
    Cause(
        id="image-missing",
        title="The image is not there, or the role may not pull it.",
        words=_any(
            r"CannotPullContainer",
            r"(image|repository) .{0,300}(does not exist|not found|was not found)",
            r"not authorized to perform: ecr:",
            r"does not grant sagemaker\S* .{0,100}ecr:",
            r"unable to (pull|describe) (the )?image",
        ),
        fix="take a ContainerImage of the table, which knows the Region's registry, or look at the "
        "tag and the repository's policy",
        rules=("image-unknown", "image-in-other-region"),
    ),
    Cause(
        id="remote-code",
        title="The model brings code of its own, which must be allowed to run.",
        words=_any(r"trust_remote_code", r"requires you to execute the (configuration|modeling)"),
        fix="read the code, pin revision=, and give ServingOptions(trust_remote_code=True)",
    ),
    Cause(
        id="shards-do-not-divide",
        title="The model can't be split over that many GPUs.",
        words=_any(
            r"(not|must be) divisible by .{0,60}(tensor|shard|parallel|world|GPU)",
            r"num_heads .{0,60}divisible",
            r"tensor.parallel.{0,40}(size|degree).{0,60}(greater|larger|exceed|more) than",
            r"`?num_shard`? .{0,60}(GPU|divisible|available)",
        ),
        fix="give ServingOptions(tensor_parallel_degree=…) a number that divides the attention "
        "heads and is at most the number of GPUs",
        rules=("tensor-parallel-degree", "heads-not-divisible"),
    ),
    Cause(
        id="context-does-not-fit",
        title="The GPUs' memory is too small for the model with its context.",
        words=_any(
            r"larger than the maximum number of tokens that can be stored in KV cache",
            r"no available memory for the cache blocks",
            r"CUDA out of memory",
            r"OutOfMemoryError",
            r"not enough memory to handle \d+ prefill tokens",
            r"not enough memory\. please try to increase --mem-fraction-static",
            r"`?max_(input_tokens|input_length|batch_prefill_tokens)`? must be",
        ),
        fix="bound the context with ServingOptions(max_model_len=…), take a smaller or quantized "
        "model, or an instance type with more GPU memory",
        rules=("model-fit", "context-too-long"),
    ),
    Cause(
        id="handler-missing",
        title="The inference code, or a package that it needs, is not where the container looks.",
        words=_any(
            r"ModuleNotFoundError",
            r"ImportError: cannot import name",
            r"no module named",
            r"you need to define one of the following .{0,40}HF_TASK|HF_TASK.{0,40}(not|undefined)",
            r"no matching distribution found for",
            r"could not find a version that satisfies the requirement",
            r"is not implemented .{0,80}inference\.py",
            r"no model artifact found|config\.json.{0,40}(not found|no such file)",
        ),
        fix="lay inference.py and requirements.txt into code_folder=; give env HF_TASK where there "
        "is no code",
        rules=("code-without-functions", "requirements-clash"),
    ),
    Cause(
        id="unknown-option",
        title="The engine does not know an option that it was given.",
        words=_any(
            r"unrecognized arguments?:",
            r"unexpected argument '--",
            r"extra inputs are not permitted",
            r"error: argument --\S+: invalid",
        ),
        fix="look at env= and the options: the image's version may name it otherwise",
        rules=("environment-unknown-flag", "environment-misspelt"),
    ),
    Cause(
        id="no-way-to-the-hub",
        title="The container asks the Hub, to which it has no way.",
        words=_any(
            r"(network is unreachable|name or service not known|temporary failure in name "
            r"resolution|failed to (resolve|establish a new connection))",
            r"couldn't connect to 'https://huggingface\.co'",
            r"LocalEntryNotFound",
            r"OfflineModeIsEnabled",
            r"connection to huggingface\.co timed out",
        ),
        fix="give weights=Weights.staged(), which needs no network at run time, or subnets with a "
        "way out",
        rules=("hub-without-network", "requirements-need-network"),
    ),
    Cause(
        id="no-rights",
        title="A role may not do what it must.",
        words=_any(
            r"could not access model data at s3://",
            r"AccessDenied",
            r"is not authorized to perform",
            r"cannot assume the role|could not assume role",
        ),
        fix="let the role read the model's prefix and use its key; the library's own role may",
        rules=("role-needs-permissions",),
    ),
    Cause(
        id="no-quota",
        title="The account's quota for this instance type is used up.",
        words=_any(r"ResourceLimitExceeded", r"account-level service limit", r"service quota"),
        fix="ask Service Quotas for more of '<type> for endpoint usage'; an update that doubles "
        "the fleet needs twice as many, RollOut.rolling(…) does not",
        rules=("roll-out-doubles-fleet",),
    ),
    Cause(
        id="no-capacity",
        title="AWS has no such instance free in these Availability Zones.",
        words=_any(
            r"InsufficientInstanceCapacity",
            r"insufficient capacity",
            r"unable to provision requested ML compute capacity",
            r"unable to locate at least \d+ availability zone",
        ),
        fix="give RealTime(instance_pools=[…]) other types, more subnets, or another Region",
        rules=("subnets-in-one-zone",),
    ),
    Cause(
        id="does-not-answer",
        title="The endpoint was in service, but did not answer the smoke test as expected.",
        words=_any(r"smoke test"),
        fix="read the container's log; if the test is wrong, give smoke_test= another",
    ),
    Cause(
        id="too-slow",
        title="The container was not ready in time.",
        words=_any(
            r"did not pass the ping health check",
            r"health ?check .{0,60}(timed? ?out|time-out)",
            r"failed to download model data",
        ),
        fix="give hosting= a longer startup_timeout= or download_timeout=, and read the "
        "container's log",
        vague=True,
    ),
)
"""All causes; where the words of several were said, the earlier in the evidence is the answer."""
