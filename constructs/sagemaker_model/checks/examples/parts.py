"""What examples are made of that are about something else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sagemaker_model import Container, ContainerImage, CustomInference

MODEL = "Qwen/Qwen2.5-7B-Instruct"
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/name"


def a_container(instance_type: str = "ml.g5.2xlarge", **env: str) -> Container:
    """Return a container of which nothing is found."""
    return Container(
        model_id=MODEL,
        revision=COMMIT,
        instance_type=instance_type,
        container=ContainerImage.of("huggingface-vllm", version="0.29.0"),
        env=env or None,
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
