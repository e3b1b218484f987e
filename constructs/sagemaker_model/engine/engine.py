"""What every serving engine can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from sagemaker_model.engine.serving_options import ServingOptions

MODEL_DIRECTORY = "/opt/ml/model"
"""Where SageMaker puts a model's files inside the container."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """What an engine must be told of the model it serves.

    Args:
        model_id: Hugging Face model id.
        revision: Commit, tag or branch of the model; None for the default branch.
        mounted: Whether the weights lie at ``/opt/ml/model``; otherwise the container downloads them.
        gpus: How many GPUs the instance has; None when that is not known.
        version: Version of the image, as in the image table; None when it is not known, which
            is treated as the newest.
        options: The neutral serving options.
    """

    model_id: str
    revision: str | None = None
    mounted: bool = False
    gpus: int | None = None
    version: str | None = None
    options: ServingOptions = field(default_factory=ServingOptions)


class Engine(ABC):
    """A program that serves models: what it is told, and how."""

    name: ClassVar[str]
    """Short name, as in ``engine="vllm"``."""
    title: ClassVar[str]
    """Name for people: ``"vLLM"``."""
    families: ClassVar[tuple[str, ...]]
    """The image families that run this engine, as in the image table."""

    @abstractmethod
    def environment(self, served: ServedModel) -> dict[str, str]:
        """Return the container's environment variables for *served*."""
