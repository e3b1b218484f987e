"""What the linter says of an environment: its size, its values, its model and its port."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.environments import HF_TOKEN, TOKEN, findings, rules
from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES
from sagemaker_model.checks.finding import Severity
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.engine.unknown import Unknown


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A.B", "Ä", "A\n", "A" * 1025])
def test_a_name_that_sagemaker_refuses_is_an_error(name: str) -> None:
    (finding,) = findings("tei", {name: "x"})

    assert (finding.rule, finding.severity) == ("environment-name", Severity.ERROR)
    assert repr(name) in finding.got


@pytest.mark.parametrize("name", ["_", "a", "MY_VARIABLE_2", "A" * 1024])
def test_a_name_that_sagemaker_takes_is_fine(name: str) -> None:
    assert findings("tei", {name: "x"}) == []


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


def test_a_variable_that_replaces_one_of_the_library_is_told_with_both_values() -> None:
    (finding,) = findings("tgi", {"SM_NUM_GPUS": "1"}, rendered={"SM_NUM_GPUS": "4"})

    assert (finding.rule, finding.severity) == ("environment-overrides", Severity.INFO)
    assert ("'4'" in finding.what, finding.got) == (True, "1")


@pytest.mark.parametrize("value", ["4", TOKEN])
def test_the_same_value_again_or_a_token_is_not_told(value: str) -> None:
    assert findings("tgi", {"SM_NUM_GPUS": value}, rendered={"SM_NUM_GPUS": "4"}) == []


@pytest.mark.parametrize(
    ("engine", "name"),
    [("tgi", "PORT"), ("tei", "HOSTNAME"), ("vllm", "SM_VLLM_PORT"), ("sglang", "SM_SGLANG_HOST")],
)
def test_a_port_of_ones_own_is_a_warning(engine: str, name: str) -> None:
    (finding,) = findings(engine, {name: "1"})

    assert (finding.rule, finding.severity) == ("environment-port", Severity.WARNING)


@pytest.mark.parametrize(
    "engine", ["huggingface-vllm", "huggingface-vllm-neuron", "sglang", "llama-cpp"]
)
def test_a_value_of_several_lines_is_an_error_where_lines_are_read(engine: str) -> None:
    assert rules(engine, {"MINE": "a\nb"}) == ["environment-lines"]
    assert rules(engine, {"MINE": "a b"}) == []


def test_a_value_of_several_lines_is_fine_where_values_are_read_whole() -> None:
    assert findings("tgi", {"MINE": "a\nb"}) == []


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
