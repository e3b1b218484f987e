"""What is read from an app's context, without any construct."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model import Container, ContainerImages, CustomInference, ModelPackage
from sagemaker_model.context import KEYS, ModelSettings, read_models

ARN = "arn:aws:sagemaker:us-east-1:865070037744:model-package/llama2"
ONE = {"model_id": "org/name", "instance_type": "ml.g5.2xlarge"}


def read(context: Mapping[str, object]) -> list[ModelSettings]:
    return read_models(context.get)


def the_one(**more: object) -> ModelSettings:
    (settings,) = read({**ONE, **more})
    return settings


def the_container(**more: object) -> Container:
    deployment = the_one(**more).deployment()
    assert isinstance(deployment, Container)
    return deployment


def test_one_model_is_read_from_single_keys() -> None:
    assert read(ONE) == [ModelSettings(model_id="org/name", instance_type="ml.g5.2xlarge")]


def test_several_models_are_read_from_a_list_in_its_order() -> None:
    models = [ONE, {**ONE, "model_id": "org/other"}]

    assert [each.model_id for each in read({"models": models})] == ["org/name", "org/other"]


def test_the_list_may_be_json_as_the_command_line_gives_it() -> None:
    text = '[{"model_id": "org/name", "instance_type": "ml.g5.2xlarge"}]'

    assert read({"models": text}) == read(ONE)


def test_single_keys_win_over_the_list() -> None:
    context = {**ONE, "models": [{**ONE, "model_id": "org/other"}]}

    assert [each.model_id for each in read(context)] == ["org/name"]


def test_null_is_as_good_as_left_out() -> None:
    entry = {**ONE, "revision": None, "env": None, "serving": None, "instance_count": None}

    assert read({"models": [entry]}) == read(ONE)


@pytest.mark.parametrize("models", [None, [], "[]"])
def test_a_context_without_a_model_says_how_to_give_one(models: object) -> None:
    with pytest.raises(ValueError, match="describes no model; give one with -c model_id="):
        read({"models": models})


@pytest.mark.parametrize("missing", sorted(ONE))
def test_a_key_that_every_model_needs_is_asked_for(missing: str) -> None:
    entry = {key: value for key, value in ONE.items() if key != missing}

    with pytest.raises(ValueError, match=f"the context has no {missing}; add it"):
        read(entry)
    with pytest.raises(ValueError, match=rf"models\[0\] has no {missing}; add it"):
        read({"models": [entry]})


def test_a_setting_beside_the_list_is_not_silently_ignored() -> None:
    with pytest.raises(ValueError, match="the context has no model_id; add it"):
        read({"vpc_id": "vpc-1", "models": [ONE]})


def test_a_misspelt_key_is_an_error_with_a_suggestion() -> None:
    with pytest.raises(
        ValueError,
        match=r"models\[0\] has the unknown key 'instance_typ'; did you mean 'instance_type'\?",
    ):
        read({"models": [{"model_id": "org/name", "instance_typ": "ml.g5.2xlarge"}]})


def test_a_misspelt_serving_option_is_an_error_with_a_suggestion() -> None:
    settings = the_one(serving={"max_totel_tokens": 1})

    with pytest.raises(ValueError, match="did you mean 'max_total_tokens'"):
        settings.deployment()


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"models": "[{"}, "models must be JSON"),
        ({"models": {}}, "models must be a list"),
        ({"models": ["org/name"]}, r"models\[0\] must be an object"),
        ({**ONE, "env": "A=1"}, "env of the context must be JSON, got 'A=1'"),
        ({**ONE, "env": "[]"}, "env of the context must be an object"),
        ({**ONE, "serving": []}, "serving of the context must be an object"),
        ({**ONE, "packages": "{"}, "packages of the context must be JSON"),
        ({**ONE, "instance_count": "two"}, "instance_count of the context must be a whole number"),
        ({**ONE, "instance_count": 1.5}, "instance_count of the context must be a whole number"),
        ({**ONE, "revision": 7}, "revision of the context must be text, got 7"),
        ({**ONE, "encrypt": "yes"}, "encrypt of the context must be true or false, got 'yes'"),
    ],
)
def test_a_value_of_the_wrong_form_is_named_with_what_it_must_be(
    context: Mapping[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        read(context)


def test_text_of_the_command_line_becomes_numbers_and_objects() -> None:
    settings = the_one(instance_count="3", env='{"A": "1"}', serving='{"max_batch_size": 8}')

    assert (settings.instance_count, settings.env) == (3, {"A": "1"})
    assert settings.serving == {"max_batch_size": 8}


@pytest.mark.parametrize(
    ("given_value", "expected"), [(True, True), ("true", True), (False, False), ("false", False)]
)
def test_encrypt_is_true_or_false(given_value: object, expected: bool) -> None:
    assert the_one(encrypt=given_value).encrypt is expected


@pytest.mark.parametrize("packages", [ARN, {"us-east-1": ARN}, f'{{"us-east-1": "{ARN}"}}'])
def test_packages_make_a_model_package(packages: object) -> None:
    deployment = the_one(packages=packages).deployment()

    assert isinstance(deployment, ModelPackage)
    assert deployment.packages in (ARN, {"us-east-1": ARN})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("container", "TEI_LATEST"),
        ("revision", "main"),
        ("weights", "s3://bucket/name/"),
        ("env", {"A": "1"}),
        ("serving", {"max_batch_size": 8}),
    ],
)
def test_packages_bring_their_own_container_and_weights(key: str, value: object) -> None:
    settings = the_one(packages=ARN, **{key: value})

    with pytest.raises(ValueError, match=f"{key} of the model 'org/name' can't be given together"):
        settings.deployment()


@pytest.mark.parametrize("name", ["TEI_LATEST", "ContainerImages.TEI_LATEST"])
def test_an_image_may_be_a_name_of_container_images(name: str) -> None:
    assert the_container(container=name).container is ContainerImages.TEI_LATEST


def test_any_other_image_is_passed_on_as_it_is() -> None:
    name = "djl-inference:0.36.0-lmi27.0.0-cu130"

    assert the_container(container=name).container == name


def test_weights_are_an_s3_uri() -> None:
    assert the_container().weights is None
    assert the_container(weights="s3://bucket/name/").weights is not None
    with pytest.raises(ValueError, match="uri must be s3://"):
        the_one(weights="bucket/name/").deployment()


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({"model_id": "Qwen/Qwen2.5-7B-Instruct"}, "Qwen2-5-7B-Instruct"),
        ({"model_id": "org/7b"}, "Model-7b"),
        ({"name": "my model"}, "my-model"),
    ],
)
def test_the_stacks_name_is_made_of_the_models(entry: Mapping[str, str], name: str) -> None:
    assert the_one(**entry).stack_name == name


def test_two_models_of_one_stack_name_are_refused() -> None:
    models = [{**ONE, "model_id": "one/name"}, {**ONE, "model_id": "other/name"}]

    with pytest.raises(ValueError, match="two models would have the stack 'name'"):
        read({"models": models})


@given(name=st.text(min_size=1))
def test_any_name_gives_a_stack_name_that_cloudformation_takes(name: str) -> None:
    stack_name = the_one(name=name).stack_name

    assert stack_name[0].isascii()
    assert stack_name[0].isalpha()
    assert set(stack_name) <= set("-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.lists(st.text()),
    st.dictionaries(st.text(), st.text()),
)


@given(context=st.dictionaries(st.sampled_from(["models", *KEYS]), VALUES))
def test_any_context_gives_models_or_one_kind_of_error(context: dict[str, object]) -> None:
    models = []
    with contextlib.suppress(ValueError):
        models = read(context)

    assert all(isinstance(each, ModelSettings) for each in models)


def test_code_of_your_own_takes_several_models_and_a_commit_for_each(tmp_path: Path) -> None:
    (tmp_path / "inference.py").write_text("def model_fn(model_dir):\n    return 1\n")
    models, commits = '["a/one", "b/two"]', '{"a/one": "main"}'

    settings = the_one(model_id=models, revision=commits, code_folder=str(tmp_path))

    deployment = settings.deployment()
    assert isinstance(deployment, CustomInference)
    assert deployment.model_ids == ("a/one", "b/two")
    assert deployment.revision == {"a/one": "main"}
    assert settings.stack_name == "one"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"model_id": ["a/one", "b/two"]}, "which only code_folder serves on one endpoint"),
        ({"serving": {"max_total_tokens": 8}, "code_folder": "."}, "your own code decides"),
        ({"packages": ARN, "hf_token": "secret"}, "hf_token of the model"),
    ],
    ids=["several", "serving", "packages"],
)
def test_what_does_not_go_together_with_staging_is_refused(
    more: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        the_one(**more).deployment()
