"""A conversation on a page: what is said, and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sagemaker_model.runtime import Endpoint, Message, Parameters, PromptFormat
from sagemaker_model.web.writing import Writing, Writings


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page shows of a conversation.

    Args:
        said: The messages so far.
        writing: Whether an answer is being written. Default: False.
        figures: How fast it came. Default: nothing.
        problem: What went wrong. Default: nothing.
        unsaid: A text that got no answer, for another try. Default: nothing.
    """

    said: list[Message]
    writing: bool = False
    figures: str = ""
    problem: str = ""
    unsaid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Who answers, and how.

    Args:
        endpoint: Who answers.
        prompt_format: How the chat is written as one prompt. Default: the model's own template
            does.
        writings: Where answers can be stopped.
    """

    endpoint: Endpoint
    prompt_format: PromptFormat | None = None
    writings: Writings

    @property
    def takes_system(self) -> bool:
        """Whether there is a place for a system message."""
        return self.prompt_format is None or self.prompt_format.system is not None

    def say(
        self,
        text: str,
        said: Sequence[Message],
        *,
        system: str = "",
        parameters: Parameters,
        session: str,
    ) -> Iterator[View]:
        """Say something, and yield what is to be shown while the answer is written.

        What got no answer at all does not become part of the conversation.

        Args:
            text: What to say.
            said: What was said before.
            system: A system message. Default: none.
            parameters: How to answer.
            session: Whose page it is.
        """
        asked: list[Message] = [*said, {"role": "user", "content": text}]
        sent = [{"role": "system", "content": system}, *asked] if system.strip() else asked
        yield View(said=asked, writing=True)
        writing = self.writings.begin(
            session,
            lambda: self.endpoint.chat_stream(sent, prompt_format=self.prompt_format, **parameters),
        )
        for _ in writing:
            yield View(said=_with(asked, writing.text), writing=True, figures=writing.figures)
        if not writing.unwanted:
            yield _ended(text, [*said], asked, writing)


def without_last_turn(said: Sequence[Message]) -> tuple[list[Message], str]:
    """Return a conversation without its last question and answer, and that question.

    >>> without_last_turn([{"role": "user", "content": "hi"}, {"role": "assistant", "content": ""}])
    ([], 'hi')
    """
    asked = [place for place, message in enumerate(said) if message["role"] == "user"]
    return ([*said[: asked[-1]]], str(said[asked[-1]]["content"])) if asked else ([*said], "")


def _with(asked: list[Message], answer: str) -> list[Message]:
    return [*asked, {"role": "assistant", "content": answer}] if answer else asked


def _ended(text: str, said: list[Message], asked: list[Message], writing: Writing) -> View:
    if not writing.text and (writing.problem or writing.stopped):
        return View(said=said, problem=writing.problem, unsaid=text)
    answer: Message = {"role": "assistant", "content": writing.text}
    return View(said=[*asked, answer], figures=writing.figures, problem=writing.problem)
