"""What each engine is told of the model it serves."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES, Environment
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import check_all
from sagemaker_model.engine.engine import Engine, ServedModel
from sagemaker_model.engine.engines import ENGINES, find_engine
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.engine.unknown import Unknown

MODEL = "Qwen/Qwen2.5-7B-Instruct"
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
HUB = ServedModel(model_id=MODEL, revision=COMMIT, gpus=4)
MOUNTED = ServedModel(model_id=MODEL, revision=COMMIT, gpus=4, mounted=True)
EVERYTHING = ServingOptions(
    tensor_parallel_degree=2,
    max_input_tokens=1000,
    max_total_tokens=2000,
    max_batch_size=8,
    quantization="fp8",
    dtype="bfloat16",
    trust_remote_code=True,
)
FULL = ServedModel(model_id=MODEL, gpus=4, options=EVERYTHING)


@pytest.mark.parametrize(
    ("engine", "variables"),
    [
        ("tgi", {"HF_MODEL_ID": MODEL, "HF_MODEL_REVISION": COMMIT, "SM_NUM_GPUS": "4"}),
        ("tgi-neuron", {"HF_MODEL_ID": MODEL, "HF_MODEL_REVISION": COMMIT}),
        ("lmi", {"HF_MODEL_ID": MODEL, "HF_REVISION": COMMIT, "TENSOR_PARALLEL_DEGREE": "4"}),
        (
            "vllm",
            {
                "SM_VLLM_MODEL": MODEL,
                "SM_VLLM_REVISION": COMMIT,
                "SM_VLLM_TOKENIZER_REVISION": COMMIT,
                "SM_VLLM_CODE_REVISION": COMMIT,
                "SM_VLLM_TENSOR_PARALLEL_SIZE": "4",
            },
        ),
        (
            "huggingface-vllm",
            {
                "HF_MODEL_ID": MODEL,
                "SM_VLLM_REVISION": COMMIT,
                "SM_VLLM_TOKENIZER_REVISION": COMMIT,
                "SM_VLLM_CODE_REVISION": COMMIT,
                "SM_VLLM_TENSOR_PARALLEL_SIZE": "4",
            },
        ),
        ("huggingface-vllm-neuron", {"SM_ON_MODEL": MODEL, "SM_ON_REVISION": COMMIT}),
        (
            "sglang",
            {"SM_SGLANG_MODEL_PATH": MODEL, "SM_SGLANG_REVISION": COMMIT, "SM_SGLANG_TP": "4"},
        ),
        ("tei", {"HF_MODEL_ID": MODEL, "HF_MODEL_REVISION": COMMIT}),
        ("toolkit", {"HF_MODEL_ID": MODEL, "HF_MODEL_REVISION": COMMIT}),
        ("llama-cpp", {"SM_LLAMA_CPP_HF_REPO": MODEL}),
    ],
)
def test_a_model_from_the_hub_is_named_with_its_revision_and_gpus(
    engine: str, variables: dict[str, str]
) -> None:
    assert find_engine(engine).environment(HUB) == variables


@pytest.mark.parametrize(
    ("engine", "variables"),
    [
        ("tgi", {"HF_MODEL_ID": "/opt/ml/model", "SM_NUM_GPUS": "4"}),
        ("tgi-neuron", {"HF_MODEL_ID": "/opt/ml/model"}),
        ("lmi", {"HF_MODEL_ID": "/opt/ml/model", "TENSOR_PARALLEL_DEGREE": "4"}),
        ("vllm", {"SM_VLLM_MODEL": "/opt/ml/model", "SM_VLLM_TENSOR_PARALLEL_SIZE": "4"}),
        (
            "huggingface-vllm",
            {"SM_VLLM_MODEL": "/opt/ml/model", "SM_VLLM_TENSOR_PARALLEL_SIZE": "4"},
        ),
        ("huggingface-vllm-neuron", {"SM_ON_MODEL": "/opt/ml/model"}),
        ("sglang", {"SM_SGLANG_MODEL_PATH": "/opt/ml/model", "SM_SGLANG_TP": "4"}),
        ("tei", {}),
        ("toolkit", {}),
        ("llama-cpp", {}),
    ],
)
def test_mounted_weights_are_served_and_never_the_copy_on_the_hub(
    engine: str, variables: dict[str, str]
) -> None:
    assert find_engine(engine).environment(MOUNTED) == variables


@pytest.mark.parametrize(
    ("engine", "variables"),
    [
        (
            "tgi",
            {
                "HF_MODEL_ID": MODEL,
                "SM_NUM_GPUS": "2",
                "MAX_INPUT_TOKENS": "1000",
                "MAX_TOTAL_TOKENS": "2000",
                "MAX_CONCURRENT_REQUESTS": "8",
                "HF_MODEL_QUANTIZE": "fp8",
                "DTYPE": "bfloat16",
                "HF_MODEL_TRUST_REMOTE_CODE": "true",
            },
        ),
        (
            "lmi",
            {
                "HF_MODEL_ID": MODEL,
                "TENSOR_PARALLEL_DEGREE": "2",
                "OPTION_MAX_MODEL_LEN": "2000",
                "OPTION_MAX_ROLLING_BATCH_SIZE": "8",
                "OPTION_QUANTIZE": "fp8",
                "OPTION_DTYPE": "bfloat16",
                "HF_MODEL_TRUST_REMOTE_CODE": "true",
            },
        ),
        (
            "vllm",
            {
                "SM_VLLM_MODEL": MODEL,
                "SM_VLLM_TENSOR_PARALLEL_SIZE": "2",
                "SM_VLLM_MAX_MODEL_LEN": "2000",
                "SM_VLLM_MAX_NUM_SEQS": "8",
                "SM_VLLM_QUANTIZATION": "fp8",
                "SM_VLLM_DTYPE": "bfloat16",
                "SM_VLLM_TRUST_REMOTE_CODE": "true",
            },
        ),
        (
            "sglang",
            {
                "SM_SGLANG_MODEL_PATH": MODEL,
                "SM_SGLANG_TP": "2",
                "SM_SGLANG_CONTEXT_LENGTH": "2000",
                "SM_SGLANG_MAX_RUNNING_REQUESTS": "8",
                "SM_SGLANG_QUANTIZATION": "fp8",
                "SM_SGLANG_DTYPE": "bfloat16",
                "SM_SGLANG_TRUST_REMOTE_CODE": "true",
            },
        ),
        (
            "tei",
            {"HF_MODEL_ID": MODEL, "MAX_CONCURRENT_REQUESTS": "8", "DTYPE": "bfloat16"},
        ),
        ("toolkit", {"HF_MODEL_ID": MODEL, "HF_TRUST_REMOTE_CODE": "true"}),
    ],
)
def test_every_engine_is_told_the_options_in_its_own_variables(
    engine: str, variables: dict[str, str]
) -> None:
    assert find_engine(engine).environment(FULL) == variables


@pytest.mark.parametrize(
    ("engine", "options"),
    [
        ("tgi", ()),
        ("vllm", ("max_input_tokens",)),
        ("huggingface-vllm", ("max_input_tokens",)),
        ("sglang", ("max_input_tokens",)),
        ("lmi", ("max_input_tokens",)),
        ("lmi-tensorrtllm", ("max_total_tokens",)),
        (
            "tei",
            (
                "tensor_parallel_degree",
                "max_input_tokens",
                "max_total_tokens",
                "quantization",
                "trust_remote_code",
            ),
        ),
        (
            "toolkit",
            (
                "tensor_parallel_degree",
                "max_input_tokens",
                "max_total_tokens",
                "max_batch_size",
                "quantization",
                "dtype",
            ),
        ),
    ],
)
def test_an_option_that_an_engine_does_not_have_is_named(
    engine: str, options: tuple[str, ...]
) -> None:
    assert find_engine(engine).unsupported(FULL) == options


@pytest.mark.parametrize("engine", [*ENGINES, Unknown()], ids=lambda engine: engine.name)
@pytest.mark.parametrize("option", [option.name for option in fields(ServingOptions)])
def test_no_option_vanishes_without_a_word(engine: Engine, option: str) -> None:
    given_option = {option: getattr(EVERYTHING, option)}
    with_option = ServedModel(model_id=MODEL, options=ServingOptions(**given_option))

    told = engine.environment(with_option) != engine.environment(ServedModel(model_id=MODEL))

    assert told is (option not in engine.unsupported(with_option))


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("1.4.5", "MAX_INPUT_LENGTH"),
        ("2.0.0", "MAX_INPUT_TOKENS"),
        ("3.3.6", "MAX_INPUT_TOKENS"),
        (None, "MAX_INPUT_TOKENS"),
    ],
)
def test_tgi_called_the_longest_input_otherwise_before_2_0(version: str | None, name: str) -> None:
    served = replace(HUB, version=version, options=ServingOptions(max_input_tokens=10))

    variables = find_engine("tgi").environment(served)

    assert {key for key in variables if key.startswith("MAX_INPUT")} == {name}


@pytest.mark.parametrize(
    ("version", "model", "switch"),
    [
        ("0.21.0", "SM_VLLM_MODEL", ""),
        ("0.22.1", "HF_MODEL_ID", "true"),
        (None, "HF_MODEL_ID", "true"),
    ],
)
def test_hugging_face_vllm_knows_its_model_variable_and_switches_since_0_22_1(
    version: str | None, model: str, switch: str
) -> None:
    options = ServingOptions(trust_remote_code=True)
    served = ServedModel(model_id=MODEL, version=version, options=options)

    assert find_engine("huggingface-vllm").environment(served) == {
        model: MODEL,
        "SM_VLLM_TRUST_REMOTE_CODE": switch,
    }


def test_hugging_face_sglang_is_told_a_switch_without_a_value() -> None:
    options = ServingOptions(trust_remote_code=True)
    served = ServedModel(model_id=MODEL, options=options)

    variables = find_engine("huggingface-sglang").environment(served)

    assert variables["SM_SGLANG_TRUST_REMOTE_CODE"] == ""


@pytest.mark.parametrize("gpus", [None, 0])
@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_without_gpus_no_engine_is_told_to_split_the_model(
    engine: Engine, gpus: int | None
) -> None:
    variables = engine.environment(replace(HUB, gpus=gpus))

    assert set(variables.values()) <= {MODEL, COMMIT}


def test_the_users_degree_goes_before_the_gpus_of_the_instance() -> None:
    served = replace(HUB, options=ServingOptions(tensor_parallel_degree=2))

    assert find_engine("tgi").environment(served)["SM_NUM_GPUS"] == "2"


@pytest.mark.parametrize("mounted", [True, False])
def test_an_unknown_container_is_told_the_model_only_if_it_must_download_it(mounted: bool) -> None:
    served = replace(HUB, mounted=mounted)

    told = {} if mounted else {"HF_MODEL_ID": MODEL, "HF_MODEL_REVISION": COMMIT}

    assert Unknown().environment(served) == told


def options() -> st.SearchStrategy[ServingOptions]:
    tokens = st.integers(1, 10**6)
    return st.builds(
        ServingOptions,
        tensor_parallel_degree=st.none() | st.integers(1, 16),
        max_input_tokens=st.none() | tokens,
        max_total_tokens=st.none() | tokens.map(lambda count: count + 10**6),
        max_batch_size=st.none() | tokens,
        quantization=st.none() | st.sampled_from(["fp8", "awq"]),
        dtype=st.none() | st.sampled_from(["float16", "bfloat16"]),
        trust_remote_code=st.booleans(),
    )


SERVED = st.builds(
    ServedModel,
    model_id=st.just(MODEL),
    revision=st.sampled_from([None, COMMIT, "main"]),
    mounted=st.booleans(),
    gpus=st.sampled_from([None, 0, 1, 4, 8]),
    version=st.sampled_from([None, "0.6.0", "0.21.0", "0.22.1", "1.4.5", "3.3.6"]),
    options=options(),
)


@given(engine=st.sampled_from(ENGINES), served=SERVED)
def test_what_an_engine_is_told_passes_the_linter_for_that_engine(
    engine: Engine, served: ServedModel
) -> None:
    variables = engine.environment(served)
    environment = Environment(
        engine=engine, user=variables, rendered=variables, mounted=served.mounted
    )

    findings = check_all(ENVIRONMENT_RULES, environment)

    both = {"DTYPE", "HF_MODEL_QUANTIZE"} <= variables.keys()
    assert [finding.path for finding in findings] == (["env.DTYPE"] if both else [])
    assert all(finding.severity is Severity.ERROR for finding in findings)
    assert not any("\n" in value for value in variables.values())
