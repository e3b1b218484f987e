"""Copies of AWS's images in other registries."""

import pytest
from aws_cdk import aws_ecr as ecr

from image.scopes import DIGEST, bind, pulled, stack
from sagemaker_model import ContainerImage, ContainerImages


def test_a_mirror_keeps_what_is_known_and_is_pulled_from_its_repository() -> None:
    scope = stack()
    repository = ecr.Repository(scope, "Repository")

    image = bind(ContainerImage.mirror(ContainerImages.VLLM_LATEST, repository), scope)

    original = bind(ContainerImages.VLLM_LATEST, scope)
    assert (image.engine, image.version, image.cuda) == (
        original.engine,
        original.version,
        original.cuda,
    )
    assert "Repository" in str(scope.resolve(image.uri))
    assert str(scope.resolve(image.uri)).count("server-sagemaker-cuda") == 1


def test_a_mirror_of_a_whole_uri_keeps_what_is_known_of_it() -> None:
    scope = stack()
    original = ContainerImage.parse(bind(ContainerImages.HF_VLLM_LATEST, scope).uri)
    repository = ecr.Repository(scope, "Repository")

    image = bind(ContainerImage.mirror(original, repository, tag="mine"), scope)

    assert (image.engine, image.cuda, image.mutable) == ("huggingface-vllm", "13.0", False)
    assert ContainerImage.mirror(original, repository, tag="latest").known.mutable


def test_a_mirror_of_a_digest_needs_a_tag() -> None:
    scope = stack()
    original = ContainerImage.from_uri(f"123456789012.dkr.ecr.us-east-1.amazonaws.com/a@{DIGEST}")

    with pytest.raises(ValueError, match="no tag of its own"):
        ContainerImage.mirror(original, ecr.Repository(scope, "Repository"))


def test_a_context_key_sends_every_image_of_aws_to_a_mirror() -> None:
    host = "999999999999.dkr.ecr.{region}.amazonaws.com/copies"
    scope = stack("eu-west-3", {"sagemaker-model:mirror": host})

    image = bind(ContainerImages.DJL_INFERENCE_LMI_LATEST, scope, "eu-west-3")

    assert image.uri.startswith(
        "999999999999.dkr.ecr.eu-west-3.amazonaws.com/copies/djl-inference:"
    )
    assert "999999999999:repository/copies/djl-inference" in str(pulled(image, scope))


def test_a_mirror_has_images_where_aws_has_none() -> None:
    host = "999999999999.dkr.ecr.mx-central-1.amazonaws.com"
    scope = stack("mx-central-1", {"sagemaker-model:mirror": host})

    assert bind(ContainerImages.TEI_LATEST, scope, "mx-central-1").uri.startswith(host)


def test_a_mirror_in_each_region_needs_a_stack_that_has_one() -> None:
    host = "999999999999.dkr.ecr.{region}.amazonaws.com"
    scope = stack(None, {"sagemaker-model:mirror": host})

    with pytest.raises(ValueError, match="where the stack has one"):
        bind(ContainerImages.TEI_LATEST, scope, None)


def test_a_mirror_that_is_no_registry_is_refused() -> None:
    scope = stack(context={"sagemaker-model:mirror": "registry.example.com"})

    with pytest.raises(ValueError, match="sagemaker-model:mirror must be a private ECR registry"):
        bind(ContainerImages.TEI_LATEST, scope)
