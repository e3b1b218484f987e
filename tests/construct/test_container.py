from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk.assertions import Annotations, Match, Template

from conftest import STRICT, VIRGINIA
from sagemaker_model import (
    Container,
    ContainerImage,
    ContainerImages,
    DeploymentType,
    SageMakerModel,
    ServingOptions,
    Weights,
)

COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"


def container_of(stack: Stack) -> Mapping[str, Any]:
    (model,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Model").values()
    container: Mapping[str, Any] = model["Properties"]["PrimaryContainer"]
    return container


def environment_of(stack: Stack) -> Mapping[str, Any]:
    environment: Mapping[str, Any] = container_of(stack)["Environment"]
    return environment


def test_the_smallest_use_serves_by_hugging_faces_vllm_on_all_gpus(stack: Stack) -> None:
    container = Container(
        model_id="Qwen/Qwen2.5-7B-Instruct", instance_type="ml.g5.12xlarge", revision=COMMIT
    )

    model = SageMakerModel(stack, "Model", model=container)

    assert ":0.29.0-transformers" in container_of(stack)["Image"]
    assert environment_of(stack) == {
        "HF_MODEL_ID": "Qwen/Qwen2.5-7B-Instruct",
        "SM_VLLM_REVISION": COMMIT,
        "SM_VLLM_TOKENIZER_REVISION": COMMIT,
        "SM_VLLM_CODE_REVISION": COMMIT,
        "SM_VLLM_TENSOR_PARALLEL_SIZE": "4",
    }
    assert model.deployment_type is DeploymentType.CONTAINER


def test_the_blogs_example_is_told_to_tgi_in_its_own_words(stack: Stack) -> None:
    container = Container(
        model_id="OpenAssistant/pythia-12b-sft-v8-7k-steps",
        instance_type="ml.g5.12xlarge",
        container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_0_8_2,
        serving=ServingOptions(max_input_tokens=1024, max_total_tokens=2048),
    )

    SageMakerModel(stack, "Model", model=container)

    assert environment_of(stack) == {
        "HF_MODEL_ID": "OpenAssistant/pythia-12b-sft-v8-7k-steps",
        "SM_NUM_GPUS": "4",
        "MAX_INPUT_LENGTH": "1024",
        "MAX_TOTAL_TOKENS": "2048",
    }


@pytest.mark.parametrize(
    ("family", "name"),
    [
        ("djl-lmi", "OPTION_MAX_MODEL_LEN"),
        ("sglang-server", "SM_SGLANG_CONTEXT_LENGTH"),
        ("vllm-server", "SM_VLLM_MAX_MODEL_LEN"),
    ],
)
def test_changing_the_engine_is_one_word(stack: Stack, family: str, name: str) -> None:
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        container=ContainerImage.of(family),
        serving=ServingOptions(max_total_tokens=4096),
    )

    SageMakerModel(stack, "Model", model=container)

    assert environment_of(stack)[name] == "4096"


def test_the_users_variables_come_last(stack: Stack) -> None:
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.12xlarge",
        env={"SM_VLLM_TENSOR_PARALLEL_SIZE": "2", "SM_VLLM_DTYPE": "float16"},
    )

    SageMakerModel(stack, "Model", model=container)

    assert environment_of(stack)["SM_VLLM_TENSOR_PARALLEL_SIZE"] == "2"
    assert environment_of(stack)["SM_VLLM_DTYPE"] == "float16"


@pytest.mark.parametrize(("value", "text"), [(4096, "'4096'"), (True, "'true'"), (None, "'None'")])
def test_a_variable_that_is_not_text_is_refused_at_once(value: object, text: str) -> None:
    with pytest.raises(TypeError, match=rf"env\['A'\] must be text.*write {text}"):
        Container(
            model_id="org/name",
            instance_type="ml.g5.2xlarge",
            env={"A": value},  # type: ignore[dict-item]
        )


@pytest.mark.parametrize("name", ["model_id", "instance_type"])
def test_an_empty_argument_is_refused_at_once(name: str) -> None:
    values = {"model_id": "org/name", "instance_type": "ml.g5.2xlarge", name: ""}

    with pytest.raises(ValueError, match=f"{name} is empty"):
        Container(model_id=values["model_id"], instance_type=values["instance_type"])


def test_a_token_itself_is_refused_as_it_would_stand_in_the_template() -> None:
    with pytest.raises(ValueError, match="hf_token must not be the token itself"):
        Container(model_id="org/name", instance_type="ml.g5.2xlarge", hf_token="hf_" + "a" * 34)


