"""The page that orders texts by how well they answer a query."""

from __future__ import annotations

import time
from collections.abc import Callable

import gradio as gr

from sagemaker_model.runtime import Endpoint
from sagemaker_model.web.embed_page import Shown, lines_of
from sagemaker_model.web.notice import problem_place, told
from sagemaker_model.web.tables import ranking_table
from sagemaker_model.web.writing import tell


def rerank_page(endpoint: Endpoint, clock: Callable[[], float] = time.monotonic) -> None:
    """Draw the page, within the Blocks that it belongs to.

    Args:
        endpoint: Who scores the texts.
        clock: Tells the time in seconds. Default: one that never goes back.
    """
    query = gr.Textbox(label="Query")
    texts = gr.Textbox(label="Texts to rank", info="One a line", lines=6, max_lines=20)
    with gr.Row():
        rank = gr.Button("Rank", variant="primary", scale=0, min_width=120)
    problem = problem_place()
    table = gr.HTML()
    figures = gr.Markdown(elem_classes="figures")

    def rerank(asked: str, given: str) -> Shown:
        begun = clock()
        try:
            ranked = endpoint.rerank(asked, lines_of(given))
        except Exception as error:  # whatever it is, the page must tell it
            return "", told(tell(error)), ""
        return ranking_table(ranked), told(""), f"{len(ranked)} texts in {clock() - begun:.2f} s"

    gr.on(
        [rank.click, query.submit],
        rerank,
        [query, texts],
        [table, problem, figures],
        concurrency_limit=None,
        api_visibility="private",
    )
