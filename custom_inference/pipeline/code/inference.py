"""Any transformers pipeline on an endpoint: the functions that the Hugging Face toolkit calls."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import Pipeline, pipeline
from transformers.pipelines import get_supported_tasks

TASKS = {
    "TapasForQuestionAnswering": "table-question-answering",
    "WhisperForConditionalGeneration": "automatic-speech-recognition",
    "ForSpeechSeq2Seq": "automatic-speech-recognition",
    "ForCTC": "automatic-speech-recognition",
    "ForAudioClassification": "audio-classification",
    "ForImageClassification": "image-classification",
    "ForObjectDetection": "object-detection",
    "ForSemanticSegmentation": "image-segmentation",
    "ForDepthEstimation": "depth-estimation",
    "ForQuestionAnswering": "question-answering",
    "ForTokenClassification": "token-classification",
    "ForSequenceClassification": "text-classification",
    "ForMaskedLM": "fill-mask",
    "ForCausalLM": "text-generation",
    "LMHeadModel": "text-generation",
    "ForConditionalGeneration": "text2text-generation",
    "Model": "feature-extraction",
}
"""The task of a model, by the end of its architecture's name; the first that fits counts."""
_YES = frozenset({"1", "true", "yes"})
_FIELDS = frozenset({"inputs", "parameters"})


def model_fn(model_dir: str, context: object = None) -> Pipeline:
    """Load the pipeline, once in each worker.

    The endpoint's ``HF_TASK`` names the task; without it, the model's architecture does.
    ``HF_TRUST_REMOTE_CODE`` lets Python files among the model's files run (default: no).

    Args:
        model_dir: Where the model lies.
        context: What the server tells the worker, its GPU among it. Default: None, the first GPU
            where there is one.

    Raises:
        ValueError: The task is unknown to this release of transformers, or can't be told.
    """
    return pipeline(
        choose_task(Path(model_dir), os.environ),
        model=model_dir,
        device=_device(context),
        trust_remote_code=os.environ.get("HF_TRUST_REMOTE_CODE", "").lower() in _YES,
    )


def predict_fn(data: object, model: Pipeline) -> Any:
    """Answer a request.

    Args:
        data: The decoded body: ``inputs``, as the pipeline takes them, and ``parameters``, an
            object with its options (default: none). Without ``inputs`` the whole body counts as
            such, as in ``{"question": …, "context": …}``.
        model: What :func:`model_fn` returned.

    Raises:
        TypeError: ``parameters`` is no object.
        ValueError: Nothing is asked, or the pipeline does not understand it.
    """
    inputs, parameters = split_request(data)
    try:
        if model.task == "question-answering" and isinstance(inputs, dict):
            # transformers is about to take these by name only.
            return model(**inputs, **parameters)
        return model(inputs, **parameters)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"the {model.task} pipeline can't do this: {type(error).__name__}: {error}; its "
            "documentation in transformers tells what inputs and parameters it takes"
        ) from error


def choose_task(folder: Path, environment: Mapping[str, str]) -> str:
    """Return the pipeline's task.

    Args:
        folder: The model's files.
        environment: ``HF_TASK``, where it is set, decides.

    Raises:
        ValueError: The task is unknown to this release of transformers, or can't be told.
    """
    task = environment.get("HF_TASK") or _task_of(folder)
    known = sorted(get_supported_tasks())
    # The language pair is part of the name: translation_en_to_de.
    if task.partition("_")[0] not in known and task not in known:
        raise ValueError(
            f"this release of transformers has no pipeline for the task {task!r}; set the "
            f"endpoint's HF_TASK to one of {', '.join(known)}, or choose an older image"
        )
    return task


def split_request(data: object) -> tuple[Any, dict[str, Any]]:
    """Return what a pipeline is asked, and with which options.

    Args:
        data: The decoded body.

    Raises:
        TypeError: The body or ``parameters`` is no object.
        ValueError: Nothing is asked, or something stands beside ``inputs``.
    """
    if not isinstance(data, dict):
        raise TypeError(f'the body is a {type(data).__name__}; send an object: {{"inputs": …}}')
    parameters = data.get("parameters")
    if not isinstance(parameters, dict | None):
        raise TypeError(f"'parameters' is a {type(parameters).__name__}; give an object")
    inputs = data.get("inputs", {name: data[name] for name in data if name != "parameters"})
    if inputs is None or inputs in ([], {}, ""):
        raise ValueError("'inputs' is missing or empty; give what the pipeline is to work on")
    beside = sorted(set(data) - _FIELDS) if "inputs" in data else []
    if beside:
        raise ValueError(
            f"field {beside[0]!r} stands beside 'inputs'; options go into 'parameters'"
        )
    return inputs, parameters or {}


def _task_of(folder: Path) -> str:
    path = folder / "config.json"
    names = json.loads(path.read_text("utf-8")).get("architectures") if path.is_file() else None
    name = (names or [""])[0]
    for end, task in TASKS.items():
        if name.endswith(end):
            return task
    raise ValueError(
        f"the task of the model in {str(folder)!r} can't be told: "
        + (
            f"architecture {name!r} is unknown here"
            if name
            else "no config.json says its architecture"
        )
        + "; set the endpoint's HF_TASK, for example to 'text-classification'"
    )


def _device(context: object) -> torch.device:
    if not torch.cuda.is_available():
        return torch.device("cpu")
    properties = getattr(context, "system_properties", None) or {}
    return torch.device("cuda", int(properties.get("gpu_id") or 0))
