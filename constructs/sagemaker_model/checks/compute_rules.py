"""Rules about what the GPUs can compute of a model, by what the lock file says of it."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.placed_model import placed_model
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.fit.fit import writes_text
from sagemaker_model.fit.precision import (
    FLOAT16_REFUSED,
    NEEDS_QUANTIZED,
    computes_wider,
    too_old_for,
    wanted_quantization,
    without_bfloat16,
)
from sagemaker_model.fit.shape import best_degree, splits_over

_EIGHT_BITS = frozenset({"fp8", "fbgemm_fp8"})
_LIKE_VLLM = frozenset({"vllm", "huggingface-vllm", "lmi"})
_LIKE_SGLANG = frozenset({"sglang", "huggingface-sglang"})
_LONGER_ALLOWED = (
    "VLLM_ALLOW_LONG_MAX_MODEL_LEN",
    "SGLANG_ALLOW_OVERWRITE_LONGER_CONTEXT_LEN",
    "ROPE_SCALING",
    "HF_OVERRIDES",
    "JSON_MODEL_OVERRIDE_ARGS",
)


@rule(
    "heads-not-divisible",
    Severity.ERROR,
    "The heads can't be spread over the GPUs.",
    fix="Give the degree that is named.",
)
def heads_not_divisible(deployed: Deployed) -> Iterator[Problem]:
    """Find a degree that the engine refuses to start with; see ``splits_over``."""
    placed = placed_model(deployed)
    if placed is None or not placed.settings.memory.splits or not placed.instance.gpus:
        return
    if splits_over(placed.config, placed.degree):
        return
    config = placed.config
    best = best_degree(config, placed.degree)
    heads = f"{config.num_attention_heads} heads"
    if config.num_key_value_heads not in {None, config.num_attention_heads}:
        heads += f" and {config.num_key_value_heads} of keys and values"
    yield Problem(
        "serving.tensor_parallel_degree",
        f"does not divide the {heads} of {placed.model.id}, so the engine refuses to start",
        got=f"{placed.degree}"
        + (", all GPUs of the type" if placed.settings.tensor_parallel is None else ""),
        fix=f"serving=ServingOptions(tensor_parallel_degree={best})",
    )


@rule(
    "context-beyond-model",
    Severity.ERROR,
    "The context is longer than the model's.",
    fix="Give at most the model's length, or the engine's own switch for more.",
)
def context_beyond_model(deployed: Deployed) -> Iterator[Problem]:
    """Find a length that the engine refuses to start with.

    TGI takes any. Source: ``_get_and_verify_max_len`` of vLLM, and SGLang's ``ModelConfig``.
    """
    placed = placed_model(deployed)
    if placed is None or placed.settings.engine not in _LIKE_VLLM | _LIKE_SGLANG:
        return
    asked, longest = placed.settings.context, placed.config.max_position_embeddings
    if not asked or longest is None or asked <= longest or not writes_text(placed.model):
        return
    if not any(name.endswith(_LONGER_ALLOWED) for name in deployed.container.environment):
        yield Problem(
            "serving.max_total_tokens",
            f"is longer than what {placed.model.id} was made for, so the engine refuses to start",
            got=f"{asked:,}",
            allowed=f"at most {longest:,}",
            fix=f"serving=ServingOptions(max_total_tokens={longest}), or leave it out",
        )


@rule(
    "bfloat16-on-old-gpu",
    Severity.ERROR,
    "A GPU is asked for bfloat16 and has none.",
    fix="Give `float16`, or choose a newer GPU.",
)
def bfloat16_on_old_gpu(deployed: Deployed) -> Iterator[Problem]:
    """Find a type of numbers that the GPU does not know."""
    placed = placed_model(deployed)
    if placed is None or placed.settings.dtype != "bfloat16":
        return
    if without_bfloat16(placed.instance):
        yield Problem(
            "serving.dtype",
            f"can't be computed with on the {placed.instance.gpu_name} of {placed.instance.name}",
            got="bfloat16",
            fix=f"dtype='float16', or {placed.proposals()}",
        )


@rule(
    "bfloat16-becomes-float16",
    Severity.WARNING,
    "The weights' bfloat16 is not the GPU's.",
    fix="Say `float16`, or choose a newer GPU.",
)
def bfloat16_becomes_float16(deployed: Deployed) -> Iterator[Problem]:
    """Find weights in bfloat16 on a GPU without it.

    Newer engines convert them, with a smaller range of numbers; older ones refuse to start.
    """
    placed = placed_model(deployed)
    if placed is None or placed.settings.dtype or not placed.settings.memory.splits:
        return
    if placed.config.dtype == "bfloat16" and without_bfloat16(placed.instance):
        yield Problem(
            "instance_type",
            f"has a {placed.instance.gpu_name}, which doesn't know the bfloat16 of "
            f"{placed.model.id}; older engines refuse to start, newer ones convert it to float16",
            got=placed.instance.name,
            fix=f"serving=ServingOptions(dtype='float16') says so, or {placed.proposals()}",
        )


@rule(
    "float16-refused",
    Severity.ERROR,
    "The model can't be computed with in float16.",
    fix="Give `bfloat16`.",
)
def float16_refused(deployed: Deployed) -> Iterator[Problem]:
    """Find models whose numbers grow too large; source: vllm/config/model.py."""
    placed = placed_model(deployed)
    if placed is None or placed.settings.engine not in _LIKE_VLLM:
        return
    if placed.settings.dtype == "float16" and placed.config.model_type in FLOAT16_REFUSED:
        yield Problem(
            "serving.dtype",
            f"is refused for {placed.model.id}, whose numbers are too large for it",
            got="float16",
            fix="dtype='bfloat16', on a GPU from ml.g5 on",
        )


@rule(
    "quantization-on-old-gpu",
    Severity.ERROR,
    "The GPU is too old for the quantization.",
    fix="Choose one of the types that are named.",
)
def quantization_on_old_gpu(deployed: Deployed) -> Iterator[Problem]:
    """Find quantized weights that the GPU can't compute with."""
    placed = placed_model(deployed)
    if placed is None:
        return
    wanted = wanted_quantization(placed.config, placed.settings)
    if too_old_for(wanted, placed.instance):
        yield Problem(
            "instance_type",
            f"has a {placed.instance.gpu_name}, which is too old for weights quantized by {wanted}",
            got=placed.instance.name,
            fix=placed.proposals(),
        )


