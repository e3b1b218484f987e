"""The controls of a generation, as Gradio's."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr
from gradio.components import Component

from sagemaker_model.web.controls import Control, Number, Slide, Switch


def parameters_panel(controls: Sequence[Control]) -> list[Component]:
    """Draw controls one below the other, and return them in their order.

    Args:
        controls: What there is to set.
    """
    with gr.Accordion("Parameters", elem_classes="parameters"):
        return [_drawn(control) for control in controls]


def _drawn(control: Control) -> Component:
    name, info = control.name, control.info
    match control:
        case Slide():
            return gr.Slider(
                control.least,
                control.most,
                control.default,
                step=control.step,
                label=name,
                info=info,
                buttons=[],
            )
        case Switch():
            return gr.Checkbox(control.default, label=name, info=info)
        case Number():
            return gr.Textbox(label=name, info=info, placeholder="the engine decides")
    return gr.Textbox(control.default, label=name, info=info, lines=1, max_lines=4)