def test_serving_options_need_an_engine_and_say_how_to_name_it(stack: Stack) -> None:
    repository = ecr.Repository(stack, "Repository")
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        container=ContainerImage.from_ecr_repository(repository, "1"),
        serving=ServingOptions(max_total_tokens=4096),
    )

    with pytest.raises(ValueError, match=r"not known what serves in it.*engine='vllm'"):
        SageMakerModel(stack, "Model", model=container)


def test_an_image_of_ones_own_is_told_the_model_in_common_words(stack: Stack) -> None:
    repository = ecr.Repository(stack, "Repository")
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        container=ContainerImage.from_ecr_repository(repository, "1"),
    )

    SageMakerModel(stack, "Model", model=container)

    assert environment_of(stack) == {"HF_MODEL_ID": "org/name"}


def test_an_engine_that_does_not_exist_is_an_error_with_a_suggestion(stack: Stack) -> None:
    image = ContainerImage.from_uri(
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1", engine="vlm"
    )
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge", container=image)

    with pytest.raises(ValueError, match="engine 'vlm' is not known; did you mean 'vllm'"):
        SageMakerModel(stack, "Model", model=container)


def test_weights_at_hand_are_served_instead_of_the_hubs(stack: Stack) -> None:
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        revision=COMMIT,
        weights=Weights.from_s3("s3://bucket/name/"),
    )

    SageMakerModel(stack, "Model", model=container)

    assert environment_of(stack)["SM_VLLM_MODEL"] == "/opt/ml/model"
    assert "SM_VLLM_REVISION" not in environment_of(stack)


def test_tokens_pass_as_instance_type_and_as_a_variables_value(agnostic: Stack) -> None:
    kind = CfnParameter(agnostic, "InstanceType").value_as_string
    container = Container(model_id="org/name", instance_type=kind, env={"HF_TASK": kind})

    SageMakerModel(agnostic, "Model", model=container)

    assert environment_of(agnostic)["HF_TASK"] == {"Ref": "InstanceType"}
    Annotations.from_stack(agnostic).has_no_warning("*", Match.string_like_regexp("instance_type"))


@pytest.mark.parametrize(("model_id", "seconds"), [("org/small-1B", 666), ("org/large-70B", 3600)])
def test_a_larger_model_may_take_longer_to_start(stack: Stack, model_id: str, seconds: int) -> None:
    SageMakerModel(
        stack, "Model", model=Container(model_id=model_id, instance_type="ml.g5.48xlarge")
    )

    Template.from_stack(stack).has_resource_properties(
        "AWS::SageMaker::EndpointConfig",
        {
            "ProductionVariants": [
                Match.object_like({"ContainerStartupHealthCheckTimeoutInSeconds": seconds})
            ]
        },
    )


HOST = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
LMI = "djl-inference:0.36.0-lmi27.0.0-cu130"


@pytest.mark.parametrize("given", [LMI, f"{HOST}/{LMI}"], ids=["repository:tag", "uri"])
def test_an_image_may_be_written_as_text(stack: Stack, given: str) -> None:
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge", container=given)

    SageMakerModel(stack, "Model", model=container)

    assert container_of(stack)["Image"] == f"{HOST}/{LMI}"


def test_an_image_is_built_from_a_folder_and_the_role_may_pull_it(
    stack: Stack, tmp_path: Path
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    image = ContainerImage.from_asset(str(tmp_path), engine="vllm")
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge", container=image)

    SageMakerModel(stack, "Model", model=container)

    repository = "cdk-hnb659fds-container-assets-123456789012-us-east-1"
    assert f"/{repository}:" in str(container_of(stack)["Image"])
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    assert f":repository/{repository}" in str(policies)


def test_a_mirror_is_pulled_from_its_repository_and_served_as_the_original(stack: Stack) -> None:
    repository = ecr.Repository(stack, "Repository")
    image = ContainerImage.mirror(ContainerImages.HF_VLLM_LATEST, repository)
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        container=image,
        serving=ServingOptions(max_total_tokens=4096),
    )

    SageMakerModel(stack, "Model", model=container)

    assert "Repository" in str(container_of(stack)["Image"])
    assert environment_of(stack)["SM_VLLM_MAX_MODEL_LEN"] == "4096"
    policies = str(Template.from_stack(stack).find_resources("AWS::IAM::Policy"))
    assert str(stack.resolve(repository.repository_arn)) in policies
    assert "763104351884" not in policies


def test_a_context_key_sends_images_of_the_table_to_a_mirror() -> None:
    mirror = "999999999999.dkr.ecr.us-east-1.amazonaws.com"
    stack = Stack(App(context={**STRICT, "sagemaker-model:mirror": mirror}), "S", env=VIRGINIA)

    SageMakerModel(
        stack, "Model", model=Container(model_id="org/name", instance_type="ml.g5.2xlarge")
    )

    assert container_of(stack)["Image"].startswith(f"{mirror}/huggingface-vllm:")
