"""What the linter says of a variable's name: misspelt, of another engine, or nobody's."""

from __future__ import annotations

import pytest

from engine.environments import TOKEN, findings, rules
from sagemaker_model.checks.finding import Severity
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.engine.shared_variables import SHARED_VARIABLES
from sagemaker_model.engine.unknown import Unknown


@pytest.mark.parametrize(
    ("engine", "name", "meant"),
    [
        ("tgi", "MAX_TOTEL_TOKENS", "MAX_TOTAL_TOKENS"),
        ("tgi", "MAX_INPUT_LENGHT", "MAX_INPUT_LENGTH"),
        ("tgi", "SM_NUM_GPU", "SM_NUM_GPUS"),
        ("tgi", "HF_MODLE_ID", "HF_MODEL_ID"),
        ("tgi", "sm_num_gpus", "SM_NUM_GPUS"),
        ("vllm", "SM_VLLM_MAX_MODLE_LEN", "SM_VLLM_MAX_MODEL_LEN"),
        ("vllm", "SM_VLLM_MAX_MODEL_LENGTH", "SM_VLLM_MAX_MODEL_LEN"),
        ("vllm", "SM_VLM_MAX_MODEL_LEN", "SM_VLLM_MAX_MODEL_LEN"),
        ("vllm", "MAX_MODEL_LEN", "SM_VLLM_MAX_MODEL_LEN"),
        ("sglang", "SM_SGLANG_CONTEXT_LENGHT", "SM_SGLANG_CONTEXT_LENGTH"),
        ("lmi", "OPTION_MAX_MODLE_LEN", "OPTION_MAX_MODEL_LEN"),
        ("lmi", "TENSOR_PARALEL_DEGREE", "TENSOR_PARALLEL_DEGREE"),
        ("tei", "MAX_BATCH_TOKEN", "MAX_BATCH_TOKENS"),
        ("toolkit", "HF_TAKS", "HF_TASK"),
        ("toolkit", "SAGEMKER_PROGRAM", None),
        ("toolkit", "HF_TRUST_REMOT_CODE", "HF_TRUST_REMOTE_CODE"),
        ("toolkit", "MMS_DEFAULT_RESPONSE_TIMOUT", "MMS_DEFAULT_RESPONSE_TIMEOUT"),
    ],
)
def test_a_misspelt_variable_is_an_error_that_names_the_one_that_was_meant(
    engine: str, name: str, meant: str | None
) -> None:
    expected = [] if meant is None else [("environment-misspelt", f"did you mean {meant}?")]

    assert [(each.rule, each.fix) for each in findings(engine, {name: "1"})] == expected


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        ("toolkit", "MMS_DEFAULT_WORKERS_PER_MODEL"),
        ("toolkit", "SAGEMAKER_MODEL_SERVER_WORKERS"),
        ("vllm", "VLLM_ATTENTION_BACKEND"),
        ("vllm", "SM_VLLM_NO_ENABLE_PREFIX_CACHING"),
        ("vllm", "NCCL_DEBUG"),
        ("tgi", "http_proxy"),
        ("lmi", "OPTION_GPU_MEMORY_UTILIZATION"),
        ("lmi", "SERVING_JOB_QUEUE_SIZE"),
        ("sglang", "SM_SGLANG_TENSOR_PARALLEL_SIZE"),
        ("llama-cpp", "SM_LLAMA_CPP_ANYTHING"),
    ],
)
def test_a_variable_that_is_read_is_fine(engine: str, name: str) -> None:
    assert findings(engine, {name: "1"}) == []


@pytest.mark.parametrize(
    "name", ["XPATH", "MY_HF_TOKEN_NAME", "TABLE_NAME", "BUCKET", "MODEL_NAME", "MY_MODEL_ID"]
)
@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_a_variable_of_the_users_own_code_is_fine(engine: Engine, name: str) -> None:
    assert findings(engine, {name: "x"}) == []


@pytest.mark.parametrize("engine", [*ENGINES, Unknown()], ids=lambda engine: engine.name)
def test_no_variable_of_an_engine_itself_is_called_misspelt_or_foreign(engine: Engine) -> None:
    names = engine.variables | engine.model_variables | SHARED_VARIABLES
    names |= {prefix + flag for prefix in engine.prefixes for flag in engine.flags()}

    found = {rule for name in names for rule in rules(engine, {name: TOKEN})}

    assert found <= {"environment-port"}


@pytest.mark.parametrize(
    "flag", ["DISABLE_LOG_REQUESTS", "SWAP_SPACE", "GUIDED_DECODING_BACKEND", "BRAND_NEW_THING"]
)
def test_a_flag_of_an_older_or_newer_server_is_a_warning(flag: str) -> None:
    (finding,) = findings("vllm", {f"SM_VLLM_{flag}": "1"})

    assert (finding.rule, finding.severity) == ("environment-unknown-flag", Severity.WARNING)


@pytest.mark.parametrize(
    ("engine", "name", "instead"),
    [
        ("vllm", "SM_NUM_GPUS", "use SM_VLLM_TENSOR_PARALLEL_SIZE"),
        ("vllm", "MAX_TOTAL_TOKENS", "use SM_VLLM_MAX_MODEL_LEN"),
        ("vllm", "QUANTIZE", "use SM_VLLM_QUANTIZATION"),
        ("vllm", "OPTION_MAX_MODEL_LEN", "use SM_VLLM_MAX_MODEL_LEN"),
        ("tgi", "SM_VLLM_MAX_MODEL_LEN", "use MAX_TOTAL_TOKENS"),
        ("tgi", "SM_VLLM_NEVER_HEARD_OF", "leave it out"),
        ("sglang", "HF_MODEL_ID", "leave it out"),
        ("lmi", "MAX_TOTAL_TOKENS", "use OPTION_MAX_MODEL_LEN"),
        ("lmi-tensorrtllm", "MAX_INPUT_LENGTH", "use OPTION_MAX_INPUT_LEN"),
        ("toolkit", "HF_MODEL_TRUST_REMOTE_CODE", "use HF_TRUST_REMOTE_CODE"),
    ],
)
def test_a_variable_of_another_engine_is_a_warning_that_names_this_engines_own(
    engine: str, name: str, instead: str
) -> None:
    (finding,) = findings(engine, {name: "1"})

    assert (finding.rule, finding.severity) == ("environment-of-another-engine", Severity.WARNING)
    assert finding.fix == instead


def test_a_container_that_nobody_knows_may_read_any_variable() -> None:
    assert findings(Unknown(), {"SM_NUM_GPUS": "4", "SM_VLLM_DTYPE": "x", "OWN": "1"}) == []
