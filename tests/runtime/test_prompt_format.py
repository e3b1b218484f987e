"""Chats are written as one prompt for models that have no chat template."""

import pytest

from sagemaker_model.runtime import OPEN_ASSISTANT, PromptFormat
from sagemaker_model.runtime.prompt_format import as_messages

CHAT = [
    {"role": "user", "content": "What is {} in Python?"},
    {"role": "assistant", "content": "An empty dictionary."},
    {"role": "user", "content": "And set()?"},
]


def test_a_chat_is_written_as_open_assistant_learnt_it() -> None:
    assert OPEN_ASSISTANT(CHAT) == (
        "<|prompter|>What is {} in Python?<|endoftext|>"
        "<|assistant|>An empty dictionary.<|endoftext|>"
        "<|prompter|>And set()?<|endoftext|>"
        "<|assistant|>"
    )


def test_a_role_that_the_format_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"role 'system'; it has: user, assistant;"):
        OPEN_ASSISTANT([{"role": "system", "content": "Be brief."}, *CHAT])


def test_a_format_may_have_system_messages() -> None:
    taught = PromptFormat(user="U{}", assistant="A{}", answer="A", system="S{}")

    assert taught([{"role": "system", "content": "x"}, *CHAT[-1:]]) == "SxUAnd set()?A"


@pytest.mark.parametrize("template", ["<|user|>", "{} and {}"])
def test_a_message_needs_one_place_for_its_text(template: str) -> None:
    with pytest.raises(ValueError, match=r"user must have one \{\}"):
        PromptFormat(user=template, assistant="{}", answer="")


def test_a_message_of_parts_has_no_place_in_a_prompt() -> None:
    with pytest.raises(TypeError, match="takes messages of text"):
        OPEN_ASSISTANT([{"role": "user", "content": [{"type": "image_url"}]}])


def test_a_text_is_a_users_message() -> None:
    assert as_messages("hello") == [{"role": "user", "content": "hello"}]


def test_a_chat_without_messages_is_refused() -> None:
    with pytest.raises(ValueError, match="there are no messages"):
        as_messages([])


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(TypeError, match="a message must be"):
        as_messages(["hello"])  # type: ignore[list-item]
