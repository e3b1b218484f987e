"""Which host image a container's CUDA version gets, and what is said of another."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from checks.subjects import an_image, deployed
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.hosting_rules import HOSTING_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.inference_ami import (
    KNOWN_AMIS,
    InferenceAmi,
    choose_inference_ami,
    is_blackwell,
)
from sagemaker_model.instance.table import InstanceSpec, instances, try_find_instance

OLDER = [InferenceAmi.GPU_2, InferenceAmi.GPU_2_1, InferenceAmi.GPU_3_1]
BLACKWELL = ["ml.g7.2xlarge", "ml.g7e.2xlarge", "ml.p6-b200.48xlarge", "ml.p6e-gb200.36xlarge"]


def on(instance_type: str) -> InstanceSpec:
    instance = try_find_instance(instance_type)
    assert instance is not None
    return instance


def found(subject: Deployed) -> list[Finding]:
    return check_all(HOSTING_RULES, subject)


def test_the_names_are_those_of_the_api() -> None:
    table = json.loads(
        files("sagemaker_model.instance").joinpath("instances.json").read_text(encoding="utf-8")
    )

    assert sorted(KNOWN_AMIS) == table["ami_versions"]


@pytest.mark.parametrize(
    ("cuda", "expected"),
    [
        ("13.0", InferenceAmi.GPU_4_1),
        ("13.2", InferenceAmi.GPU_4_1),
        ("12.4", InferenceAmi.GPU_3_1),
        ("12.9", InferenceAmi.GPU_3_1),
        ("11.8", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("instance_type", ["ml.g4dn.xlarge", "ml.g5.2xlarge", "ml.p5.48xlarge"])
def test_the_host_follows_the_containers_cuda(
    cuda: str | None, expected: str | None, instance_type: str
) -> None:
    assert choose_inference_ami(an_image("gpu", cuda=cuda), on(instance_type)) == expected


@pytest.mark.parametrize("cuda", ["11.8", "12.4", "13.0"])
@pytest.mark.parametrize("instance_type", BLACKWELL)
def test_blackwell_gets_the_one_host_with_its_driver(instance_type: str, cuda: str) -> None:
    chosen = choose_inference_ami(an_image("gpu", cuda=cuda), on(instance_type))

    assert chosen == InferenceAmi.GPU_4_1


def test_blackwell_is_g7_and_p6_and_nothing_else() -> None:
    families = {spec.family for spec in instances().values() if is_blackwell(spec)}

    assert families == {"g7", "g7e", "p6-b200", "p6-b300", "p6e-gb200"}


@pytest.mark.parametrize("processor", ["cpu", "neuronx", "neuron"])
def test_only_a_gpu_image_gets_a_host(processor: str) -> None:
    image = an_image(processor, cuda="13.0")

    assert choose_inference_ami(image, on("ml.g5.2xlarge")) is None


def test_an_image_of_unknown_processor_is_judged_by_its_cuda() -> None:
    image = an_image(None, cuda="13.0")

    assert choose_inference_ami(image, on("ml.g5.2xlarge")) == InferenceAmi.GPU_4_1


@pytest.mark.parametrize("instance_type", ["ml.m5.xlarge", "ml.inf2.xlarge"])
def test_an_instance_without_a_gpu_gets_no_host(instance_type: str) -> None:
    assert choose_inference_ami(an_image("gpu", cuda="13.0"), on(instance_type)) is None


def test_a_model_package_is_left_to_sagemaker() -> None:
    assert choose_inference_ami(None, on("ml.g5.2xlarge")) is None


def test_an_unknown_type_gets_the_host_of_the_image() -> None:
    assert choose_inference_ami(an_image("gpu", cuda="13.0"), None) == InferenceAmi.GPU_4_1


@pytest.mark.parametrize(
    ("cuda", "ami"),
    [("12.4", InferenceAmi.GPU_3_1), ("13.0", InferenceAmi.GPU_4_1), ("11.8", InferenceAmi.GPU_2)],
)
def test_a_host_that_fits_has_no_finding(cuda: str, ami: str) -> None:
    assert found(deployed("ml.g5.2xlarge", image=an_image("gpu", cuda=cuda), ami=ami)) == []


def test_a_host_that_the_api_does_not_name_is_a_warning_with_the_names() -> None:
    image = an_image("gpu", cuda="13.0")

    (finding,) = found(deployed("ml.g5.2xlarge", image=image, ami="al2023-gpu-5"))

    assert (finding.rule, finding.severity) == ("inference-ami-unknown", Severity.WARNING)
    assert InferenceAmi.GPU_4_1 in finding.allowed


def test_cuda_12_on_the_host_for_cuda_13_is_an_error() -> None:
    image = an_image("gpu", cuda="12.9")

    (finding,) = found(deployed("ml.g5.2xlarge", image=image, ami=InferenceAmi.GPU_4_1))

    assert (finding.rule, finding.severity) == ("inference-ami-cuda", Severity.ERROR)


@pytest.mark.parametrize("ami", OLDER)
def test_cuda_13_on_an_older_host_is_a_warning(ami: str) -> None:
    (finding,) = found(deployed("ml.g5.2xlarge", image=an_image("gpu", cuda="13.0"), ami=ami))

    assert (finding.rule, finding.severity) == ("inference-ami-old", Severity.WARNING)


@pytest.mark.parametrize("instance_type", BLACKWELL)
def test_an_image_that_is_older_than_blackwell_is_a_warning(instance_type: str) -> None:
    (finding,) = found(deployed(instance_type, image=an_image("gpu", cuda="12.4")))

    assert (finding.rule, finding.severity) == ("inference-ami-blackwell", Severity.WARNING)


@pytest.mark.parametrize("processor", ["gpu", None])
def test_a_gpu_image_of_unknown_cuda_asks_for_a_host(processor: str | None) -> None:
    (finding,) = found(deployed("ml.g5.2xlarge", image=an_image(processor)))

    assert (finding.rule, finding.severity) == ("inference-ami-unsaid", Severity.WARNING)


@pytest.mark.parametrize("ami", [None, InferenceAmi.GPU_3_1])
def test_an_image_of_unknown_cuda_with_an_explicit_answer_has_no_finding(ami: str | None) -> None:
    assert found(deployed("ml.g5.2xlarge", image=an_image("gpu"), ami=ami)) == []
