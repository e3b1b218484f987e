"""Chats as one prompt, for models that have no chat template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Message: TypeAlias = Mapping[str, Any]
"""A message of a chat: ``{"role": "user", "content": "…"}``."""
_PLACE = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFormat:
    """How a chat is written as one prompt; call it with the messages.

    What a user writes is put in as it is: a message that holds the format's own marks can pretend
    to be another turn.

    Args:
        user: A user's message, ``{}`` where its text goes, as ``"<|prompter|>{}<|endoftext|>"``.
        assistant: A message of the model's, likewise.
        answer: What the prompt ends with, so that the model answers, as ``"<|assistant|>"``.
        system: A system message, likewise. Default: None, the model was not taught any, and such a
            message is refused.
        stop: Texts at which an answer ends; they are added to the request's. Default: none.

    Raises:
        ValueError: A message has no place for its text, or several.
    """

    user: str
    assistant: str
    answer: str
    system: str | None = None
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for role in ("user", "assistant", "system"):
            template = getattr(self, role)
            if template is not None and template.count(_PLACE) != 1:
                raise ValueError(
                    f"{role} must have one {{}} where the message's text goes, got {template!r}"
                )

    def __call__(self, messages: Sequence[Message]) -> str:
        """Return the prompt of a chat.

        Args:
            messages: The messages so far, the oldest first.

        Raises:
            TypeError: A message's content is no text.
            ValueError: A message's role has no place in the format.
        """
        return "".join([*map(self._written, messages), self.answer])

    def _written(self, message: Message) -> str:
        templates = {"user": self.user, "assistant": self.assistant, "system": self.system}
        role, content = message.get("role"), message.get("content")
        template = templates.get(str(role))
        if template is None:
            having = ", ".join(name for name, each in templates.items() if each is not None)
            raise ValueError(
                f"this prompt format has no place for a message of the role {role!r}; it has: "
                f"{having}; give the format one, or leave the message out"
            )
        if not isinstance(content, str):
            raise TypeError(f"a prompt format takes messages of text, got {content!r}")
        return template.replace(_PLACE, content)


PromptFormatter: TypeAlias = PromptFormat | Callable[[Sequence[Message]], str]
"""A prompt format, or a function of one's own that writes the prompt of a chat."""

OPEN_ASSISTANT = PromptFormat(
    user="<|prompter|>{}<|endoftext|>",
    assistant="<|assistant|>{}<|endoftext|>",
    answer="<|assistant|>",
    stop=("<|endoftext|>",),
)
"""The format of ``OpenAssistant/pythia-12b-sft-v8-7k-steps`` and its relatives."""


def as_messages(chat: str | Sequence[Message]) -> list[Message]:
    """Return the messages of a chat; a text is a user's.

    Raises:
        TypeError: It holds something that is no message.
        ValueError: It holds no message.

    >>> as_messages("hello")
    [{'role': 'user', 'content': 'hello'}]
    """
    if isinstance(chat, str):
        return [{"role": "user", "content": chat}]
    messages = [*chat]
    for message in messages:
        if not isinstance(message, Mapping) or "role" not in message:
            raise TypeError(
                f'a message must be {{"role": "user", "content": "…"}} or the like, got {message!r}'
            )
    if not messages:
        raise ValueError("there are no messages; give at least one of the role 'user'")
    return messages
