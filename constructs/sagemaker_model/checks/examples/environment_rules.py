"""Examples for the rules about environment variables."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import Container, ContainerImages, SageMakerModel
from sagemaker_model.checks.examples.parts import MODEL, a_container


def environment_name(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(**{"LOG-LEVEL": "info"}))


def environment_size(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(SYSTEM_PROMPT="Be kind. " * 200))


def environment_misspelt(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(SM_VLLM_MAX_MODEL_LEM="8192"))


def environment_unknown_flag(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(SM_VLLM_WARP_FACTOR="9"))


def environment_of_another_engine(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(OPTION_MAX_MODEL_LEN="8192"))


def environment_holds_a_secret(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(HF_TOKEN="hf_…"))  # noqa: S106


def environment_model_twice(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(HF_MODEL_ID="Qwen/Qwen2.5-1.5B-Instruct"))


def environment_overrides(stack: Stack) -> None:
    SageMakerModel(
        stack, "Model", model=a_container("ml.g5.12xlarge", SM_VLLM_TENSOR_PARALLEL_SIZE="2")
    )


def environment_port(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=a_container(SM_VLLM_PORT="8000"))


def environment_conflict(stack: Stack) -> None:
    tgi = Container(
        model_id=MODEL,
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST,
        env={"MAX_INPUT_TOKENS": "4096", "MAX_TOTAL_TOKENS": "2048"},
    )
    SageMakerModel(stack, "Model", model=tgi)


def environment_lines(stack: Stack) -> None:
    SageMakerModel(
        stack, "Model", model=a_container(SM_VLLM_CHAT_TEMPLATE="{% if a %}\n{% endif %}")
    )
