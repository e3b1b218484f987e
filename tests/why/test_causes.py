"""Each cause is known by what its programs say, and by nothing else that they say."""

import pytest

from sagemaker_model.checks.code_rules import CODE_RULES
from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES
from sagemaker_model.checks.requirement_rules import REQUIREMENT_RULES
from sagemaker_model.checks.rules import RULES
from sagemaker_model.why.causes import CAUSES
from sagemaker_model.why.diagnose import diagnose
from sagemaker_model.why.evidence import Evidence, Said

PING = (
    "The primary container for production variant AllTraffic did not pass the ping health check. "
    "Please check CloudWatch logs for this endpoint."
)
# What the programs are known to say, from the issues that users opened about it.
SAID = [
    ("gated-model", "huggingface_hub.errors.GatedRepoError: 401 Client Error."),
    ("gated-model", "OSError: a/b is not a local folder and is not a valid model identifier"),
    ("model-not-found", "huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error."),
    ("disk-full", "OSError: [Errno 28] No space left on device: '/tmp/model.safetensors'"),
    ("driver-too-old", "CannotStartContainerError. Please make sure the container can be run"),
    ("driver-too-old", "RuntimeError: The NVIDIA driver on your system is too old"),
    ("image-missing", "The repository with name 'vllm' does not exist in the registry"),
    ("remote-code", "set the option `trust_remote_code=True` to remove this error."),
    ("shards-do-not-divide", "ValueError: num_heads must be divisible by num_shards (71 and 4)"),
    (
        "context-does-not-fit",
        "ValueError: The model's max seq len (32768) is larger than the maximum number of tokens "
        "that can be stored in KV cache (7344).",
    ),
    ("context-does-not-fit", "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate"),
    ("handler-missing", "ModuleNotFoundError: No module named 'einops'"),
    ("unknown-option", "vllm: error: unrecognized arguments: --max-modle-len 4096"),
    ("no-way-to-the-hub", "[Errno -2] Name or service not known: 'huggingface.co'"),
    ("no-rights", "Could not access model data at s3://models/a/. Please ensure that the role"),
    (
        "no-quota",
        "ResourceLimitExceeded: The account-level service limit 'ml.g5.xlarge for endpoint usage' "
        "is 0 Instances",
    ),
    ("no-capacity", "Unable to provision requested ML compute capacity due to InsufficientInst"),
    ("does-not-answer", "the smoke test of endpoint chat failed: status 400"),
    ("too-slow", PING),
]
RULE_IDS = {each.id for each in (*RULES, *ENVIRONMENT_RULES, *CODE_RULES, *REQUIREMENT_RULES)}


@pytest.mark.parametrize(("cause", "text"), SAID, ids=[f"{c}-{n}" for n, (c, _) in enumerate(SAID)])
def test_a_cause_is_known_by_what_is_said(cause: str, text: str) -> None:
    found = diagnose(Evidence(container=(Said("the container", text),)))

    assert [each.cause.id for each in found][:1] == [cause]


def test_every_cause_has_words_that_are_tried() -> None:
    assert {cause.id for cause in CAUSES} == {cause for cause, _ in SAID}


@pytest.mark.parametrize(
    "text",
    [
        "INFO:     Uvicorn running on http://0.0.0.0:8080",
        "Loading safetensors checkpoint shards: 100% Completed | 4/4",
        '"GET /ping HTTP/1.1" 200 OK',
        "Downloading model.safetensors: 100%|##########| 4.98G/4.98G",
        "Using pad_token, but it is not set yet.",
        "GPU KV cache size: 123,456 tokens",
    ],
)
def test_what_a_sound_container_says_is_no_cause(text: str) -> None:
    assert diagnose(Evidence(container=(Said("the container", text),))) == []


def test_what_the_container_said_explains_that_it_was_not_ready() -> None:
    evidence = Evidence(
        failed=(Said("CloudFormation", PING),),
        container=(Said("the container", "torch.OutOfMemoryError: CUDA out of memory."),),
    )

    assert [each.cause.id for each in diagnose(evidence)] == ["context-does-not-fit", "too-slow"]


def test_a_cause_is_told_once_with_what_was_said_first() -> None:
    first, second = Said("the container", "Errno 28"), Said("the container", "ENOSPC")

    (found,) = diagnose(Evidence(container=(first, second)))

    assert found.said is first


def test_the_rules_that_a_cause_names_are_rules() -> None:
    assert {rule for cause in CAUSES for rule in cause.rules} <= RULE_IDS