@rule(
    "fp8-without-hardware",
    Severity.WARNING,
    "The GPU computes fp8 as 16 bits.",
    fix="Accept it for the memory's sake, or choose a newer GPU.",
)
def fp8_without_hardware(deployed: Deployed) -> Iterator[Problem]:
    """Find fp8 on GPUs before Ada: the weights are small, but nothing is faster."""
    placed = placed_model(deployed)
    if placed is None:
        return
    wanted = wanted_quantization(placed.config, placed.settings)
    if wanted in _EIGHT_BITS and computes_wider(placed.instance):
        yield Problem(
            "instance_type",
            f"has a {placed.instance.gpu_name}, which stores fp8 and computes with 16 bits",
            got=placed.instance.name,
            fix="acknowledge it if memory is what matters; ml.g6 and later compute with fp8",
        )


@rule(
    "quantization-of-plain-weights",
    Severity.ERROR,
    "The weights are not quantized that way.",
    fix="Choose a repository of such weights, or `fp8`.",
)
def quantization_of_plain_weights(deployed: Deployed) -> Iterator[Problem]:
    """Find a quantization that is made beforehand, asked for weights without it."""
    placed = placed_model(deployed)
    if placed is None or placed.settings.quantization not in NEEDS_QUANTIZED:
        return
    if placed.config.quantization_method is None:
        yield Problem(
            "serving.quantization",
            f"is made before weights are published, and those of {placed.model.id} are not "
            "quantized",
            got=placed.settings.quantization or "",
            fix="a repository with such weights, or 'fp8', which engines make when they load",
        )


COMPUTE_RULES = (
    heads_not_divisible,
    context_beyond_model,
    bfloat16_on_old_gpu,
    bfloat16_becomes_float16,
    float16_refused,
    quantization_on_old_gpu,
    fp8_without_hardware,
    quantization_of_plain_weights,
)
