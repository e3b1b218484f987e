"""Each cause is known by what its programs say, and by nothing else that they say."""

import pytest

from sagemaker_model.checks.code_rules import CODE_RULES
from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES
from sagemaker_model.checks.requirement_rules import REQUIREMENT_RULES
from sagemaker_model.checks.rules import RULES
from sagemaker_model.why.causes import CAUSES
from sagemaker_model.why.diagnose import diagnose
from sagemaker_model.why.evidence import Evidence, Said
from why.said import PING, SAID, SOUND

RULE_IDS = {each.id for each in (*RULES, *ENVIRONMENT_RULES, *CODE_RULES, *REQUIREMENT_RULES)}


def causes(*container: str, failed: str = "") -> list[str]:
    """Return the ids of the causes that lines of a container and an event tell of."""
    evidence = Evidence(
        container=tuple(Said("the container", line) for line in container),
        failed=(Said("CloudFormation", failed),) if failed else (),
    )
    return [each.cause.id for each in diagnose(evidence)]


@pytest.mark.parametrize(
    ("cause", "text"),
    [(cause, text) for cause, _, text in SAID],
    ids=[f"{cause}-{by}-{index}" for index, (cause, by, _) in enumerate(SAID)],
)
def test_a_cause_is_known_by_what_is_said(cause: str, text: str) -> None:
    assert causes(text)[:1] == [cause]


def test_every_cause_has_words_that_are_tried() -> None:
    assert {cause.id for cause in CAUSES} == {cause for cause, _, _ in SAID}


def test_a_cause_has_one_place_in_the_table() -> None:
    assert len({cause.id for cause in CAUSES}) == len(CAUSES)


@pytest.mark.parametrize("text", SOUND, ids=range(len(SOUND)))
def test_what_a_sound_container_says_is_no_cause(text: str) -> None:
    assert causes(text) == []


def test_what_the_container_said_explains_that_it_was_not_ready() -> None:
    told = causes("torch.OutOfMemoryError: CUDA out of memory.", failed=PING)

    assert told == ["context-does-not-fit", "too-slow"]


def test_of_two_causes_in_one_log_the_first_is_the_answer() -> None:
    full, missing = "OSError: [Errno 28] No space left", "ModuleNotFoundError: No module named 'a'"

    assert causes(full, missing) == ["disk-full", "handler-missing"]
    assert causes(missing, full) == ["handler-missing", "disk-full"]


def test_a_warning_explains_nothing_where_a_mistake_was_said() -> None:
    warned = "WARNING 06-19 11:30:19 [import_utils.py] No module named 'vllm._C'"
    failed = "ValueError: No available memory for the cache blocks."

    assert causes(warned, failed) == ["context-does-not-fit", "handler-missing"]


def test_a_cause_is_told_by_its_mistake_rather_than_by_a_warning_before_it() -> None:
    warned, failed = "WARNING: no space left on device", "OSError: no space left on device"

    evidence = Evidence(container=(Said("the container", warned), Said("the container", failed)))

    assert [each.said.text for each in diagnose(evidence)] == [failed]


def test_a_gated_model_is_told_behind_the_hub_s_bare_refusal() -> None:
    refused = "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://hug"

    assert causes(refused, "GatedRepoError: 403 Client Error.")[0] == "gated-model"


def test_packages_that_pip_can_t_reach_are_no_fault_of_their_list() -> None:
    retry = "WARNING: Retrying (Retry(total=4)) after: [Errno 101] Network is unreachable"

    assert causes(retry, "ERROR: No matching distribution found for einops")[0] == (
        "no-way-to-the-hub"
    )


def test_a_cause_is_told_once_with_what_was_said_first() -> None:
    first, second = Said("the container", "Errno 28"), Said("the container", "ENOSPC")

    (found,) = diagnose(Evidence(container=(first, second)))

    assert found.said is first


def test_the_rules_that_a_cause_names_are_rules() -> None:
    assert {rule for cause in CAUSES for rule in cause.rules} <= RULE_IDS
