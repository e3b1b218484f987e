"""Where an image of AWS's registries is pulled from."""

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template

from image.scopes import bind, pulled, stack
from sagemaker_model import ContainerImage, ContainerImages
from sagemaker_model.image.registry import REGISTRIES


@pytest.fixture(scope="module")
def agnostic() -> Stack:
    return stack(None)


def test_an_image_of_the_table_has_a_literal_address_where_the_region_is_known() -> None:
    image = bind(ContainerImage.of("huggingface-llm", version="0.8.2"), stack())

    assert image.uri == (
        "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference"
        ":2.0.0-tgi0.8.2-gpu-py39-cu118-ubuntu20.04"
    )
    assert (image.engine, image.version, image.cuda) == ("huggingface-llm", "0.8.2", "11.8")


def test_china_has_a_domain_of_its_own() -> None:
    scope = stack("cn-north-1")

    image = bind(ContainerImages.DJL_INFERENCE_LMI_LATEST, scope, "cn-north-1")

    assert image.uri.startswith("727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/djl-inference:")


def test_a_region_agnostic_stack_asks_cloudformation_by_one_mapping_for_all_models() -> None:
    scope = stack(None)

    first = bind(ContainerImages.TEI_LATEST, scope, None)
    bind(ContainerImages.TEI_CPU_LATEST, scope, None)
    uri = scope.resolve(first.uri)

    assert {"Ref": "AWS::URLSuffix"} in uri["Fn::Join"][1]
    mappings = Template.from_stack(scope).to_json()["Mappings"]
    (name,) = mappings
    assert name.startswith(REGISTRIES)
    assert mappings[name]["eu-west-1"] == {"account": "141502667606"}
    assert "ap-southeast-7" not in mappings[name]


def test_images_of_other_regions_have_a_mapping_of_their_own() -> None:
    scope = stack(None)

    bind(ContainerImages.TEI_LATEST, scope, None)
    image = bind(ContainerImages.HF_VLLM_LATEST, scope, None)

    mappings = Template.from_stack(scope).to_json()["Mappings"]
    accounts = {each["us-east-1"]["account"] for each in mappings.values()}
    assert accounts == {"683313688378", "763104351884"}
    (arn,) = pulled(image, scope)
    assert {"Ref": "AWS::Region"} in arn["Fn::Join"][1]
    assert arn["Fn::Join"][1][-1] == ":repository/huggingface-vllm"


def test_an_image_absent_from_a_region_is_an_error_that_names_the_nearest_version_there() -> None:
    with pytest.raises(
        ValueError, match=r"is not in the Region us-gov-west-1.*version='0.28.0'.*mirror"
    ):
        bind(ContainerImage.of("vllm", version="0.30.0"), stack("us-gov-west-1"), "us-gov-west-1")


def test_an_image_that_no_version_of_is_there_says_so() -> None:
    with pytest.raises(ValueError, match="no version of huggingface-tei is"):
        bind(ContainerImages.TEI_LATEST, stack("mx-central-1"), "mx-central-1")


def test_only_the_one_repository_may_be_pulled() -> None:
    scope = stack()

    image = bind(ContainerImages.HF_VLLM_LATEST, scope)

    (arn,) = pulled(image, scope)
    assert scope.resolve(arn)["Fn::Join"][1][-1] == (
        ":ecr:us-east-1:763104351884:repository/huggingface-vllm"
    )
    assert image.pull[0]["Resource"] == ["*"]


def test_a_repository_and_tag_of_the_table_is_recognised() -> None:
    name = "djl-inference:0.36.0-lmi27.0.0-cu130"

    image = bind(ContainerImage.parse(name), stack())

    assert (image.engine, image.version, image.cuda) == ("djl-lmi", "0.36.0", "13.0")
    assert image.uri.endswith(name)


def test_a_newer_tag_than_the_table_knows_is_pulled_from_the_same_registry() -> None:
    image = bind(ContainerImage.from_repository_tag("vllm:99.0-gpu", engine="vllm"), stack())

    assert image.uri == "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:99.0-gpu"
    assert (image.engine, image.listed) == ("vllm", False)


def test_a_newer_embeddings_image_is_pulled_from_the_registry_of_embeddings() -> None:
    name = "tei:2.0.1-tei99.0-gpu-py310-cu129-ubuntu24.04"

    image = bind(
        ContainerImage.from_repository_tag(name, engine="tei"), stack("eu-west-1"), "eu-west-1"
    )

    assert image.uri == f"141502667606.dkr.ecr.eu-west-1.amazonaws.com/{name}"
    assert image.cuda == "12.9"


def test_a_tag_in_a_region_without_a_registry_is_an_error() -> None:
    newer = ContainerImage.parse("tei:99.0-gpu")

    with pytest.raises(
        ValueError, match=r"no registry with tei:99\.0-gpu in the Region mx-central-1"
    ):
        bind(newer, stack("mx-central-1"), "mx-central-1")
