import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model import Container, ModelPackage
from sagemaker_model.context import KEYS, ModelSettings, read_models

ARN = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
ONE: dict[str, Any] = {"model_id": "org/name-7B", "instance_type": "ml.g5.2xlarge"}


def context(values: Mapping[str, object]) -> Callable[[str], object]:
    return values.get


def read_one(**values: object) -> ModelSettings:
    (settings,) = read_models(context({**ONE, **values}))
    return settings


def test_one_model_comes_from_the_command_line_where_everything_is_text() -> None:
    settings = read_one(
        container="HF_VLLM_LATEST",
        env='{"HF_TASK": "text-generation"}',
        serving='{"max_total_tokens": 4096}',
        instance_count="2",
        encrypt="true",
        weights="s3://bucket/prefix/",
    )

    deployment = settings.deployment()

    assert isinstance(deployment, Container)
    assert deployment.serving.max_total_tokens == 4096
    assert deployment.env == {"HF_TASK": "text-generation"}
    assert (settings.instance_count, settings.encrypt) == (2, True)


def test_the_command_line_wins_over_the_list() -> None:
    settings = read_models(context({**ONE, "models": [{"model_id": "a", "instance_type": "b"}]}))

    assert [each.model_id for each in settings] == ["org/name-7B"]


def test_a_list_may_be_given_as_text() -> None:
    settings = read_models(context({"models": json.dumps([ONE])}))

    assert settings[0].model_id == "org/name-7B"


def test_packages_make_a_model_package() -> None:
    by_region = read_one(packages=json.dumps({"us-east-1": ARN})).deployment()

    assert isinstance(by_region, ModelPackage)
    assert by_region.packages == {"us-east-1": ARN}
    assert isinstance(read_one(packages=ARN).deployment(), ModelPackage)


def test_a_container_may_be_a_repository_and_tag() -> None:
    deployment = read_one(container="vllm:99.0-gpu").deployment()

    assert isinstance(deployment, Container)
    assert deployment.container == "vllm:99.0-gpu"


@pytest.mark.parametrize(
    ("model_id", "name", "expected"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", "", "Qwen2-5-7B-Instruct"),
        ("org/7B", "", "Model-7B"),
        ("org/name", "mine", "mine"),
        ("org/_x_", "", "x"),
    ],
)
def test_the_stack_is_named_after_the_model_as_cloudformation_allows(
    model_id: str, name: str, expected: str
) -> None:
    settings = ModelSettings(model_id=model_id, instance_type="ml.g5.2xlarge", name=name)

    assert settings.stack_name == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "the context describes no model; give one with -c model_id"),
        ({"model_id": "org/name"}, "the context has no instance_type; add it"),
        ({"models": []}, "the context describes no model"),
        ({"models": "[{"}, "models must be JSON"),
        ({"models": {"model_id": "a"}}, "models must be a list"),
        ({"models": ["a"]}, r"models\[0\] must be an object"),
        ({"models": [{**ONE, "modelid": "b"}]}, r"unknown key 'modelid'; did you mean 'model_id'"),
        ({**ONE, "env": "A=1"}, "env of the context must be JSON"),
        ({**ONE, "instance_count": "two"}, "instance_count of the context must be a whole number"),
        ({"models": [{**ONE, "revision": 7}]}, "revision of models.0. must be text, got 7"),
        ({"models": [ONE, ONE]}, "two models would have the stack 'name-7B'"),
    ],
)
def test_bad_context_is_a_clear_error(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_models(context(values))


def test_a_package_takes_nothing_of_a_container() -> None:
    with pytest.raises(ValueError, match=r"env of the model .* can't be given together with"):
        read_one(packages=ARN, env='{"A": "b"}').deployment()


def test_a_serving_option_that_does_not_exist_is_a_clear_error() -> None:
    with pytest.raises(ValueError, match="unknown key 'max_tokens'; did you mean 'max_total_"):
        read_one(serving='{"max_tokens": 1}').deployment()


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=9)


@given(st.dictionaries(st.sampled_from(KEYS), scalars | st.dictionaries(st.text(), scalars)))
def test_any_context_gives_models_or_a_plain_error(values: dict[str, object]) -> None:
    with contextlib.suppress(TypeError, ValueError):
        for settings in read_models(context(values)):
            assert settings.deployment().model_id
