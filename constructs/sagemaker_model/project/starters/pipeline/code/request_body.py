"""What a request says: ``{"inputs": …, "parameters": {…}}``."""

from __future__ import annotations

from typing import Any


def read_body(data: object) -> tuple[Any, dict[str, Any]]:
    """Return what is asked, and the options that it is asked with.

    Args:
        data: The body, decoded from JSON: ``inputs``, as the pipeline takes them, and
            ``parameters``, an object with its options (default: none).

    Raises:
        TypeError: The body or ``parameters`` is no object.
        ValueError: ``inputs`` is missing or empty.
    """
    if not isinstance(data, dict):
        raise TypeError(f'the body is a {type(data).__name__}; send an object: {{"inputs": …}}')
    inputs, parameters = data.get("inputs"), data.get("parameters", {})
    if inputs is None or inputs in ([], {}, ""):
        raise ValueError("'inputs' is missing or empty; give what the model is to work on")
    if not isinstance(parameters, dict):
        raise TypeError(f"'parameters' is a {type(parameters).__name__}; give an object")
    return inputs, parameters
