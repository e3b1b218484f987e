"""What every engine may be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn, TypeAlias

from sagemaker_model.runtime.prompt_format import Message

Body: TypeAlias = dict[str, Any]
"""A request, before it is written as JSON."""
Values: TypeAlias = Mapping[str, Any]
"""Checked parameters by name."""


class Protocol:
    """How an engine is asked; a subclass writes the requests that its engine takes.

    Answers need no protocol: their shape tells what they are.
    """

    title: ClassVar[str]
    """Name of the engine for people: ``"vLLM"``."""
    streams: ClassVar[bool] = True
    """Whether answers can be read while they are written."""

    def generate(self, prompt: str, values: Values, *, stream: bool = False) -> Body:
        """Return the request that continues a text.

        Args:
            prompt: The text.
            values: Parameters, checked.
            stream: Whether the answer is read while it is written. Default: False.

        Raises:
            ValueError: The engine does not do this, or has not such a parameter.
        """
        del prompt, values, stream
        self._refuse("continues no text")

    def chat(self, messages: Sequence[Message], values: Values, *, stream: bool = False) -> Body:
        """Return the request that answers a chat by the model's own chat template.

        Args:
            messages: The messages so far.
            values: Parameters, checked.
            stream: Whether the answer is read while it is written. Default: False.

        Raises:
            ValueError: The engine does not do this, or has not such a parameter.
        """
        del messages, values, stream
        self._refuse("answers no chats")

    def embed(self, texts: Sequence[str], values: Values) -> Body:
        """Return the request that makes a vector of each text.

        Args:
            texts: The texts.
            values: Parameters, checked.

        Raises:
            ValueError: The engine does not do this, or has not such a parameter.
        """
        del texts, values
        self._refuse("makes no embeddings")

    def rerank(self, query: str, texts: Sequence[str], values: Values) -> Body:
        """Return the request that scores how well texts answer a query.

        Args:
            query: The query.
            texts: The texts.
            values: Parameters, checked.

        Raises:
            ValueError: The engine does not do this, or has not such a parameter.
        """
        del query, texts, values
        self._refuse("scores no texts")

    def _refuse(self, what: str) -> NoReturn:
        raise ValueError(
            f"{self.title} {what} at /invocations; ask for what it does, or send a request of your "
            "own by invoke"
        )
