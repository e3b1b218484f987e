"""What the linter says of a container's environment."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES, Environment
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.rule import check_all
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.engines import ENGINES, find_engine
from sagemaker_model.engine.shared_variables import SHARED_VARIABLES
from sagemaker_model.engine.unknown import Unknown

TOKEN = "${Token[TypeRef.12]}"
HF_TOKEN = "hf_" + "a" * 34


def findings(
    engine: str | Engine,
    user: Mapping[str, object],
    *,
    rendered: Mapping[str, str] | None = None,
    mounted: bool = False,
) -> list[Finding]:
    found = find_engine(engine) if isinstance(engine, str) else engine
    environment = Environment(engine=found, user=user, rendered=rendered or {}, mounted=mounted)
    return check_all(ENVIRONMENT_RULES, environment)


def rules(engine: str | Engine, user: Mapping[str, object], **more: object) -> list[str]:
    rendered = more.get("rendered")
    assert rendered is None or isinstance(rendered, Mapping)
    found = findings(engine, user, rendered=rendered, mounted=bool(more.get("mounted")))
    return [finding.rule for finding in found]


# environment-name


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A.B", "Ä", "A\n", "A" * 1025])
def test_a_name_that_sagemaker_refuses_is_an_error(name: str) -> None:
    (finding,) = findings("tei", {name: "x"})

    assert (finding.rule, finding.severity) == ("environment-name", Severity.ERROR)
    assert repr(name) in finding.got


@pytest.mark.parametrize("name", ["_", "a", "MY_VARIABLE_2", "A" * 1024])
def test_a_name_that_sagemaker_takes_is_fine(name: str) -> None:
    assert findings("tei", {name: "x"}) == []


# environment-size


def test_a_value_of_1024_bytes_is_fine_and_one_byte_more_is_an_error() -> None:
    assert findings("tei", {"MINE": "x" * 1024}) == []

    (finding,) = findings("tei", {"MINE": "x" * 1025})
    assert (finding.rule, finding.path, finding.got) == (
        "environment-size",
        "env.MINE",
        "1025 bytes",
    )


def test_a_value_is_measured_in_bytes_and_not_in_letters() -> None:
    assert rules("tei", {"MINE": "ä" * 513}) == ["environment-size"]


def test_a_hundred_variables_are_fine_and_one_more_is_an_error() -> None:
    user = {f"MINE_{number}": TOKEN for number in range(99)}
    rendered = {"HF_MODEL_ID": "org/name"}

    assert findings("tei", user, rendered=rendered) == []
    (finding,) = findings("tei", {**user, "ONE_MORE": TOKEN}, rendered=rendered)
    assert (finding.path, finding.got) == ("env", "101 variables")


def test_an_environment_of_more_than_32_kb_is_an_error() -> None:
    user = {f"MINE_{number}": "x" * 1000 for number in range(33)}

    assert [finding.path for finding in findings("tei", user)] == ["env"]


# environment-misspelt


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


# environment-unknown-flag


@pytest.mark.parametrize(
    "flag", ["DISABLE_LOG_REQUESTS", "SWAP_SPACE", "GUIDED_DECODING_BACKEND", "BRAND_NEW_THING"]
)
def test_a_flag_of_an_older_or_newer_server_is_a_warning(flag: str) -> None:
    (finding,) = findings("vllm", {f"SM_VLLM_{flag}": "1"})

    assert (finding.rule, finding.severity) == ("environment-unknown-flag", Severity.WARNING)


# environment-of-another-engine


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


# environment-holds-a-secret


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MINE", HF_TOKEN),
        ("MINE", f'"{HF_TOKEN}"'),
        ("MINE", f"token={HF_TOKEN}, more"),
        ("MINE", "AKIA" + "A" * 16),
        ("MINE", "ASIA" + "A" * 16),
        ("MINE", "sk-" + "a" * 30),
        ("MINE", "{{resolve:secretsmanager:name:SecretString:key}}"),
        ("MINE", "{{resolve:ssm-secure:name}}"),
        ("MINE", TOKEN + "{{resolve:secretsmanager:name}}"),
        ("HF_TOKEN", "whatever"),
        ("AWS_SECRET_ACCESS_KEY", "a" * 40),
    ],
)
def test_what_looks_like_a_secret_is_an_error_that_does_not_repeat_it(
    name: str, value: str
) -> None:
    (finding,) = findings("tei", {name: value})

    assert (finding.rule, finding.severity) == ("environment-holds-a-secret", Severity.ERROR)
    assert value not in str(finding)


@pytest.mark.parametrize("name", ["MINE", "HF_TOKEN"])
@pytest.mark.parametrize("value", ["", TOKEN])
def test_an_empty_value_or_a_cdk_token_is_no_secret(name: str, value: str) -> None:
    assert findings("tei", {name: value}) == []


@pytest.mark.parametrize(
    "value", ["hf_transfer", "{{resolve:ssm:plain}}", "arn:aws:s3:::a", "sk-1"]
)
def test_what_only_resembles_a_secret_is_fine(value: str) -> None:
    assert findings("tei", {"MINE": value}) == []


def test_no_rule_repeats_a_secret_that_stands_where_a_model_is_named() -> None:
    rendered = {"HF_MODEL_ID": "org/name", "SM_NUM_GPUS": "4"}
    user = dict.fromkeys(rendered, HF_TOKEN)

    found = findings("tgi", user, rendered=rendered)

    assert len(found) > 2
    assert not any(HF_TOKEN in str(finding) for finding in found)


# environment-model-twice


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        ("toolkit", "HF_MODEL_ID"),
        ("tei", "MODEL_ID"),
        ("tgi", "HF_MODEL_ID"),
        ("vllm", "HF_MODEL_ID"),
        ("vllm", "SM_VLLM_MODEL"),
        ("sglang", "SM_SGLANG_MODEL_PATH"),
        ("lmi", "OPTION_MODEL_ID"),
    ],
)
def test_a_model_named_beside_mounted_weights_is_an_error(engine: str, name: str) -> None:
    rendered = {"HF_MODEL_ID": "/opt/ml/model"} if engine in {"tgi", "lmi"} else {}

    (finding,) = findings(engine, {name: "org/other"}, rendered=rendered, mounted=True)

    assert (finding.rule, finding.severity) == ("environment-model-twice", Severity.ERROR)
    assert finding.got == "org/other"


def test_another_model_than_is_deployed_is_an_error() -> None:
    found = findings("tei", {"HF_MODEL_ID": "org/b"}, rendered={"HF_MODEL_ID": "org/a"})

    assert [finding.rule for finding in found] == ["environment-model-twice"]


@pytest.mark.parametrize("mounted", [True, False])
def test_the_same_model_named_again_or_by_a_token_is_fine(mounted: bool) -> None:
    rendered = {"HF_MODEL_ID": "/opt/ml/model"}

    assert findings("tgi", rendered, rendered=rendered, mounted=mounted) == []
    assert findings("tgi", {"HF_MODEL_ID": TOKEN}, rendered=rendered, mounted=mounted) == []


# environment-overrides


def test_a_variable_that_replaces_one_of_the_library_is_told_with_both_values() -> None:
    (finding,) = findings("tgi", {"SM_NUM_GPUS": "1"}, rendered={"SM_NUM_GPUS": "4"})

    assert (finding.rule, finding.severity) == ("environment-overrides", Severity.INFO)
    assert ("'4'" in finding.what, finding.got) == (True, "1")


@pytest.mark.parametrize("value", ["4", TOKEN])
def test_the_same_value_again_or_a_token_is_not_told(value: str) -> None:
    assert findings("tgi", {"SM_NUM_GPUS": value}, rendered={"SM_NUM_GPUS": "4"}) == []


# environment-port


@pytest.mark.parametrize(
    ("engine", "name"),
    [("tgi", "PORT"), ("tei", "HOSTNAME"), ("vllm", "SM_VLLM_PORT"), ("sglang", "SM_SGLANG_HOST")],
)
def test_a_port_of_ones_own_is_a_warning(engine: str, name: str) -> None:
    (finding,) = findings(engine, {name: "1"})

    assert (finding.rule, finding.severity) == ("environment-port", Severity.WARNING)


# environment-conflict


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("MAX_INPUT_LENGTH", {"MAX_INPUT_LENGTH": "9", "MAX_INPUT_TOKENS": "9"}),
        ("MAX_TOTAL_TOKENS", {"MAX_INPUT_TOKENS": "10", "MAX_TOTAL_TOKENS": "10"}),
        ("MAX_TOTAL_TOKENS", {"MAX_INPUT_LENGTH": "10", "MAX_TOTAL_TOKENS": "9"}),
        ("MAX_BATCH_PREFILL_TOKENS", {"MAX_INPUT_TOKENS": "9", "MAX_BATCH_PREFILL_TOKENS": "8"}),
        ("MAX_BATCH_TOTAL_TOKENS", {"MAX_TOTAL_TOKENS": "9", "MAX_BATCH_TOTAL_TOKENS": "8"}),
        ("DTYPE", {"DTYPE": "float16", "QUANTIZE": "fp8"}),
        ("DTYPE", {"DTYPE": "float16", "HF_MODEL_QUANTIZE": "fp8"}),
    ],
)
def test_what_tgi_refuses_when_it_starts_is_an_error(name: str, user: dict[str, str]) -> None:
    (finding,) = findings("tgi", user)

    assert (finding.rule, finding.severity) == ("environment-conflict", Severity.ERROR)
    assert finding.path == f"env.{name}"


@pytest.mark.parametrize(
    "user",
    [
        {"MAX_INPUT_TOKENS": "9", "MAX_TOTAL_TOKENS": "10", "MAX_BATCH_PREFILL_TOKENS": "9"},
        {"MAX_INPUT_TOKENS": TOKEN, "MAX_TOTAL_TOKENS": "1"},
        {"MAX_INPUT_TOKENS": "9", "MAX_TOTAL_TOKENS": "many"},
        {"MAX_INPUT_TOKENS": "9", "MAX_TOTAL_TOKENS": "²"},
        {"MAX_TOTAL_TOKENS": "9", "MAX_BATCH_TOTAL_TOKENS": "9"},
        {"DTYPE": "float16"},
    ],
)
def test_what_tgi_takes_is_fine(user: dict[str, str]) -> None:
    assert findings("tgi", user) == []


def test_serving_options_that_contradict_each_other_are_found_without_any_variable() -> None:
    rendered = {"DTYPE": "float16", "HF_MODEL_QUANTIZE": "fp8"}

    assert rules("tgi", {}, rendered=rendered) == ["environment-conflict"]


def test_a_limit_of_the_user_is_compared_with_one_of_the_library() -> None:
    rendered = {"MAX_INPUT_TOKENS": "4096"}

    assert rules("tgi", {"MAX_TOTAL_TOKENS": "2048"}, rendered=rendered) == ["environment-conflict"]
    assert rules("tgi", {"MAX_TOTAL_TOKENS": "8192"}, rendered=rendered) == []


def test_a_limit_of_the_library_that_a_token_replaces_is_not_compared() -> None:
    user = {"MAX_INPUT_TOKENS": TOKEN, "MAX_TOTAL_TOKENS": "10"}

    assert findings("tgi", user, rendered={"MAX_INPUT_TOKENS": "4096"}) == []


@pytest.mark.parametrize(
    ("engine", "rendered", "user"),
    [
        ("tgi", {"SM_NUM_GPUS": "4"}, {"NUM_SHARD": "2"}),
        ("tgi", {"HF_MODEL_ID": "org/a"}, {"MODEL_ID": "org/b"}),
        ("lmi", {"TENSOR_PARALLEL_DEGREE": "4"}, {"OPTION_TENSOR_PARALLEL_DEGREE": "2"}),
        ("lmi", {"TENSOR_PARALLEL_DEGREE": "4"}, {"SM_NUM_GPUS": "2"}),
        ("lmi", {"OPTION_MAX_ROLLING_BATCH_SIZE": "8"}, {"OPTION_MAX_NUM_SEQS": "9"}),
        ("sglang", {"SM_SGLANG_TP": "4"}, {"SM_SGLANG_TENSOR_PARALLEL_SIZE": "2"}),
        ("vllm", {"SM_VLLM_MODEL": "org/a"}, {"HF_MODEL_ID": "org/b"}),
    ],
)
def test_one_setting_by_two_names_is_an_error_that_names_both(
    engine: str, rendered: dict[str, str], user: dict[str, str]
) -> None:
    (finding,) = findings(engine, user, rendered=rendered)

    assert (finding.rule, finding.severity) == ("environment-conflict", Severity.ERROR)
    assert all(name in str(finding) for name in (*rendered, *user))


@pytest.mark.parametrize("value", ["4", TOKEN])
def test_one_setting_by_two_names_with_one_value_or_a_token_is_fine(value: str) -> None:
    assert findings("tgi", {"NUM_SHARD": value}, rendered={"SM_NUM_GPUS": "4"}) == []


# environment-lines


@pytest.mark.parametrize(
    "engine", ["huggingface-vllm", "huggingface-vllm-neuron", "sglang", "llama-cpp"]
)
def test_a_value_of_several_lines_is_an_error_where_lines_are_read(engine: str) -> None:
    assert rules(engine, {"MINE": "a\nb"}) == ["environment-lines"]
    assert rules(engine, {"MINE": "a b"}) == []


def test_a_value_of_several_lines_is_fine_where_values_are_read_whole() -> None:
    assert findings("tgi", {"MINE": "a\nb"}) == []


# all of them


NAMES = st.text(max_size=30) | st.sampled_from(
    sorted({name for engine in ENGINES for name in engine.variables | engine.model_variables})
)
VALUES = (
    st.text(max_size=40)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([TOKEN, HF_TOKEN, "{{resolve:secretsmanager:x}}", "9" * 1030])
)


@given(
    engine=st.sampled_from([*ENGINES, Unknown()]),
    user=st.dictionaries(NAMES, VALUES, max_size=8),
    rendered=st.dictionaries(NAMES, st.text(max_size=10), max_size=4),
    mounted=st.booleans(),
)
def test_no_environment_makes_the_linter_fail_or_tell_a_secret(
    engine: Engine, user: dict[str, object], rendered: dict[str, str], mounted: bool
) -> None:
    found = findings(engine, user, rendered=rendered, mounted=mounted)

    assert all(finding.rule.startswith("environment-") for finding in found)
    assert not any(HF_TOKEN in str(finding) for finding in found)


def test_every_rule_has_its_own_id_and_says_what_it_looks_for() -> None:
    ids = [rule.id for rule in ENVIRONMENT_RULES]

    assert len(ids) == len(set(ids))
    assert all(rule.title.endswith(".") for rule in ENVIRONMENT_RULES)
