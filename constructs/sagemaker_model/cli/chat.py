"""``chat``: talk with a deployed language model."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from sagemaker_model.cli.ask import Asked, Component, Engine, find_endpoint
from sagemaker_model.cli.aws import Local, Profile, Region
from sagemaker_model.cli.console import AsJson
from sagemaker_model.cli.conversation import Conversation
from sagemaker_model.runtime import OPEN_ASSISTANT


class Format(StrEnum):
    """What ``--prompt-format`` may name."""

    OPEN_ASSISTANT = "open-assistant"


FORMATS = {Format.OPEN_ASSISTANT: OPEN_ASSISTANT}


def chat(
    endpoint: Asked,
    text: Annotated[
        str | None,
        typer.Argument(help="What to say. Default: each line of the input, as a conversation."),
    ] = None,
    *,
    system: Annotated[str | None, typer.Option(help="A system message, before all.")] = None,
    prompt_format: Annotated[
        Format | None, typer.Option(help="For a model without a chat template.")
    ] = None,
    max_new_tokens: Annotated[int | None, typer.Option(help="Most tokens of an answer.")] = None,
    temperature: Annotated[float | None, typer.Option(help="How random answers are.")] = None,
    top_k: Annotated[int | None, typer.Option(help="Consider so many tokens only.")] = None,
    top_p: Annotated[float | None, typer.Option(help="Consider this probability only.")] = None,
    repetition_penalty: Annotated[float | None, typer.Option(help="Above 1: fewer.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the sampling.")] = None,
    stop: Annotated[list[str] | None, typer.Option(help="End an answer at this text.")] = None,
    engine: Engine = None,
    component: Component = None,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Talk with a language model; its answers appear while they are written.

    Ctrl-C ends an answer, and at the prompt the conversation, as Ctrl-D does. With --json each
    answer is a line of JSON. For example:

        sagemaker-model chat chat

        sagemaker-model chat chat "What is Amazon SageMaker?" --max-new-tokens 200

        sagemaker-model chat pythia --prompt-format open-assistant --local

        sagemaker-model chat http://127.0.0.1:8080 --engine vllm
    """
    asked = find_endpoint(
        endpoint, engine=engine, component=component, local=local, region=region, profile=profile
    )
    conversation = Conversation(
        asked,
        parameters={
            "max_new_tokens": max_new_tokens,
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
            "repetition_penalty": repetition_penalty,
            "seed": seed,
            "stop": stop,
        },
        prompt_format=None if prompt_format is None else FORMATS[prompt_format],
        system=system,
        as_json=as_json,
    )
    if text is not None:
        conversation.say(text)
        return
    for line in _lines():
        conversation.go_on(line)


def _lines() -> Iterator[str]:
    """Yield what the user says, until the end of the input."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\n") for line in sys.stdin if line.strip())
        return
    while True:
        try:
            line = input("> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return
        if line.strip():
            yield line
