"""What is said of a roll-out, of its alarms, and of further instance types."""

from dataclasses import replace

import pytest
from aws_cdk import Duration, Token

from checks.subjects import deployed
from sagemaker_model import RealTime, RollOut
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.hosting_rules import HOSTING_RULES
from sagemaker_model.checks.roll_out_rules import ROLL_OUT_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.scaling_rules import SCALING_RULES
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import ContainerDefinition

WAIT = Duration.minutes(5)
CPU, GPU, INF1 = "ml.m5.xlarge", "ml.g5.2xlarge", "ml.inf1.xlarge"


def served(
    hosting: RealTime, instance_type: str = CPU, *, rolled_back: bool = False, named: bool = False
) -> Deployed:
    return replace(deployed(instance_type), hosting=hosting, rolled_back=rolled_back, named=named)


def found(subject: Deployed) -> list[Finding]:
    return check_all(ROLL_OUT_RULES, subject)


@pytest.mark.parametrize("instances", [1, 2])
def test_a_batch_of_up_to_half_the_fleet_has_no_finding(instances: int) -> None:
    roll_out = RollOut.canary(instances=instances, wait=WAIT)

    assert found(served(RealTime(initial_instance_count=4, roll_out=roll_out))) == []


@pytest.mark.parametrize(
    ("roll_out", "count"),
    [
        (RollOut.canary(instances=3, wait=WAIT), 4),
        (RollOut.linear(instances=1, wait=WAIT), 11),
        (RollOut.rolling(instances=1, wait=WAIT), 1),
    ],
    ids=["too large", "too small", "the only one"],
)
def test_a_batch_that_is_no_allowed_part_of_the_fleet_is_an_error(
    roll_out: RollOut, count: int
) -> None:
    (finding,) = found(served(RealTime(initial_instance_count=count, roll_out=roll_out)))

    assert (finding.rule, finding.severity) == ("roll-out-batch", Severity.ERROR)


def test_nothing_is_said_of_a_fleet_whose_size_only_cloudformation_knows() -> None:
    count = int(Token.as_number({"Ref": "Count"}))
    roll_out = RollOut.canary(instances=3, wait=WAIT)

    assert found(served(RealTime(initial_instance_count=count, roll_out=roll_out), GPU)) == []


@pytest.mark.parametrize(
    "hosting",
    [
        RealTime(roll_out=RollOut.all_at_once()),
        RealTime(initial_instance_count=2),
        RealTime(initial_instance_count=4, roll_out=RollOut.linear(percent=50, wait=WAIT)),
    ],
    ids=["all at once", "by default", "linear"],
)
def test_blue_green_on_gpus_says_that_it_needs_twice_as_many(hosting: RealTime) -> None:
    (finding,) = found(served(hosting, GPU))

    assert (finding.rule, finding.severity) == ("roll-out-doubles-fleet", Severity.INFO)
    assert f"{2 * hosting.initial_instance_count} {GPU}" in finding.what


@pytest.mark.parametrize(
    ("hosting", "instance_type"),
    [
        (RealTime(), GPU),
        (RealTime(initial_instance_count=2), CPU),
        (
            RealTime(initial_instance_count=2, roll_out=RollOut.rolling(percent=50, wait=WAIT)),
            GPU,
        ),
    ],
    ids=["one instance", "no GPU", "rolling"],
)
def test_nothing_is_said_where_no_fleet_of_gpus_is_doubled(
    hosting: RealTime, instance_type: str
) -> None:
    assert found(served(hosting, instance_type)) == []


def test_inf1_is_updated_all_at_once_whatever_is_asked() -> None:
    (finding,) = found(served(RealTime(roll_out=RollOut.canary(percent=5, wait=WAIT)), INF1))

    assert (finding.rule, finding.severity) == ("roll-out-falls-back", Severity.WARNING)


def test_so_is_a_model_package() -> None:
    hosting = RealTime(roll_out=RollOut.all_at_once(bake=WAIT))
    package = ContainerDefinition(model_package="arn")

    (finding,) = found(replace(served(hosting), container=package))

    assert (finding.rule, finding.severity) == ("roll-out-falls-back", Severity.WARNING)


def test_alarms_of_an_update_that_waits_nowhere_are_warned_of() -> None:
    hosting = RealTime(roll_out=RollOut.all_at_once())

    (finding,) = found(served(hosting, rolled_back=True, named=True))

    assert (finding.rule, finding.severity) == ("roll-back-unwatched", Severity.WARNING)


def test_a_name_that_is_made_at_synth_is_told() -> None:
    (finding,) = found(served(RealTime(), rolled_back=True))

    assert (finding.rule, finding.severity) == ("roll-back-names-endpoint", Severity.INFO)


@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("downloads", [True, False])
def test_only_what_is_scaled_and_downloads_is_warned_of(scaled: bool, downloads: bool) -> None:
    container = ContainerDefinition(downloads=downloads)

    rules = [
        each.rule
        for each in check_all(
            SCALING_RULES, replace(deployed(GPU), container=container, scaled=scaled)
        )
    ]

    assert rules == (["scaling-downloads-again"] if scaled and downloads else [])


@pytest.mark.parametrize(
    ("further", "difference"),
    [
        ("ml.g5.12xlarge", "number of GPUs"),
        ("ml.g7e.2xlarge", "GPU generation"),
        ("ml.inf2.xlarge", "Neuron devices"),
        ("ml.m5.xlarge", "kind of storage"),
        ("ml.c7g.xlarge", "architecture"),
    ],
)
def test_a_further_type_that_is_unlike_the_first_is_warned_of(
    further: str, difference: str
) -> None:
    subject = served(RealTime(instance_pools=[further]), GPU)

    (finding,) = check_all(HOSTING_RULES, subject)

    assert (finding.rule, finding.severity) == ("instance-pool-unlike", Severity.WARNING)
    assert difference in finding.what


@pytest.mark.parametrize("further", ["ml.g6.2xlarge", "ml.g99.2xlarge", "${Token[Type.1]}"])
def test_nothing_is_said_of_a_further_type_that_is_alike_or_unknown(further: str) -> None:
    assert check_all(HOSTING_RULES, served(RealTime(instance_pools=[further]), GPU)) == []
