"""What is said of an image or a Region that the table does not have."""

from __future__ import annotations

import pytest
from aws_cdk import aws_ecr as ecr
from hypothesis import given
from hypothesis import strategies as st

from image.scopes import DIGEST, bind, stack
from sagemaker_model import ContainerImage
from sagemaker_model.image.suggestion import nearest_image, nearest_region
from sagemaker_model.image.table import find_image, records

AWS = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
OWN = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
LMI = "djl-inference:0.36.0-lmi27.0.0-cu130"
NEWEST = find_image("djl-lmi").name


def test_a_family_in_the_place_of_an_image_is_told_how_to_be_one() -> None:
    with pytest.raises(ValueError, match=r"write ContainerImage.of\('djl-lmi'\)"):
        ContainerImage.parse("djl-lmi")


def test_a_misspelt_family_is_told_which_one_was_meant() -> None:
    with pytest.raises(ValueError, match=r"did you mean ContainerImage.of\('vllm-server'\)\?"):
        ContainerImage.parse("vllm-servr")


@pytest.mark.parametrize(
    "text", ["HF_VLLM_LATEST", "ContainerImages.HF_VLLM_LATEST", "HF_VLM_LATEST", "hf_vllm_latest"]
)
def test_a_constants_name_as_text_is_told_to_be_written_without_quotes(text: str) -> None:
    with pytest.raises(ValueError, match=r"write ContainerImages.HF_VLLM_LATEST, without quotes"):
        ContainerImage.parse(text)


def test_a_repository_without_a_tag_is_told_one() -> None:
    with pytest.raises(ValueError, match=f"give its tag as well, as in '{NEWEST}'"):
        ContainerImage.parse("djl-inference")


def test_a_text_like_nothing_is_told_what_an_image_looks_like() -> None:
    with pytest.raises(ValueError, match="write 'repository:tag' as AWS lists it, a whole ECR URI"):
        ContainerImage.parse("quantum")


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("djl-inferense:0.36.0-lmi27.0.0-cu130", LMI),
        ("djl-inference:0.36.0-lmi27.0-cu130", LMI),
        ("djl-inference:0.36.1-lmi27.0.0-cu130", LMI),
        ("djl-inference:latest", NEWEST),
        ("quantum:1", None),
    ],
)
def test_the_nearest_image_has_the_repository_where_that_is_known(
    misspelt: str, meant: str | None
) -> None:
    assert nearest_image(misspelt) == meant


@given(st.sampled_from([record.name for record in records()]), st.integers(min_value=0))
def test_a_letter_left_out_leaves_a_name_that_the_table_has_or_is_near_to(
    name: str, place: int
) -> None:
    at = place % len(name)
    misspelt = name[:at] + name[at + 1 :]

    assert nearest_image(misspelt) in {record.name for record in records()}


@pytest.mark.parametrize(
    ("image", "unlisted"),
    [
        ("vllm:99.0-gpu", "vllm:99.0-gpu"),
        (f"{AWS}/vllm:99.0-gpu", "vllm:99.0-gpu"),
        (f"{AWS}/vllm:99.0-gpu@{DIGEST}", None),
        (f"{AWS}/vllm@{DIGEST}", None),
        (LMI, None),
        (f"{AWS}/{LMI}", None),
        (f"{OWN}/vllm:99.0-gpu", None),
        (f"{OWN}/copies/{LMI}", None),
        ("${Token[URI.1]}", None),
    ],
)
def test_an_image_of_awss_registries_that_the_table_lacks_is_known_to_be_one(
    image: str, unlisted: str | None
) -> None:
    assert bind(ContainerImage.parse(image), stack()).unlisted == unlisted


def test_a_repository_of_the_app_needs_no_table() -> None:
    repository = ecr.Repository(stack(), "Repository")

    assert ContainerImage.from_ecr_repository(repository, "99.0").known.unlisted is None


@pytest.mark.parametrize("image", [LMI, "vllm:99.0-gpu"])
def test_a_misspelt_region_is_told_from_one_that_lacks_the_image(image: str) -> None:
    with pytest.raises(
        ValueError, match=r"the Region 'us-esat-1' is not one that .*did you mean 'us-east-1'"
    ):
        bind(ContainerImage.parse(image), stack("us-esat-1"), "us-esat-1")


def test_a_region_like_no_other_is_told_the_way_out() -> None:
    with pytest.raises(ValueError, match=r"the Region 'mars-1' is not one that .*whole URI"):
        bind(ContainerImage.parse(LMI), stack("mars-1"), "mars-1")


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("us-esat-1", "us-east-1"),
        ("eu-west1", "eu-west-1"),
        ("EU-WEST-1", "eu-west-1"),
        ("x", None),
    ],
)
def test_the_nearest_region_is_the_one_that_was_meant(misspelt: str, meant: str | None) -> None:
    assert nearest_region(misspelt) == meant


@pytest.mark.parametrize(
    ("image", "region"),
    [
        (LMI, "us-east-1"),
        (f"{OWN}/mine:1", "us-east-1"),
        ("123456789012.dkr.ecr-fips.us-west-2.amazonaws.com/mine:1", "us-west-2"),
        ("${Token[URI.1]}", None),
    ],
)
def test_the_registrys_region_is_read_from_the_address(image: str, region: str | None) -> None:
    assert bind(ContainerImage.parse(image), stack()).region == region


def test_the_registrys_region_is_cloudformations_in_a_region_agnostic_stack() -> None:
    assert bind(ContainerImage.parse(LMI), stack(None), None).region is None
