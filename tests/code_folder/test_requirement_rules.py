"""What the rules say of requirements, and of the image and network that they meet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from code_folder.subjects import HUGGING_FACE, PYTORCH, UNKNOWN, subject
from sagemaker_model.checks.code_subject import CodeSubject
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.requirement_rules import REQUIREMENT_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.code_folder.image_contents import carried_python, carried_versions

MIRROR = replace(HUGGING_FACE, uri="${Token[TOKEN.1]}")


def rules(checked: CodeSubject) -> list[str]:
    return [finding.rule for finding in check_all(REQUIREMENT_RULES, checked)]


def requiring(line: str) -> CodeSubject:
    return subject("", line, bundled=True)


def the_one(checked: CodeSubject) -> Finding:
    (finding,) = check_all(REQUIREMENT_RULES, checked)
    return finding


@pytest.mark.parametrize(
    "line",
    [
        "torch==2.6.0",
        "torch==2.6.0+cu124",
        "torch>=2.1,<3",
        "Transformers~=4.51",
        "transformers",
        "sentencepiece==0.2.0",
        "torch==2.1.0; python_version < '3.12'",
        "torch==2.1.0; sys_platform == 'win32'",
        "./a-1-cp312-cp312-manylinux2014_x86_64.whl",
        "./a-1-cp39-abi3-manylinux2014_x86_64.whl",
        "./a-1-py3-none-any.whl",
    ],
)
def test_what_fits_the_image_has_no_finding(line: str) -> None:
    assert rules(requiring(line)) == []


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("torch==2.1.0", "torch==2.6.0"),
        ("Transformers>=4.52,<5", "transformers==4.51.3"),
        ("torch<2.6 ; python_version >= '3.9'", "torch==2.6.0"),
    ],
)
def test_a_pin_that_replaces_what_the_image_carries_is_a_warning(line: str, allowed: str) -> None:
    finding = the_one(requiring(line))

    assert (finding.rule, finding.severity) == ("requirements-clash", Severity.WARNING)
    assert (finding.path, finding.got) == ("code_folder/requirements.txt", line)
    assert finding.allowed == allowed


def test_a_wheel_for_another_python_is_a_warning_that_names_the_images() -> None:
    finding = the_one(requiring("./wheels/a-1-cp310-cp310-manylinux2014_x86_64.whl"))

    assert finding.rule == "requirements-clash"
    assert "Python 3.12" in finding.what


def test_nothing_clashes_with_an_image_that_is_not_known() -> None:
    lines = ("torch==1.0", "./a-1-cp310-cp310-manylinux2014_x86_64.whl")

    assert rules(subject("", *lines, image=UNKNOWN, bundled=True)) == []


@pytest.mark.parametrize("image", [HUGGING_FACE, PYTORCH, UNKNOWN])
def test_packages_without_a_network_are_an_error_that_names_the_ways_out(
    image: object,
) -> None:
    checked = replace(subject("", "a==1", "b==2", isolated=True), image=image)  # type: ignore[arg-type]

    finding = the_one(checked)

    assert (finding.rule, finding.severity) == ("requirements-need-network", Severity.ERROR)
    assert finding.got == "a==1, b==2"
    assert "bundle_requirements=True" in finding.fix
    assert "image" in finding.fix


def test_bundled_or_vendored_packages_need_no_network() -> None:
    assert rules(subject("", "a==1", isolated=True, bundled=True)) == []
    assert rules(subject("", "a==1", isolated=True, options=("--no-index",))) == []
    assert rules(subject("", isolated=True)) == []


def test_packages_without_a_version_are_told_of_together() -> None:
    finding = the_one(subject("", "a==1", "b", "c>=2"))

    assert (finding.rule, finding.severity) == ("requirements-not-pinned", Severity.INFO)
    assert finding.got == "b, c>=2"


def test_what_is_bundled_is_fixed_when_it_is_staged() -> None:
    assert rules(subject("", "a>=1", bundled=True)) == []


def test_the_tag_tells_what_an_image_carries() -> None:
    assert carried_versions(HUGGING_FACE) == {"torch": "2.6.0", "transformers": "4.51.3"}
    assert carried_versions(PYTORCH) == {"torch": "2.6.0"}
    assert carried_versions(UNKNOWN) == {}


@pytest.mark.parametrize(
    ("tag", "python"),
    [
        ("pytorch-inference:2.6.0-gpu-py312-cu124-ubuntu22.04", "3.12"),
        ("huggingface-pytorch-inference:1.7.1-transformers4.6.1-cpu-py36-ubuntu18.04", "3.6"),
        ("pytorch-inference:1.2.0-cpu-py3", None),
        ("pytorch-inference@sha256:00", None),
    ],
)
def test_the_tag_tells_the_python(tag: str, python: str | None) -> None:
    assert carried_python(replace(PYTORCH, uri=f"host/{tag}")) == python


def test_a_first_number_is_torchs_only_in_a_pytorch_image() -> None:
    image = replace(UNKNOWN, uri="host/vllm:0.11.0-gpu-py312-cu129-ubuntu22.04")

    assert carried_versions(image) == {}


def test_the_table_tells_what_a_copy_with_an_address_of_its_own_carries() -> None:
    assert carried_versions(MIRROR) == {"transformers": "4.51.3"}
    assert carried_python(MIRROR) is None
