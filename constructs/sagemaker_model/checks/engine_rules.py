"""Rules about whether the engine serves the model, by what the lock file says of it."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.engine_knowledge import (
    REGISTRIES,
    listed_architectures,
    model_and_engine,
    transformers_in,
)
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.engine.model_kinds import first_with, known_kinds
from sagemaker_model.engine.tasks import ENCODER_DECODER, SERVED_TASKS, WRITING, better_image
from sagemaker_model.image.version import at_least, version_key

_LMI_ON_VLLM_ALONE = "0.33.0"
_OMNI = "omni"
_LOADABLE = (".safetensors", ".bin", ".pth", ".pt")
_ONNX = ".onnx"
_GGUF = ".gguf"
_OTHERS = (_GGUF, _ONNX, ".h5", ".msgpack", ".ckpt", ".ot")
_CHATS_ONLY = frozenset({"sglang", "huggingface-sglang"})
_CHATS_AND_COMPLETES = frozenset({"vllm", "huggingface-vllm", "lmi", "tgi"})


@rule(
    "task-not-served",
    Severity.ERROR,
    "The engine does not serve the model's task.",
    fix="Choose the image that is named.",
)
def task_not_served(deployed: Deployed) -> Iterator[Problem]:
    """Find an embedding model in an image that writes text, and the like."""
    model, engine = model_and_engine(deployed)
    if model is None or engine is None or _serves_pictures(deployed):
        return
    served = SERVED_TASKS.get(engine.name)
    if served is not None and model.pipeline_tag is not None and model.pipeline_tag not in served:
        yield Problem(
            "container",
            f"is {engine.title}, which does not serve the task of {model.id}",
            got=model.pipeline_tag,
            fix=f"container={better_image(model.pipeline_tag)}",
        )


@rule(
    "encoder-decoder-not-served",
    Severity.ERROR,
    "The engine serves no model with an encoder.",
    fix="Choose Text Generation Inference for T5, and the Hugging Face toolkit for others.",
)
def encoder_decoder_not_served(deployed: Deployed) -> Iterator[Problem]:
    """Find T5, BART and their like in engines that only go on writing."""
    model, engine = model_and_engine(deployed)
    if model is None or engine is None or engine.name not in REGISTRIES:
        return
    image = deployed.container.image
    if engine.name == "lmi" and not at_least(image.version if image else None, _LMI_ON_VLLM_ALONE):
        return
    found = [name for name in model.config.architectures if name.startswith(ENCODER_DECODER)]
    if found:
        yield Problem(
            "container",
            f"is {engine.title}, which serves no text model with an encoder such as {model.id}",
            got=", ".join(found),
            fix="container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST for T5, else "
            "HF_PYTORCH_INFERENCE_LATEST",
        )


@rule(
    "architecture-not-listed",
    Severity.WARNING,
    "The engine does not list the architecture.",
    fix="Choose an image that has it, or try it: the implementation of transformers may do.",
)
def architecture_not_listed(deployed: Deployed) -> Iterator[Problem]:
    """Find a model that vLLM or SGLang has no implementation of.

    Both can run what transformers can, if the model's code there allows for it; otherwise they
    refuse to start.
    """
    model, engine = model_and_engine(deployed)
    names = model.config.architectures if model else ()
    if model is None or engine is None or engine.name not in REGISTRIES or not names:
        return
    if _serves_pictures(deployed) or any(name.startswith(ENCODER_DECODER) for name in names):
        return
    if (listed_architectures(deployed) or frozenset()).isdisjoint(names):
        since = first_with(names[0], REGISTRIES[engine.name])
        yield Problem(
            "container",
            f"is {engine.title}, which has no implementation of its own of {model.id}; it starts "
            "only if the one of transformers will do",
            got=", ".join(names),
            fix=f"an image with {engine.title} {since} or newer, or an older one if it was dropped"
            if since
            else "try it, and acknowledge this if it starts",
        )


@rule(
    "model-kind-unknown",
    Severity.ERROR,
    "The image's transformers does not know the model.",
    fix="Choose an image with the version that is named, or a newer one.",
)
def model_kind_unknown(deployed: Deployed) -> Iterator[Problem]:
    """Find a model that is newer than the image; the toolkit has nothing else to load it with."""
    model, engine = model_and_engine(deployed)
    kind = model.config.model_type if model else None
    carried = transformers_in(deployed)
    if model is None or engine is None or engine.name != "toolkit" or carried is None:
        return
    if kind is None or model.config.auto_map or kind in known_kinds("transformers", carried):
        return
    since = first_with(kind, "transformers")
    yield Problem(
        "container",
        f"carries transformers {carried}, which does not know the kind of {model.id}",
        got=kind,
        fix=f"an image with transformers {since} or newer" if since else "a newer image",
    )


@rule(
    "transformers-older",
    Severity.WARNING,
    "The model was saved by a newer transformers.",
    fix="Choose a newer image; acknowledge it if the model answers.",
)
def transformers_older(deployed: Deployed) -> Iterator[Problem]:
    """Find a model whose files were written by a later major version than the image carries."""
    model, _ = model_and_engine(deployed)
    wrote = model.config.transformers_version if model else None
    carried = transformers_in(deployed)
    if model is None or not wrote or not carried:
        return
    if version_key(wrote)[:1] > version_key(carried)[:1]:
        yield Problem(
            "container",
            f"carries transformers {carried}, and {model.id} was saved by {wrote}",
            fix="a newer image, or acknowledge this if it answers",
        )


@rule(
    "weights-format-not-served",
    Severity.ERROR,
    "The engine can't load weights of that format.",
    fix="Choose the image that is named, or another repository of the model.",
)
def weights_format_not_served(deployed: Deployed) -> Iterator[Problem]:
    """Find GGUF outside llama.cpp and its reverse, and formats of other frameworks."""
    model, engine = model_and_engine(deployed)
    if model is None or engine is None:
        return
    there = {ending for file in model.files for ending in _endings(file.path)}
    wanted: tuple[str, ...] = _LOADABLE
    if engine.name == "llama-cpp":
        wanted = (_GGUF,)
    elif engine.name == "tei":
        wanted = (*_LOADABLE, _ONNX)
    if there and there.isdisjoint(wanted):
        yield Problem(
            "container",
            f"is {engine.title}, which can't load the weights of {model.id}",
            got=", ".join(sorted(there)),
            allowed=", ".join(wanted),
            fix="container=ContainerImages.HF_LLAMACPP_LATEST"
            if _GGUF in there
            else "another repository of the model",
        )


@rule(
    "chat-without-template",
    Severity.WARNING,
    "The engine chats only, and there is no template.",
    fix="Give a template, or choose vLLM, which completes prompts too.",
)
def chat_without_template(deployed: Deployed) -> Iterator[Problem]:
    """Find a model without a chat template where SageMaker's requests are chats."""
    yield from _without_template(
        deployed,
        _CHATS_ONLY,
        "brings no chat template, and this image takes chats only",
        "a model tuned for chats, a template of your own (env SM_SGLANG_CHAT_TEMPLATE), or "
        "ContainerImages.HF_VLLM_LATEST, which also completes a prompt",
    )


