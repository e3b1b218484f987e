"""What the rules say of a model on an instance type, by what the lock file says of it."""

from __future__ import annotations

import pytest

from checks.deployments import a_deployment
from sagemaker_model.checks.compute_rules import COMPUTE_RULES
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.fit_rules import FIT_RULES
from sagemaker_model.checks.instance_rules import tensor_parallel_idle
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import ModelData
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig

GIB = 2**30
BILLION = 10**9
SHAPE = ModelConfig(
    architectures=("LlamaForCausalLM",),
    model_type="llama",
    dtype="bfloat16",
    hidden_size=4096,
    vocab_size=128_256,
    num_hidden_layers=32,
    num_attention_heads=32,
    num_key_value_heads=8,
    max_position_embeddings=8192,
)


def a_model(
    billions: float = 8,
    *,
    config: ModelConfig = SHAPE,
    files: tuple[LockedFile, ...] = (),
) -> LockedModel:
    return LockedModel(
        id="org/name",
        commit="0" * 40,
        parameters={} if files else {"BF16": round(billions * BILLION)},
        files=files,
        config=config,
    )


def config(**changed: object) -> ModelConfig:
    values = {name: getattr(SHAPE, name) for name in ModelConfig.__slots__}
    return ModelConfig(**{**values, **changed})


def found(subject: Deployed) -> list[Finding]:
    return [
        each
        for each in check_all((*FIT_RULES, *COMPUTE_RULES), subject)
        if each.severity is not Severity.INFO
    ]


def the_one(subject: Deployed) -> Finding:
    (finding,) = found(subject)
    return finding


def rules(subject: Deployed) -> list[str]:
    return [finding.rule for finding in found(subject)]


def test_what_fits_is_told_in_one_line() -> None:
    (finding,) = check_all(FIT_RULES, a_deployment(a_model()))

    assert (finding.rule, finding.severity) == ("model-fit", Severity.INFO)
    assert "38,193 tokens" in finding.what
    assert "4.6 of 8,192" in finding.what


def test_nothing_is_said_without_a_lock_file() -> None:
    assert found(a_deployment(None)) == []


def test_nothing_is_said_of_a_type_that_the_table_lacks() -> None:
    assert found(a_deployment(a_model(800), instance_type="ml.g99.large")) == []


def test_too_large_weights_are_an_error_that_proposes_the_smallest_types_of_the_region() -> None:
    finding = the_one(a_deployment(a_model(14), region="eu-central-1"))

    assert (finding.rule, finding.severity) == ("model-too-large", Severity.ERROR)
    assert (finding.path, finding.got) == ("instance_type", "ml.g5.2xlarge")
    assert finding.fix.startswith("the smallest that fit in eu-central-1: ml.")
    assert "tokens" in finding.fix


def test_a_model_that_no_type_holds_has_no_proposal() -> None:
    first, *_ = found(a_deployment(a_model(9000)))

    assert "no single instance" in first.fix


def test_a_context_that_does_not_fit_is_an_error_that_names_the_one_that_does() -> None:
    long = a_model(config=config(max_position_embeddings=131_072))

    finding = the_one(a_deployment(long))

    assert (finding.rule, finding.severity) == ("context-too-long", Severity.ERROR)
    assert finding.path == "serving.max_total_tokens"
    assert finding.got == "131,072, the model's own"
    assert finding.allowed.startswith("at most 38,")
    assert "max_total_tokens=37888" in finding.fix


def test_the_context_that_is_proposed_fits() -> None:
    long = a_model(config=config(max_position_embeddings=131_072))
    options = ServingOptions(max_total_tokens=37_888)

    assert rules(a_deployment(long, options=options)) == ["few-sequences"]


@pytest.mark.parametrize(
    ("engine", "said"),
    [("sglang", ["few-sequences"]), ("tgi", []), ("lmi", ["context-too-long"])],
)
def test_a_long_context_is_refused_by_some_engines_only(engine: str, said: list[str]) -> None:
    long = a_model(config=config(max_position_embeddings=131_072))

    assert rules(a_deployment(long, engine)) == said


def test_few_long_sequences_are_a_warning() -> None:
    finding = the_one(a_deployment(a_model(config=config(max_position_embeddings=16_384))))

    assert (finding.rule, finding.severity) == ("few-sequences", Severity.WARNING)
    assert "2.3 of 16,384" in finding.what


