"""Inference code of your own: the functions that the Hugging Face toolkit calls.

What stands here answers already: it counts glad and sad words, by model/words.json. Put the files
of your model in place of that one, and change what loads and asks it.

Two more functions may stand here. The toolkit has its own for both:

- ``input_fn(body, content_type)`` decodes a body; the toolkit takes JSON, CSV, text, pictures and
  sounds.
- ``output_fn(answer, accept)`` encodes an answer; the toolkit gives JSON or CSV.
"""

from __future__ import annotations

from pathlib import Path

from words import Words, read_words


def model_fn(model_dir: str) -> Words:
    """Load the model, once in each worker.

    Args:
        model_dir: Where its files lie: /opt/ml/model in the container.
    """
    return read_words(Path(model_dir) / "words.json")


def predict_fn(data: object, model: Words) -> list[dict[str, object]]:
    """Answer a request; what is raised becomes status 400 with its text.

    Args:
        data: The body, decoded: ``{"inputs": …}`` with a text or a list of texts.
        model: What :func:`model_fn` returned.

    Raises:
        ValueError: Nothing is asked.
    """
    inputs = data.get("inputs") if isinstance(data, dict) else None
    texts = [inputs] if isinstance(inputs, str) else inputs
    if not texts or not isinstance(texts, list):
        raise ValueError("'inputs' is missing; give a text, or a list of texts")
    return [model.judge(str(text)) for text in texts]
