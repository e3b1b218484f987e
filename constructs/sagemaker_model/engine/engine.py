"""What every serving engine can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
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
        mounted: Whether the weights lie at ``/opt/ml/model``; otherwise the container
            downloads them.
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

    @property
    def location(self) -> str:
        """Where the engine finds the weights: a folder, or the model's id on the Hub."""
        return MODEL_DIRECTORY if self.mounted else self.model_id

    @property
    def tensor_parallel_degree(self) -> int | None:
        """What the user asked for, else all GPUs of the instance; None without one."""
        return self.options.tensor_parallel_degree or self.gpus or None


class Engine(ABC):
    """A program that serves models: what it is told, and in which variables.

    A subclass says which variable of its own stands for which neutral option, and what it must
    be told of the model besides.
    """

    name: ClassVar[str]
    """Short name, as in ``engine="vllm"``."""
    title: ClassVar[str]
    """Name for people: ``"vLLM"``."""
    families: ClassVar[tuple[str, ...]]
    """The image families that run this engine, as in the image table."""
    model_variables: ClassVar[frozenset[str]]
    """The variables that say which model is served."""
    variables: ClassVar[frozenset[str]] = frozenset()
    """All other variables that the engine reads, as far as they are listed one by one."""
    prefixes: ClassVar[tuple[str, ...]] = ()
    """Beginnings of variables that the engine hands on to a server."""
    aliases: ClassVar[tuple[frozenset[str], ...]] = ()
    """Variables that are names of one setting: of each set only one is obeyed."""
    openai: ClassVar[bool] = False
    """Whether it is one that SageMaker's path for clients of OpenAI is documented for."""
    lora_variables: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What makes it load LoRA adapters from SageMaker; empty where it is not known to."""
    reads_lines: ClassVar[bool] = False
    """Whether the entrypoint reads its variables line by line, so that a value ends at a break."""

    @abstractmethod
    def model(self, served: ServedModel) -> dict[str, str]:
        """Return the variables that say which model is served, and on how many GPUs."""

    @abstractmethod
    def option_variables(self, version: str | None) -> Mapping[str, str]:
        """Return the variable of each neutral option that the engine has."""

    def environment(self, served: ServedModel) -> dict[str, str]:
        """Return the container's environment variables for *served*."""
        names = self.option_variables(served.version)
        options = {
            names[option]: self.text(value, served.version)
            for option, value in given_options(served.options).items()
            if option in names
        }
        return self.model(served) | options

    def unsupported(self, served: ServedModel) -> tuple[str, ...]:
        """Return the neutral options that were given and that the engine does not have."""
        known = self.option_variables(served.version)
        return tuple(option for option in given_options(served.options) if option not in known)

    def flags(self) -> frozenset[str]:
        """Return the names that may follow a prefix, as far as they are known."""
        return frozenset()

    def text(self, value: object, version: str | None) -> str:  # noqa: ARG002
        """Write an option's value as the engine reads it."""
        return "true" if value is True else str(value)


def given_options(options: ServingOptions) -> dict[str, object]:
    """Return the options that the user gave, by name."""
    values = {option.name: getattr(options, option.name) for option in fields(options)}
    return {name: value for name, value in values.items() if value not in (None, False)}


def filled(**variables: str | int | None) -> dict[str, str]:
    """Return the variables that have a value, as text.

    >>> filled(HF_MODEL_ID="org/name", HF_MODEL_REVISION=None, SM_NUM_GPUS=4)
    {'HF_MODEL_ID': 'org/name', 'SM_NUM_GPUS': '4'}
    """
    return {name: str(value) for name, value in variables.items() if value is not None}