def test_weights_that_a_cpu_cannot_hold_are_an_error() -> None:
    finding = the_one(a_deployment(a_model(12), "toolkit", "ml.m5.xlarge"))

    assert (finding.rule, finding.severity) == ("host-memory-too-small", Severity.ERROR)
    assert "GPU" in finding.fix


def test_a_copy_for_each_worker_is_a_warning_unless_their_number_is_told() -> None:
    small = a_model(3)
    env = {"SAGEMAKER_MODEL_SERVER_WORKERS": "1"}

    finding = the_one(a_deployment(small, "toolkit", "ml.m5.xlarge"))

    assert (finding.rule, finding.severity) == ("workers-fill-host-memory", Severity.WARNING)
    assert found(a_deployment(small, "toolkit", "ml.m5.xlarge", env=env)) == []


@pytest.mark.parametrize(("name", "said"), [("model.bin", 1), ("model.safetensors", 0)])
def test_a_pickle_larger_than_the_hosts_memory_is_a_warning(name: str, said: int) -> None:
    large = a_model(files=(LockedFile(path=name, size=17 * GIB),))

    warnings = rules(a_deployment(large, instance_type="ml.g5.xlarge")).count(
        "pickles-fill-host-memory"
    )

    assert warnings == said


@pytest.mark.parametrize(("compressed", "said"), [(True, ["disk-too-small"]), (False, [])])
def test_an_archive_needs_its_room_twice(compressed: bool, said: list[str]) -> None:
    data = ModelData(uri="s3://bucket/model.tar.gz", compressed=compressed)
    small = a_model(4, config=ModelConfig(architectures=("BertModel",)))

    subject = a_deployment(
        small,
        "toolkit",
        "ml.m5.4xlarge",
        model_data=data,
        volume_size_gib=10,
        env={"SAGEMAKER_MODEL_SERVER_WORKERS": "1"},
    )

    assert rules(subject) == said


def test_a_disk_whose_size_is_left_open_is_not_judged() -> None:
    subject = a_deployment(a_model(12), "toolkit", "ml.m5.2xlarge")

    assert "disk-too-small" not in rules(subject)


def test_heads_that_all_gpus_cannot_share_are_an_error_that_names_the_degree() -> None:
    odd = a_model(config=config(num_attention_heads=28, num_key_value_heads=4))

    finding = the_one(a_deployment(odd, instance_type="ml.g5.48xlarge"))

    assert (finding.rule, finding.severity) == ("heads-not-divisible", Severity.ERROR)
    assert finding.got == "8, all GPUs of the type"
    assert "28 heads and 4 of keys and values" in finding.what
    assert finding.fix == "serving=ServingOptions(tensor_parallel_degree=4)"


def test_a_degree_in_the_environment_counts() -> None:
    odd = a_model(config=config(num_attention_heads=28, num_key_value_heads=4))
    env = {"SM_VLLM_TENSOR_PARALLEL_SIZE": "4"}

    assert found(a_deployment(odd, instance_type="ml.g5.48xlarge", env=env)) == []


@pytest.mark.parametrize("engine", ["vllm", "lmi", "sglang"])
def test_a_context_longer_than_the_models_is_an_error(engine: str) -> None:
    options = ServingOptions(max_total_tokens=10_000)

    finding = the_one(a_deployment(a_model(), engine, "ml.g5.12xlarge", options=options))

    assert (finding.rule, finding.severity) == ("context-beyond-model", Severity.ERROR)
    assert (finding.got, finding.allowed) == ("10,000", "at most 8,192")


@pytest.mark.parametrize(
    ("engine", "env"),
    [
        ("tgi", {}),
        ("vllm", {"VLLM_ALLOW_LONG_MAX_MODEL_LEN": "1"}),
        ("vllm", {"SM_VLLM_ROPE_SCALING": "{}"}),
        ("vllm", {"SM_VLLM_HF_OVERRIDES": "{}"}),
    ],
)
def test_a_longer_context_passes_where_the_engine_is_told_to_take_it(
    engine: str, env: dict[str, str]
) -> None:
    options = ServingOptions(max_total_tokens=10_000)

    assert found(a_deployment(a_model(), engine, "ml.g5.12xlarge", options=options, env=env)) == []


