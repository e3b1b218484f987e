"""The image of an endpoint's model tells its engine."""

from __future__ import annotations

import pytest

from runtime.conftest import MakeEndpoint
from runtime.fake_aws import FakeAws, Fault
from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.image.table import records
from sagemaker_model.runtime import AccessDeniedError, EndpointNotFoundError
from sagemaker_model.runtime.deployed_engine import engine_of

REGISTRY = "763104351884.dkr.ecr.us-east-1.amazonaws.com"


def test_every_image_of_the_table_tells_the_engine_of_its_family() -> None:
    engine_of_family = {family: engine.name for engine in ENGINES for family in engine.families}

    for record in records():
        expected = engine_of_family.get(record.family)
        assert engine_of(f"{REGISTRY}/{record.name}") == expected, record


@pytest.mark.parametrize(
    ("image", "engine"),
    [
        (f"{REGISTRY}/djl-inference:0.99.0-lmi99.0.0-cu140", "lmi"),
        (f"{REGISTRY}/huggingface-pytorch-tgi-inference:9.9-tgi9.9-gpu", "tgi"),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror/vllm@sha256:0123", "vllm"),
        ("127.0.0.1:5000/tei-cpu:latest", "tei"),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com/our-own:1", None),
    ],
)
def test_a_newer_or_mirrored_image_is_known_by_its_repository(
    image: str, engine: str | None
) -> None:
    assert engine_of(image) == engine


def test_the_engine_is_looked_up_once_with_the_first_request(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    aws.say([[0.1]])
    asked = endpoint()
    assert aws.described == []

    asked.embed("a")
    asked.embed("b")

    assert aws.described == ["DescribeEndpoint", "DescribeEndpointConfig", "DescribeModel"]
    assert [each.body for each in aws.asked] == [{"inputs": ["a"]}, {"inputs": ["b"]}]


def test_with_an_engine_or_a_raw_request_nothing_is_looked_up(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    aws.say([[0.1]])

    endpoint("tei").embed("a")
    endpoint().invoke({"inputs": "a"})

    assert aws.described == []


@pytest.mark.parametrize(
    "component",
    [
        {"ModelName": "model"},
        {"Container": {"DeployedImage": {"SpecifiedImage": f"{REGISTRY}/tei:2.0.1"}}},
    ],
    ids=["of a model", "with a container of its own"],
)
def test_an_inference_component_tells_its_own_image(
    aws: FakeAws, endpoint: MakeEndpoint, component: dict[str, object]
) -> None:
    aws.component = component
    aws.say([[0.1]])

    assert endpoint(inference_component="small").embed("a") == [[0.1]]
    assert aws.described[0] == "DescribeInferenceComponent"


def test_an_endpoint_with_components_wants_one_to_be_named(
    aws: FakeAws, endpoint: MakeEndpoint
) -> None:
    aws.variant = {"VariantName": "AllTraffic"}

    with pytest.raises(ValueError, match="name one in inference_component="):
        endpoint().embed("a")


@pytest.mark.parametrize(
    ("container", "why"),
    [
        ({"Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/our-own:1"}, "its image 1234"),
        ({"ModelPackageName": "arn:aws:sagemaker:…"}, "its image does not show"),
    ],
    ids=["an image of one's own", "a model package"],
)
def test_an_engine_that_does_not_show_is_asked_for(
    aws: FakeAws, endpoint: MakeEndpoint, container: dict[str, str], why: str
) -> None:
    aws.container = container

    with pytest.raises(ValueError, match=rf"can't be told: {why}.*give engine=, one of vllm"):
        endpoint().embed("a")


def test_a_caller_who_may_not_look_is_told(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.describing_fails = Fault(400, "AccessDeniedException", "not authorized to perform: …")

    with pytest.raises(AccessDeniedError, match="not authorized to perform"):
        endpoint().embed("a")


def test_an_endpoint_that_is_not_there_is_told(aws: FakeAws, endpoint: MakeEndpoint) -> None:
    aws.describing_fails = Fault(400, "ValidationException", 'Could not find endpoint "chat".')

    with pytest.raises(EndpointNotFoundError, match="Could not find endpoint"):
        endpoint().embed("a")