@rule(
    "prompts-only",
    Severity.INFO,
    "The model has no chat template: it takes prompts only.",
    fix="Send prompts, or choose a model that is tuned for chats.",
)
def prompts_only(deployed: Deployed) -> Iterator[Problem]:
    """Tell that requests with messages would fail."""
    yield from _without_template(
        deployed,
        _CHATS_AND_COMPLETES,
        "brings no chat template, so requests with messages fail",
        "send a prompt, or take a model that is tuned for chats",
    )


ENGINE_RULES = (
    task_not_served,
    encoder_decoder_not_served,
    architecture_not_listed,
    model_kind_unknown,
    transformers_older,
    weights_format_not_served,
    chat_without_template,
    prompts_only,
)


def _serves_pictures(deployed: Deployed) -> bool:
    """Say whether the image is one of vLLM-Omni, which serves further tasks."""
    image = deployed.container.image
    return image is not None and _OMNI in f"{image.engine} {image.uri}"


def _endings(path: str) -> Iterator[str]:
    """Yield the ending of a file of weights."""
    name = path.rpartition("/")[2]
    if name not in {"training_args.bin", "optimizer.pt", "scheduler.pt"}:
        yield from (each for each in (*_LOADABLE, *_OTHERS) if name.endswith(each))


def _without_template(
    deployed: Deployed, engines: frozenset[str], what: str, fix: str
) -> Iterator[Problem]:
    model, engine = model_and_engine(deployed)
    if model is None or engine is None or engine.name not in engines:
        return
    told = any("CHAT_TEMPLATE" in name for name in deployed.container.environment)
    if model.pipeline_tag in WRITING and not model.chat_template and not told:
        yield Problem("model_id", what, got=model.id, fix=fix)
