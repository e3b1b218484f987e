from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.staging.lambda_code.weights_handler import index
from sagemaker_model.staging.lambda_code.weights_handler.request import Place, place_of
from staging_handler.aws import BUCKET, ID, PREFIX, about_store

WEIGHTS = {
    "ResourceType": "Custom::SageMakerModelWeights",
    "ResourceProperties": {"Bucket": BUCKET, "Prefix": PREFIX, "Project": "p", "Retain": "false"},
}
PARTS = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1)


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_the_prefix_is_the_physical_id(kind: str) -> None:
    event = {**WEIGHTS, "RequestType": kind, "PhysicalResourceId": "s3://weights/Stack/c8a1/old/"}

    assert index.on_event(event)["PhysicalResourceId"] == ID


def test_what_is_deleted_keeps_its_name_whatever_the_properties_say_now() -> None:
    old = "s3://weights/Stack/c8a1/old/"

    answer = index.on_event({**WEIGHTS, "RequestType": "Delete", "PhysicalResourceId": old})

    assert answer["PhysicalResourceId"] == old


def test_the_time_of_the_request_is_kept_as_text_that_reads_back() -> None:
    answer = index.on_event({**WEIGHTS, "RequestType": "Create"})

    assert float(answer["StartedAt"]) > 1_700_000_000


def test_the_bucket_is_the_physical_id_of_a_store() -> None:
    assert about_store("Create", "mine")["PhysicalResourceId"] == "s3://mine"


def test_a_manifest_is_its_own_physical_id() -> None:
    uri = "s3://theirs/a/b/c.manifest.json"
    event = {
        "RequestType": "Create",
        "ResourceType": "Custom::SageMakerModelManifest",
        "ResourceProperties": {"ManifestUri": uri},
    }

    assert index.on_event(event)["PhysicalResourceId"] == uri


@given(st.lists(PARTS, min_size=3), PARTS)
def test_a_prefix_reads_back_from_its_physical_id(parts: list[str], bucket: str) -> None:
    place = Place(bucket, "".join(f"{part}/" for part in parts))

    assert place_of(place.uri) == place


@given(st.lists(PARTS, max_size=2), PARTS)
def test_fewer_than_three_parts_are_no_prefix_of_ours(parts: list[str], bucket: str) -> None:
    assert place_of(Place(bucket, "".join(f"{part}/" for part in parts)).uri) is None


@given(st.text())
def test_no_other_text_names_a_prefix(text: str) -> None:
    place = place_of(text)

    assert place is None or place.uri == text


@pytest.mark.parametrize("unlike", ["s3://b/a/b/c", "s3://b/a//b/c/", "s3:///a/b/c/", "b/a/b/c/"])
def test_what_is_not_written_as_a_prefix_is_none(unlike: str) -> None:
    assert place_of(unlike) is None
