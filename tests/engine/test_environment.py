"""What each engine is told of the model it serves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.served_models import COMMIT, HUB, MODEL
from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES, Environment
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import check_all
from sagemaker_model.engine.engine import Engine, ServedModel
from sagemaker_model.engine.engines import ENGINES, find_engine
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.engine.unknown import Unknown

MOUNTED = ServedModel(model_id=MODEL, revision=COMMIT, gpus=4, mounted=True)


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


@pytest.mark.parametrize("gpus", [None, 0])
@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_without_gpus_no_engine_is_told_to_split_the_model(
    engine: Engine, gpus: int | None
) -> None:
    variables = engine.environment(replace(HUB, gpus=gpus))

    assert set(variables.values()) <= {MODEL, COMMIT}


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
