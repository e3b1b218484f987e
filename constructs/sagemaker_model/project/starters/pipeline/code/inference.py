"""A pipeline of transformers on an endpoint: the functions that the Hugging Face toolkit calls."""

from __future__ import annotations

from typing import Any

import torch
from request_body import read_body
from transformers import Pipeline, pipeline

TASK = "text-classification"


def model_fn(model_dir: str) -> Pipeline:
    """Load the model, once in each worker.

    Args:
        model_dir: Where its files lie.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return pipeline(TASK, model=model_dir, device=device)


def predict_fn(data: object, model: Pipeline) -> Any:
    """Answer a request; what is raised becomes status 400 with its text.

    Args:
        data: The body, decoded from JSON.
        model: What :func:`model_fn` returned.

    Raises:
        TypeError: A field holds something of another kind.
        ValueError: Nothing is asked.
    """
    inputs, parameters = read_body(data)
    return model(inputs, **parameters)
