"""The parameters of a generation as controls of a page.

The defaults are those of Hugging Face's "Introducing the Hugging Face LLM Inference Container for
Amazon SageMaker".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sagemaker_model.runtime import Parameters, PromptFormat
from sagemaker_model.runtime.protocol.protocol import Protocol
from sagemaker_model.web.task import Task, takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A parameter that is on or off."""

    name: str
    info: str
    default: bool

    def read(self, given: Any) -> bool | None:
        """Return what goes into a request; None where the engine is to decide."""
        return True if given else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A number within limits."""

    name: str
    info: str
    default: float
    least: float
    most: float
    step: float

    def read(self, given: Any) -> float:
        """Return what goes into a request; a browser makes no difference between 1 and 1.0."""
        return type(self.step)(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, or nothing where the engine is to decide."""

    name: str
    info: str
    example: float
    default: str = ""

    def read(self, given: Any) -> float | str | None:
        """Return what goes into a request; what is no number stays, for the request to refuse."""
        text = str(given).strip()
        try:
            return type(self.example)(text) if text else None
        except ValueError:
            return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    r"""Texts, one a line; ``\n`` in one is the end of a line."""

    name: str
    info: str
    default: str = ""

    def read(self, given: Any) -> list[str] | None:
        """Return what goes into a request."""
        lines = [line.replace("\\n", "\n") for line in str(given).splitlines() if line]
        return lines or None


Control: TypeAlias = Switch | Slide | Number | Texts

CONTROLS: Sequence[Control] = (
    Slide(
        name="max_new_tokens",
        info="Most tokens of an answer",
        default=256,
        least=1,
        most=4096,
        step=1,
    ),
    Switch(name="do_sample", info="Off: the likeliest token each time", default=True),
    Slide(
        name="temperature",
        info="How random: 1 is as the model learnt",
        default=0.7,
        least=0.05,
        most=2.0,
        step=0.05,
    ),
    Slide(
        name="top_p",
        info="Only the likeliest tokens that together have this probability",
        default=0.7,
        least=0.05,
        most=1.0,
        step=0.05,
    ),
    Slide(
        name="top_k",
        info="Only so many of the likeliest tokens",
        default=50,
        least=1,
        most=200,
        step=1,
    ),
    Slide(
        name="repetition_penalty",
        info="Above 1: repeats itself less",
        default=1.03,
        least=1.0,
        most=2.0,
        step=0.01,
    ),
    Texts(name="stop", info="Texts at which an answer ends, one a line"),
    Number(name="seed", info="The same seed, the same answer", example=1),
    Number(name="typical_p", info="Only typical tokens, up to this probability", example=0.95),
    Number(name="truncate", info="Only so many last tokens of the prompt", example=1000),
    Switch(name="watermark", info="Mark the text as generated", default=False),
)
"""What changes the text of a stream; other parameters change its form, or can't be streamed."""
_OF_SAMPLING = frozenset({"temperature", "top_p", "top_k", "typical_p", "seed"})


def controls_for(
    task: Task, protocol: Protocol, prompt_format: PromptFormat | None
) -> list[Control]:
    """Return the controls of what an engine has for a task.

    Args:
        task: What is asked.
        protocol: How the engine is asked.
        prompt_format: How a chat becomes a prompt, whose own stop texts are the default then;
            None where the model's own template does.
    """
    return [
        _with_stop(control, prompt_format)
        for control in CONTROLS
        if takes(task, protocol, prompt_format, {control.name: _sample(control)})
    ]


def chosen(controls: Sequence[Control], given: Sequence[object]) -> Parameters:
    """Return the parameters of a request.

    Args:
        controls: The controls.
        given: What each is set to. Where ``do_sample`` is off, what only changes sampling is left
            out, and ``do_sample`` is told.
    """
    values = {
        control.name: control.read(value) for control, value in zip(controls, given, strict=True)
    }
    parameters = {name: value for name, value in values.items() if value is not None}
    if "do_sample" in values and not values["do_sample"]:
        parameters = {k: v for k, v in parameters.items() if k not in _OF_SAMPLING}
        parameters["do_sample"] = False
    return _typed(parameters)


def _typed(values: Mapping[str, Any]) -> Parameters:
    parameters: Parameters = {**values}  # type: ignore[typeddict-item]
    return parameters


def _sample(control: Control) -> object:
    match control:
        case Texts():
            return ["text"]
        case Number():
            return control.example
        case Switch():
            return True
    return control.default


def _with_stop(control: Control, prompt_format: PromptFormat | None) -> Control:
    if isinstance(control, Texts) and prompt_format is not None:
        return replace(control, default="\n".join(prompt_format.stop))
    return control
