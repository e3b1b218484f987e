"""What the rules say of an instance type and of what runs on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.subjects import an_image, deployed
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.hosting_rules import (
    encryption_key_on_local_nvme,
    volume_size_on_local_nvme,
)
from sagemaker_model.checks.instance_rules import INSTANCE_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.instance.table import instance_names

STORAGE_RULES = (volume_size_on_local_nvme, encryption_key_on_local_nvme)


def found(subject: Deployed) -> list[Finding]:
    return check_all((*INSTANCE_RULES, *STORAGE_RULES), subject)


def the_one(subject: Deployed) -> Finding:
    (finding,) = found(subject)
    return finding


def test_every_rule_has_an_id_of_its_own() -> None:
    ids = [each.id for each in INSTANCE_RULES]

    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "subject",
    [
        deployed("ml.g5.12xlarge", image=an_image("gpu"), region="us-east-1", degree=4),
        deployed("ml.m5.xlarge", image=an_image("cpu"), volume_size_gib=100, volume_key=True),
        deployed("ml.inf2.xlarge", image=an_image("neuronx"), region="us-east-1"),
        deployed("ml.c7g.xlarge", image=an_image("cpu", architecture="arm64")),
        deployed("ml.g5.12xlarge", image=an_image(None, architecture=None)),
        deployed("ml.g5.12xlarge"),
    ],
)
def test_what_fits_together_has_no_finding(subject: Deployed) -> None:
    assert found(subject) == []


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("ml.g5.12xlrage", "ml.g5.12xlarge"),
        ("ml.g5.12xlarg", "ml.g5.12xlarge"),
    ],
)
def test_a_misspelt_type_is_a_warning_that_names_the_one_that_was_meant(
    misspelt: str, meant: str
) -> None:
    finding = the_one(deployed(misspelt))

    assert (finding.rule, finding.severity) == ("instance-type-unknown", Severity.WARNING)
    assert (finding.path, finding.got) == ("instance_type", misspelt)
    assert meant in finding.fix


@pytest.mark.parametrize(
    ("malformed", "fix"),
    [
        ("g5.12xlarge", "did you mean ml.g5.12xlarge?"),
        ("ML.G5.XLARGE", "did you mean ml.g5.xlarge?"),
        ("ml.g5", "write family and size"),
        ("quantum9.colossal", "write family and size"),
    ],
)
def test_what_can_be_no_type_of_sagemaker_is_an_error_that_names_the_one_that_was_meant(
    malformed: str, fix: str
) -> None:
    finding = the_one(deployed(malformed, image=an_image("gpu"), region="us-east-1"))

    assert (finding.rule, finding.severity) == ("instance-type-form", Severity.ERROR)
    assert (finding.path, finding.got) == ("instance_type", malformed)
    assert finding.fix.startswith(fix)


@given(st.sampled_from(instance_names()))
def test_every_type_of_the_table_has_the_right_form(name: str) -> None:
    assert found(deployed(name)) == []


def test_a_type_that_nothing_resembles_passes_with_a_warning() -> None:
    finding = the_one(deployed("ml.quantum9.colossal", image=an_image("gpu"), degree=64))

    assert finding.severity is Severity.WARNING
    assert "acknowledge" in finding.fix


def test_a_type_that_is_a_token_is_not_judged() -> None:
    subject = deployed(None, image=an_image("gpu"), degree=64, region="us-east-1", volume_key=True)

    assert found(subject) == []


def test_a_type_that_the_region_lacks_names_its_regions_and_types_alike() -> None:
    finding = the_one(deployed("ml.g6e.xlarge", region="eu-west-2"))

    assert (finding.rule, finding.severity) == ("instance-type-not-in-region", Severity.WARNING)
    assert (finding.path, finding.got) == ("instance_type", "ml.g6e.xlarge")
    assert "us-east-1" in finding.allowed
    assert "eu-west-2" not in finding.allowed
    assert finding.fix.startswith("in eu-west-2 there is ml.p5.4xlarge, ")


def test_a_type_with_nothing_alike_in_the_region_points_to_another_region() -> None:
    assert the_one(deployed("ml.g6.xlarge", region="eu-south-1")).fix == "deploy to another Region"


def test_a_type_without_any_price_says_so() -> None:
    assert "no Region" in the_one(deployed("ml.p3.2xlarge", region="us-east-1")).allowed


@pytest.mark.parametrize(
    ("region", "fix"),
    [("us-esat-1", "did you mean us-east-1?"), ("mars-1", "acknowledge this if")],
)
def test_a_misspelt_region_is_warned_of_and_not_taken_for_one_without_the_type(
    region: str, fix: str
) -> None:
    finding = the_one(deployed("ml.g5.xlarge", region=region))

    assert (finding.rule, finding.severity) == ("region-unknown", Severity.WARNING)
    assert (finding.path, finding.got) == ("region", region)
    assert finding.fix.startswith(fix)


def test_a_region_of_aws_without_any_price_is_no_unknown_one() -> None:
    assert the_one(deployed("ml.g5.xlarge", region="us-iso-east-1")).rule == (
        "instance-type-not-in-region"
    )


def test_a_region_agnostic_stack_has_no_region_to_compare_with() -> None:
    assert found(deployed("ml.p3.2xlarge", region=None)) == []


@pytest.mark.parametrize("without_gpu", ["ml.m5.xlarge", "ml.inf2.xlarge"])
def test_a_gpu_image_without_a_gpu_is_one_error(without_gpu: str) -> None:
    finding = the_one(deployed(without_gpu, image=an_image("gpu")))

    assert (finding.rule, finding.severity) == ("image-needs-gpu", Severity.ERROR)
    assert (finding.path, finding.got) == ("instance_type", without_gpu)


@pytest.mark.parametrize(
    ("idle", "what"), [("ml.g5.12xlarge", "4 GPU"), ("ml.inf2.24xlarge", "6 Neuron device")]
)
def test_a_cpu_image_beside_idle_accelerators_is_a_warning_that_counts_them(
    idle: str, what: str
) -> None:
    finding = the_one(deployed(idle, image=an_image("cpu")))

    assert (finding.rule, finding.severity) == ("image-ignores-gpu", Severity.WARNING)
    assert what in finding.what


@pytest.mark.parametrize("processor", ["neuron", "neuronx"])
def test_a_neuron_image_without_a_neuron_device_is_an_error(processor: str) -> None:
    finding = the_one(deployed("ml.g5.12xlarge", image=an_image(processor)))

    assert (finding.rule, finding.severity) == ("image-needs-neuron", Severity.ERROR)


@pytest.mark.parametrize(
    ("instance_type", "architecture"), [("ml.c7g.xlarge", "x86_64"), ("ml.m5.xlarge", "arm64")]
)
def test_an_image_of_the_other_architecture_is_an_error(
    instance_type: str, architecture: str
) -> None:
    image = an_image("cpu", architecture=architecture)

    finding = the_one(deployed(instance_type, image=image))

    assert (finding.rule, finding.severity) == ("image-architecture", Severity.ERROR)
    assert architecture in finding.what


def test_more_parts_than_gpus_is_an_error_that_says_how_many_there_are() -> None:
    finding = the_one(deployed("ml.g5.12xlarge", degree=8))

    assert (finding.rule, finding.severity) == ("tensor-parallel-degree", Severity.ERROR)
    assert (finding.got, finding.allowed) == ("8", "1 to 4")


@pytest.mark.parametrize("degree", [1, 2, 4])
def test_a_degree_that_divides_the_gpus_has_no_finding(degree: int) -> None:
    assert found(deployed("ml.g5.12xlarge", degree=degree)) == []


def test_a_degree_that_does_not_divide_the_gpus_is_a_warning() -> None:
    finding = the_one(deployed("ml.g5.12xlarge", degree=3))

    assert (finding.rule, finding.severity) == ("tensor-parallel-idle", Severity.WARNING)


@pytest.mark.parametrize("instance_type", ["ml.inf2.xlarge", "ml.m5.xlarge"])
def test_a_degree_is_not_compared_with_gpus_where_there_are_none(instance_type: str) -> None:
    """A Neuron device has several cores, and ml.inf2.xlarge takes a degree of 2 on its one."""
    assert found(deployed(instance_type, degree=2)) == []


def test_a_volume_beside_local_nvme_is_an_error() -> None:
    finding = the_one(deployed("ml.g5.12xlarge", volume_size_gib=100))

    assert (finding.rule, finding.severity) == ("volume-size-on-local-nvme", Severity.ERROR)
    assert "3800 GB" in finding.what


def test_a_key_for_local_nvme_is_a_warning() -> None:
    finding = the_one(deployed("ml.g5.12xlarge", volume_key=True))

    assert (finding.rule, finding.severity) == ("encryption-key-on-local-nvme", Severity.WARNING)
    assert finding.path == "encryption_key"
