"""What a whole URI says of an image."""

from contextlib import suppress

import pytest
from aws_cdk import Stack
from aws_cdk import aws_ecr as ecr
from hypothesis import given
from hypothesis import strategies as st

from image.scopes import DIGEST, bind, pulled, stack
from sagemaker_model import ContainerImage, ContainerImages


@pytest.fixture(scope="module")
def agnostic() -> Stack:
    return stack(None)


def test_a_whole_uri_of_a_known_image_keeps_what_is_known_of_it() -> None:
    known = bind(ContainerImages.HF_VLLM_LATEST, stack())

    image = bind(ContainerImage.parse(known.uri), stack())

    assert (image.uri, image.engine, image.cuda) == (known.uri, known.engine, known.cuda)


@pytest.mark.parametrize(
    "uri",
    ["docker.io/library/python:3", "public.ecr.aws/deep-learning-containers/vllm:1", "a/b"],
)
def test_what_sagemaker_can_not_pull_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="private ECR"):
        ContainerImage.parse(uri)


def test_a_digest_does_not_move_but_the_latest_tag_does() -> None:
    host = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine"

    assert not bind(ContainerImage.from_uri(f"{host}@{DIGEST}"), stack()).mutable
    assert bind(ContainerImage.from_uri(f"{host}:latest"), stack()).mutable
    assert bind(ContainerImage.from_uri(host), stack()).mutable


def test_a_moving_tag_moves_unless_a_digest_holds_it() -> None:
    moving = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:server-sagemaker-cuda-v2"

    assert ContainerImage.from_uri(moving).known.mutable
    assert not ContainerImage.from_uri(f"{moving}@{DIGEST}").known.mutable


names = st.from_regex(r"[a-z0-9]([a-z0-9._-]{0,8}[a-z0-9])?(/[a-z0-9]{1,8}){0,2}", fullmatch=True)
tags = st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,30}", fullmatch=True)
registries = st.builds(
    "{}.dkr.ecr.{}.amazonaws.com".format,
    st.from_regex(r"[0-9]{12}", fullmatch=True),
    st.sampled_from(["us-east-1", "eu-central-2", "us-gov-west-1"]),
)


@given(registries, names, tags)
def test_a_uri_is_taken_apart_and_kept_as_it_is(
    agnostic: Stack, registry: str, name: str, tag: str
) -> None:
    image = ContainerImage.parse(f"{registry}/{name}:{tag}")

    bound = image.bind(agnostic, region=None)
    account, _, _, region = registry.split(".")[:4]

    assert (bound.uri, image.tag) == (f"{registry}/{name}:{tag}", tag)
    assert pulled(bound, agnostic)[0]["Fn::Join"][1][-1] == (
        f":ecr:{region}:{account}:repository/{name}"
    )


@given(st.text())
def test_any_text_is_an_image_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert str(ContainerImage.parse(text).tag) in text


def test_a_token_is_passed_on_unread() -> None:
    scope = stack()
    repository = ecr.Repository(scope, "Repository")
    uri = repository.repository_uri_for_tag("1")

    assert bind(ContainerImage.from_uri(uri), scope).uri == uri
