"""What each engine is told of the neutral serving options."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from engine.served_models import HUB, MODEL
from sagemaker_model.engine.engine import Engine, ServedModel
from sagemaker_model.engine.engines import ENGINES, find_engine
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.engine.unknown import Unknown

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


def test_hugging_face_sglang_is_told_a_switch_without_a_value() -> None:
    options = ServingOptions(trust_remote_code=True)
    served = ServedModel(model_id=MODEL, options=options)

    variables = find_engine("huggingface-sglang").environment(served)

    assert variables["SM_SGLANG_TRUST_REMOTE_CODE"] == ""


def test_the_users_degree_goes_before_the_gpus_of_the_instance() -> None:
    served = replace(HUB, options=ServingOptions(tensor_parallel_degree=2))

    assert find_engine("tgi").environment(served)["SM_NUM_GPUS"] == "2"
