"""The page to talk with a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from sagemaker_model.runtime import Message
from sagemaker_model.web.chat import Chat, View, without_last_turn
from sagemaker_model.web.controls import Control, chosen
from sagemaker_model.web.notice import problem_place, told
from sagemaker_model.web.parameters_panel import parameters_panel

Updates = dict[Any, Any]
_THOUGHTS = [("<think>", "</think>")]


class ChatPage:
    """The parts of the page; made within the Blocks that it belongs to.

    Args:
        chat: Who answers.
        controls: What a user may set.
    """

    def __init__(self, chat: Chat, controls: Sequence[Control]) -> None:
        self._chat = chat
        self._controls = controls
        with gr.Row():
            with gr.Column(scale=5, min_width=300):
                self._draw_conversation()
            with gr.Column(scale=3, min_width=300):
                self._system = gr.Textbox(
                    label="System prompt",
                    info="Stands before the conversation",
                    lines=2,
                    visible=chat.takes_system,
                )
                self._values = parameters_panel(controls)
        self._connect()

    def _draw_conversation(self) -> None:
        self._said = gr.State([])
        self._shown = gr.Chatbot(
            label="Conversation",
            height="max(18rem, calc(100vh - 21rem))",
            buttons=["copy"],
            feedback_options=None,
            allow_tags=False,
            reasoning_tags=_THOUGHTS,
            placeholder="Ask something",
        )
        self._problem = problem_place()
        with gr.Row(equal_height=True, elem_classes="asking"):
            self._text = gr.Textbox(
                label="Message",
                placeholder="Enter sends it, Shift+Enter begins a new line",
                max_lines=8,
                scale=1,
                min_width=240,
                autofocus=True,
            )
            self._send = gr.Button("Send", variant="primary", scale=0, min_width=90)
            self._stop = gr.Button("Stop", variant="stop", scale=0, min_width=90, visible=False)
            self._clear = gr.Button("Clear", scale=0, min_width=90)
        self._figures = gr.Markdown(elem_classes="figures")

    def _connect(self) -> None:
        asking = [self._said, self._system, *self._values]
        outputs = [self._said, self._shown, self._text, self._problem, self._figures]
        outputs += [self._send, self._stop]
        how: dict[str, Any] = {
            "outputs": outputs,
            "concurrency_limit": None,
            "show_progress": "minimal",
            "show_progress_on": self._shown,
            "api_visibility": "private",
        }
        gr.on(
            [self._text.submit, self._send.click],
            self._say,
            [self._text, *asking],
            trigger_mode="once",
            **how,
        )
        self._shown.retry(self._retry, asking, **how)
        self._shown.undo(self._undo, [self._said], **how)
        gr.on([self._clear.click, self._shown.clear], self._begin_anew, None, queue=False, **how)
        self._stop.click(
            self._end, None, None, queue=False, show_progress="hidden", api_visibility="private"
        )

    def _say(
        self,
        request: gr.Request,
        text: str,
        said: list[Message],
        system: str,
        *values: object,
    ) -> Iterator[Updates]:
        if not text.strip():
            yield {self._text: gr.skip()}
            return
        views = self._chat.say(
            text,
            said,
            system=system,
            parameters=chosen(self._controls, values),
            session=str(request.session_hash),
        )
        yield {self._text: "", **self._updates(next(views))}
        for view in views:
            yield self._updates(view)

    def _retry(
        self, request: gr.Request, said: list[Message], system: str, *values: object
    ) -> Iterator[Updates]:
        before, text = without_last_turn(said)
        yield from self._say(request, text, before, system, *values)

    def _undo(self, said: list[Message]) -> Updates:
        before, text = without_last_turn(said)
        return self._updates(View(said=before, unsaid=text))

    def _begin_anew(self, request: gr.Request) -> Updates:
        self._chat.writings.stop(str(request.session_hash), unwanted=True)
        return {**self._updates(View(said=[])), self._text: ""}

    def _end(self, request: gr.Request) -> None:
        self._chat.writings.stop(str(request.session_hash))

    def _updates(self, view: View) -> Updates:
        updates: Updates = {
            self._shown: view.said,
            self._problem: told(view.problem),
            self._figures: view.figures,
            self._send: gr.Button(visible=not view.writing),
            self._stop: gr.Button(visible=view.writing),
        }
        if not view.writing:
            updates[self._said] = view.said
        return {**updates, self._text: view.unsaid} if view.unsaid else updates
