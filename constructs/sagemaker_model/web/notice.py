"""What a page says besides answers, as HTML in which every text is text."""

from __future__ import annotations

from html import escape

import gradio as gr


def heading(endpoint: str, engine: str) -> gr.HTML:
    """Draw what stands above all.

    Args:
        endpoint: Name of the endpoint.
        engine: Name of its engine, for people.
    """
    return gr.HTML(f'<h1 class="endpoint">{escape(endpoint)} <small>{escape(engine)}</small></h1>')


def problem_place() -> gr.HTML:
    """Draw where problems are told; it is not seen until there is one."""
    return gr.HTML(visible=False)


def told(problem: str) -> gr.HTML:
    """Return what the place of problems is to show.

    Args:
        problem: What went wrong; nothing hides the place.
    """
    text = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return gr.HTML(text, visible=bool(problem))
