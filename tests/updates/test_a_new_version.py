"""What an upgrade of the library does to what is deployed, as the documentation tells it.

A new version differs by its tables and by the files that it ships. A template knows the latter by
the digests of their content alone, so that another digest stands for another content.
"""

from __future__ import annotations

import json

import pytest

from sagemaker_model import ContainerImage, ContainerImages, Weights
from updates.apps import resources
from updates.change import NEW_MODEL, Change
from updates.differences import Resources, effects
from updates.weights_changes import BUILD_ALONE, HUB_TOKEN, STAGED_ANEW

pytestmark = pytest.mark.filterwarnings("default")


def made(**arguments: object) -> Resources:
    """Return what a Container with these arguments makes."""
    change = Change(of="Container", argument="", after=arguments, does=frozenset(), means="")
    return resources(change, change.after)


@pytest.fixture(scope="module")
def staged() -> Resources:
    return made(weights=Weights.staged())


def property_of(found: Resources, kind: str, *path: str) -> str:
    """Return a property's text, the same for all resources of a type."""
    texts = set()
    for resource in found.values():
        if resource["Type"] == kind:
            value = resource["Properties"]
            for key in path:
                value = value[key]
            texts.add(json.dumps(value))
    return min(texts)


def with_other(found: Resources, digest: str) -> Resources:
    """Return the same with other content behind a digest."""
    text = json.dumps(found)
    assert digest in text
    changed: Resources = json.loads(text.replace(digest, "0" * len(digest)))
    return changed


def test_a_newer_image_behind_a_latest_is_a_new_model() -> None:
    earlier = ContainerImage.of("huggingface-vllm", version="0.28.0")

    assert effects(made(container=earlier), made(container=ContainerImages.HF_VLLM_LATEST)) == (
        NEW_MODEL
    )


def test_an_image_that_is_named_by_its_version_stays() -> None:
    named = ContainerImage.of("huggingface-vllm", version="0.28.0")

    assert effects(made(container=named), made(container=named)) == frozenset()


def test_another_program_stages_nothing_again(staged: Resources) -> None:
    source = property_of(staged, "AWS::CodeBuild::Project", "Source", "Location")
    digest = source.rpartition("/")[2].partition(".")[0]

    assert effects(staged, with_other(staged, digest)) == BUILD_ALONE | HUB_TOKEN


def test_other_functions_are_asked_nothing_again(staged: Resources) -> None:
    digest = property_of(staged, "AWS::Lambda::Function", "Code", "S3Key")[1:65]

    assert effects(staged, with_other(staged, digest)) == {"Function in place"}


def test_another_layout_is_staged_beside_the_old_one(staged: Resources) -> None:
    prefix = property_of(staged, "Custom::SageMakerModelWeights", "Prefix")
    digest = prefix.split("/")[-2]

    assert effects(staged, with_other(staged, digest)) == NEW_MODEL | STAGED_ANEW
