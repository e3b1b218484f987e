"""The page that tells how similar texts are."""

from __future__ import annotations

import time
from collections.abc import Callable

import gradio as gr

from sagemaker_model.runtime import Endpoint
from sagemaker_model.web.notice import problem_place, told
from sagemaker_model.web.tables import similarity_table
from sagemaker_model.web.writing import tell

Shown = tuple[str, gr.HTML, str]


def embed_page(endpoint: Endpoint, clock: Callable[[], float] = time.monotonic) -> None:
    """Draw the page, within the Blocks that it belongs to.

    Args:
        endpoint: Who makes the vectors.
        clock: Tells the time in seconds. Default: one that never goes back.
    """
    texts = gr.Textbox(
        label="Texts",
        info="One a line",
        lines=6,
        max_lines=20,
    )
    with gr.Row():
        compare = gr.Button("Compare", variant="primary", scale=0, min_width=120)
    problem = problem_place()
    table = gr.HTML()
    figures = gr.Markdown(elem_classes="figures")

    def embed(given: str) -> Shown:
        lines = lines_of(given)
        begun = clock()
        try:
            vectors = endpoint.embed(lines)
        except Exception as error:  # whatever it is, the page must tell it
            return "", told(tell(error)), ""
        took = clock() - begun
        told_figures = f"{len(vectors)} vectors of {len(vectors[0])} numbers in {took:.2f} s"
        return similarity_table(lines, vectors), told(""), told_figures

    compare.click(
        embed, texts, [table, problem, figures], concurrency_limit=None, api_visibility="private"
    )


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]