def test_bfloat16_that_is_asked_of_a_t4_is_an_error() -> None:
    options = ServingOptions(dtype="bfloat16")

    finding = the_one(a_deployment(a_model(3), instance_type="ml.g4dn.12xlarge", options=options))

    assert (finding.rule, finding.severity) == ("bfloat16-on-old-gpu", Severity.ERROR)
    assert "float16" in finding.fix


def test_weights_in_bfloat16_on_a_t4_are_a_warning() -> None:
    finding = the_one(a_deployment(a_model(3), instance_type="ml.g4dn.12xlarge"))

    assert (finding.rule, finding.severity) == ("bfloat16-becomes-float16", Severity.WARNING)


def test_saying_float16_settles_it() -> None:
    options = ServingOptions(dtype="float16")

    assert found(a_deployment(a_model(3), instance_type="ml.g4dn.12xlarge", options=options)) == []


@pytest.mark.parametrize(
    ("engine", "said"), [("vllm", ["float16-refused"]), ("lmi", ["float16-refused"]), ("tgi", [])]
)
def test_vllm_refuses_float16_for_some_models(engine: str, said: list[str]) -> None:
    gemma = a_model(3, config=config(model_type="gemma2"))

    assert rules(a_deployment(gemma, engine, options=ServingOptions(dtype="float16"))) == said


@pytest.mark.parametrize(
    ("method", "instance_type", "said"),
    [
        ("fp8", "ml.g4dn.12xlarge", ["quantization-on-old-gpu"]),
        ("mxfp4", "ml.g4dn.12xlarge", ["quantization-on-old-gpu"]),
        ("awq", "ml.g4dn.12xlarge", []),
        ("fp8", "ml.g5.12xlarge", ["fp8-without-hardware"]),
        ("fp8", "ml.p4d.24xlarge", ["fp8-without-hardware"]),
        ("fp8", "ml.g6.12xlarge", []),
        ("gptq", "ml.g5.12xlarge", []),
    ],
)
def test_old_gpus_do_not_know_new_numbers(method: str, instance_type: str, said: list[str]) -> None:
    quantized = a_model(3, config=config(quantization_method=method, dtype="float16"))

    assert rules(a_deployment(quantized, instance_type=instance_type)) == said


def test_quantizing_to_fp8_when_loading_needs_the_same_gpus() -> None:
    options = ServingOptions(quantization="fp8", dtype="float16")

    assert rules(a_deployment(a_model(3), instance_type="ml.g4dn.12xlarge", options=options)) == [
        "quantization-on-old-gpu"
    ]


@pytest.mark.parametrize(
    ("word", "said"), [("awq", ["quantization-of-plain-weights"]), ("bitsandbytes", [])]
)
def test_some_quantizations_cannot_be_made_when_loading(word: str, said: list[str]) -> None:
    assert rules(a_deployment(a_model(), options=ServingOptions(quantization=word))) == said


@pytest.mark.parametrize(
    ("engine", "instance_type", "degree", "idle"),
    [
        ("vllm", "ml.g5.12xlarge", 1, 3),
        ("sglang", "ml.g5.12xlarge", 2, 2),
        ("tgi", "ml.g5.48xlarge", 4, 4),
        ("tei", "ml.g5.12xlarge", None, 3),
        ("vllm", "ml.g5.12xlarge", None, 0),
        ("lmi", "ml.g5.12xlarge", 1, 0),
        ("lmi", "ml.g5.12xlarge", 3, 1),
        ("toolkit", "ml.g5.12xlarge", None, 0),
        ("toolkit", "ml.m5.xlarge", None, 0),
    ],
)
def test_gpus_that_no_copy_of_the_model_uses_are_a_warning(
    engine: str, instance_type: str, degree: int | None, idle: int
) -> None:
    options = ServingOptions(tensor_parallel_degree=degree)

    subject = a_deployment(None, engine, instance_type, options=options)
    said = [finding.what for finding in check_all((tensor_parallel_idle,), subject)]

    assert [what.split()[1] for what in said] == [str(idle)] * bool(idle)


def test_copies_that_are_served_beside_each_other_leave_no_gpu_idle() -> None:
    options = ServingOptions(tensor_parallel_degree=1)
    env = {"SM_VLLM_DATA_PARALLEL_SIZE": "4"}

    subject = a_deployment(None, "vllm", "ml.g5.12xlarge", options=options, env=env)

    assert check_all((tensor_parallel_idle,), subject) == []
