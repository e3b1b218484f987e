"""The page that continues a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from sagemaker_model.runtime import Endpoint
from sagemaker_model.web.controls import Control, chosen
from sagemaker_model.web.notice import problem_place, told
from sagemaker_model.web.parameters_panel import parameters_panel
from sagemaker_model.web.writing import Writings

Updates = dict[Any, Any]


class GeneratePage:
    """The parts of the page; made within the Blocks that it belongs to.

    Args:
        endpoint: Who continues the text.
        writings: Where it can be stopped.
        controls: What a user may set.
    """

    def __init__(self, endpoint: Endpoint, writings: Writings, controls: Sequence[Control]) -> None:
        self._endpoint = endpoint
        self._writings = writings
        self._controls = controls
        with gr.Row():
            with gr.Column(scale=5, min_width=300):
                self._draw_texts()
            with gr.Column(scale=3, min_width=300):
                self._values = parameters_panel(controls)
        self._connect()

    def _draw_texts(self) -> None:
        self._prompt = gr.Textbox(label="Text to continue", lines=6, max_lines=20)
        with gr.Row():
            self._go = gr.Button("Generate", variant="primary", scale=0, min_width=120)
            self._stop = gr.Button("Stop", variant="stop", scale=0, min_width=120, visible=False)
        self._problem = problem_place()
        self._written = gr.Textbox(label="Continuation", lines=6, max_lines=30, interactive=False)
        self._figures = gr.Markdown(elem_classes="figures")

    def _connect(self) -> None:
        outputs = [self._written, self._problem, self._figures, self._go, self._stop]
        self._go.click(
            self._generate,
            [self._prompt, *self._values],
            outputs,
            concurrency_limit=None,
            show_progress="hidden",
            api_visibility="private",
        )
        self._stop.click(
            self._end, None, None, queue=False, show_progress="hidden", api_visibility="private"
        )

    def _generate(self, request: gr.Request, prompt: str, *values: object) -> Iterator[Updates]:
        parameters = chosen(self._controls, values)
        yield self._updates("", writing=True)
        writing = self._writings.begin(
            str(request.session_hash), lambda: self._endpoint.generate_stream(prompt, **parameters)
        )
        for _ in writing:
            yield self._updates(writing.text, writing.figures, writing=True)
        if not writing.unwanted:
            yield self._updates(writing.text, writing.figures, writing.problem)

    def _end(self, request: gr.Request) -> None:
        self._writings.stop(str(request.session_hash))

    def _updates(
        self, text: str, figures: str = "", problem: str = "", *, writing: bool = False
    ) -> Updates:
        return {
            self._written: text,
            self._problem: told(problem),
            self._figures: figures,
            self._go: gr.Button(visible=not writing),
            self._stop: gr.Button(visible=writing),
        }
