"""What examples are made of that are about something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sagemaker_model import Container, ContainerImage, CustomInference, ServingOptions
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig

MODEL = "Qwen/Qwen2.5-7B-Instruct"
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"
SGLANG = ContainerImage.of("sglang", version="0.5.20")
TGI = ContainerImage.of("huggingface-llm", version="3.3.6")
VLLM = ContainerImage.of("huggingface-vllm", version="0.29.0")
TOOLKIT = ContainerImage.of("huggingface", version="4.48.0", processor="cpu")


def a_container(instance_type: str = "ml.g5.2xlarge", **env: str) -> Container:
    """Return a container of which nothing is found."""
    return replace(a_model(instance_type), env=env or None)


def a_model(
    instance_type: str = "ml.g5.2xlarge",
    *,
    image: ContainerImage = VLLM,
    serving: ServingOptions | None = None,
) -> Container:
    """Return a container of which nothing is found, but for what is given."""
    return Container(
        model_id=MODEL,
        revision=COMMIT,
        instance_type=instance_type,
        container=image,
        serving=serving or ServingOptions(),
    )


def some_code(
    inference: str, requirements: str = "", container: ContainerImage | str | None = None
) -> CustomInference:
    """Return a model with inference code, which is written to the current folder."""
    files = {"inference.py": inference}
    if requirements:
        files["requirements.txt"] = requirements
    return CustomInference(
        model_id=MODEL,
        revision=COMMIT,
        instance_type="ml.g5.2xlarge",
        code_folder=a_folder("code", files),
        container=container,
    )


def a_folder(name: str, files: Mapping[str, str]) -> str:
    """Return a folder with these files, which is made in the current folder."""
    folder = Path(name).absolute()
    folder.mkdir()
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return str(folder)


def a_lock(config: ModelConfig | None = None, **facts: Any) -> ModelLock:
    """Return what a lock file says of the model, but for what is given."""
    known: dict[str, Any] = {
        "licence": "apache-2.0",
        "pipeline_tag": "text-generation",
        "parameters": {"BF16": 7_615_616_512},
        "chat_template": True,
        "config": config or a_config(),
    }
    model = LockedModel(id=MODEL, commit=COMMIT, revision=COMMIT, **{**known, **facts})
    return ModelLock(models={f"{MODEL}@{COMMIT}": model})


def a_config(**facts: Any) -> ModelConfig:
    """Return what the model's ``config.json`` says, but for what is given."""
    known: dict[str, Any] = {
        "architectures": ("Qwen2ForCausalLM",),
        "model_type": "qwen2",
        "dtype": "bfloat16",
        "hidden_size": 3584,
        "vocab_size": 152_064,
        "num_hidden_layers": 28,
        "num_attention_heads": 28,
        "num_key_value_heads": 4,
        "max_position_embeddings": 32_768,
    }
    return ModelConfig(**{**known, **facts})
