import pytest

from checks.subjects import an_image, deployed
from sagemaker_model import InferenceAmi
from sagemaker_model.checks.hosting_rules import HOSTING_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed


def rules(subject: Deployed) -> list[str]:
    return [finding.rule for finding in check_all(HOSTING_RULES, subject)]


def test_a_host_image_that_fits_says_nothing() -> None:
    assert rules(deployed(image=an_image(cuda="13.0"))) == []
    assert rules(deployed(image=an_image(cuda="12.4"), ami=InferenceAmi.GPU_3_1)) == []


def test_a_misspelt_host_image_is_warned_of() -> None:
    subject = deployed(image=an_image(cuda="12.4"), ami="al2-ami-sagemaker-inference-gpu-9")

    assert rules(subject) == ["inference-ami-unknown"]


def test_a_host_image_that_is_a_token_is_not_read() -> None:
    assert rules(deployed(image=an_image(cuda="12.4"), ami="${Token[TOKEN.1]}")) == []


def test_cuda_12_on_the_host_of_cuda_13_is_an_error() -> None:
    subject = deployed(image=an_image(cuda="12.9"), ami=InferenceAmi.GPU_4_1)

    assert rules(subject) == ["inference-ami-cuda"]


@pytest.mark.parametrize("ami", [InferenceAmi.GPU_2, InferenceAmi.GPU_2_1, InferenceAmi.GPU_3_1])
def test_cuda_13_on_an_older_host_is_warned_of(ami: str) -> None:
    assert rules(deployed(image=an_image(cuda="13.0"), ami=ami)) == ["inference-ami-old"]


def test_an_image_older_than_a_blackwell_gpu_is_warned_of() -> None:
    subject = deployed("ml.g7e.2xlarge", image=an_image(cuda="12.4"))

    assert rules(subject) == ["inference-ami-blackwell"]


def test_an_unknown_cuda_version_is_warned_of_only_on_a_gpu_and_without_a_choice() -> None:
    unknown = an_image(processor=None)

    assert rules(deployed(image=unknown)) == ["inference-ami-unsaid"]
    assert rules(deployed(image=unknown, ami=None)) == []
    assert rules(deployed("ml.m5.xlarge", image=unknown)) == []
