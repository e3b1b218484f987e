"""Rules about whether the engine serves the model, by what the lock file says of it."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.placed_model import deployed_settings
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.code_folder.image_contents import carried_versions
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.model_kinds import first_with, known_kinds
from sagemaker_model.engine.tasks import ENCODER_DECODER, SERVED_TASKS, WRITING, better_image
from sagemaker_model.image.version import at_least, version_key
from sagemaker_model.model_lock.locked_model import LockedModel

_REGISTRIES = {
    "vllm": "vllm",
    "huggingface-vllm": "vllm",
    "lmi": "vllm",
    "sglang": "sglang",
    "huggingface-sglang": "sglang",
}
_COUNTED_BY_VLLM = ("vllm", "huggingface-vllm")  # families whose version is vLLM's
_LMI_ON_VLLM_ALONE = "0.33.0"
_OMNI = "omni"
_LOADABLE = (".safetensors", ".bin", ".pth", ".pt")
_ONNX = ".onnx"
_GGUF = ".gguf"
_OTHERS = (_GGUF, _ONNX, ".h5", ".msgpack", ".ckpt", ".ot")
_CHATS_ONLY = frozenset({"sglang", "huggingface-sglang"})
_CHATS_AND_COMPLETES = frozenset({"vllm", "huggingface-vllm", "lmi", "tgi"})


@rule("task-not-served", Severity.ERROR, "The engine does not serve the model's task.")
def task_not_served(deployed: Deployed) -> Iterator[Problem]:
    """Find an embedding model in an image that writes text, and the like."""
    model, engine = _known(deployed)
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


@rule("encoder-decoder-not-served", Severity.ERROR, "The engine serves no model with an encoder.")
def encoder_decoder_not_served(deployed: Deployed) -> Iterator[Problem]:
    """Find T5, BART and their like in engines that only go on writing."""
    model, engine = _known(deployed)
    if model is None or engine is None or engine.name not in _REGISTRIES:
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


@rule("architecture-not-listed", Severity.WARNING, "The engine does not list the architecture.")
def architecture_not_listed(deployed: Deployed) -> Iterator[Problem]:
    """Find a model that vLLM or SGLang has no implementation of.

    Both can run what transformers can, if the model's code there allows for it; otherwise they
    refuse to start.
    """
    model, engine = _known(deployed)
    names = model.config.architectures if model else ()
    if model is None or engine is None or engine.name not in _REGISTRIES or not names:
        return
    if _serves_pictures(deployed) or any(name.startswith(ENCODER_DECODER) for name in names):
        return
    registry = _REGISTRIES[engine.name]
    if known_kinds(registry, _registry_version(deployed)).isdisjoint(names):
        since = first_with(names[0], registry)
        yield Problem(
            "container",
            f"is {engine.title}, which has no implementation of its own of {model.id}; it starts "
            "only if the one of transformers will do",
            got=", ".join(names),
            fix=f"an image with {engine.title} {since} or newer, or an older one if it was dropped"
            if since
            else "try it, and acknowledge this if it starts",
        )


@rule("model-kind-unknown", Severity.ERROR, "The image's transformers does not know the model.")
def model_kind_unknown(deployed: Deployed) -> Iterator[Problem]:
    """Find a model that is newer than the image; the toolkit has nothing else to load it with."""
    model, engine = _known(deployed)
    kind = model.config.model_type if model else None
    carried = _transformers(deployed)
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


@rule("transformers-older", Severity.WARNING, "The model was saved by a newer transformers.")
def transformers_older(deployed: Deployed) -> Iterator[Problem]:
    """Find a model whose files were written by a later major version than the image carries."""
    model, _ = _known(deployed)
    wrote = model.config.transformers_version if model else None
    carried = _transformers(deployed)
    if model is None or not wrote or not carried:
        return
    if version_key(wrote)[:1] > version_key(carried)[:1]:
        yield Problem(
            "container",
            f"carries transformers {carried}, and {model.id} was saved by {wrote}",
            fix="a newer image, or acknowledge this if it answers",
        )


@rule("weights-format-not-served", Severity.ERROR, "The engine can't load weights of that format.")
def weights_format_not_served(deployed: Deployed) -> Iterator[Problem]:
    """Find GGUF outside llama.cpp and its reverse, and formats of other frameworks."""
    model, engine = _known(deployed)
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


@rule("remote-code-needed", Severity.ERROR, "The model needs code of its repository to run.")
def remote_code_needed(deployed: Deployed) -> Iterator[Problem]:
    """Find a model whose own code must run, and that it was not allowed to."""
    model, engine = _known(deployed)
    settings = deployed_settings(deployed)
    if model is None or engine is None or settings is None or settings.trust_remote_code:
        return
    if not model.config.auto_map or engine.name == "tei" or _is_native(deployed, model):
        return
    yield Problem(
        "serving.trust_remote_code",
        f"is not given, and {model.id} brings Python code without which it can't be loaded",
        got=", ".join(model.config.architectures) or (model.config.model_type or ""),
        fix="read that code at the commit that is locked, then "
        "serving=ServingOptions(trust_remote_code=True)",
    )


@rule("tokenizer-code-unused", Severity.WARNING, "The tokenizer may need code of its repository.")
def tokenizer_code_unused(deployed: Deployed) -> Iterator[Problem]:
    """Find a tokenizer with code of its own, of a model that needs none."""
    model, engine = _known(deployed)
    settings = deployed_settings(deployed)
    if model is None or engine is None or settings is None or settings.trust_remote_code:
        return
    native = not model.config.auto_map or _is_native(deployed, model)
    if model.remote_code and native and engine.name != "tei":
        yield Problem(
            "serving.trust_remote_code",
            f"is not given, and the tokenizer of {model.id} brings Python code",
            fix="acknowledge this if it starts, or read that code, then "
            "serving=ServingOptions(trust_remote_code=True)",
        )


@rule("chat-without-template", Severity.WARNING, "The engine chats only, and there is no template.")
def chat_without_template(deployed: Deployed) -> Iterator[Problem]:
    """Find a model without a chat template where SageMaker's requests are chats."""
    yield from _without_template(
        deployed,
        _CHATS_ONLY,
        "brings no chat template, and this image takes chats only",
        "a model tuned for chats, a template of your own (env SM_SGLANG_CHAT_TEMPLATE), or "
        "ContainerImages.HF_VLLM_LATEST, which also completes a prompt",
    )


@rule("prompts-only", Severity.INFO, "The model has no chat template: it takes prompts only.")
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
    remote_code_needed,
    tokenizer_code_unused,
    chat_without_template,
    prompts_only,
)


def _known(deployed: Deployed) -> tuple[LockedModel | None, Engine | None]:
    """Return the model and what serves it; nothing where code of the user's own does."""
    if deployed.container.code is not None:
        return None, None
    return deployed.locked, deployed.container.engine


def _serves_pictures(deployed: Deployed) -> bool:
    """Say whether the image is one of vLLM-Omni, which serves further tasks."""
    image = deployed.container.image
    return image is not None and _OMNI in f"{image.engine} {image.uri}"


def _transformers(deployed: Deployed) -> str | None:
    """Return the version of transformers in the image, where its tag or version tells it."""
    image = deployed.container.image
    return carried_versions(image).get("transformers") if image else None


def _registry_version(deployed: Deployed) -> str | None:
    """Return the version of vLLM or SGLang in the image; None counts as the newest."""
    image = deployed.container.image
    return image.version if image and image.engine in _COUNTED_BY_VLLM else None


def _is_native(deployed: Deployed, model: LockedModel) -> bool:
    """Say whether the image can load a model without code of the model's repository."""
    config = model.config
    if config.model_type in known_kinds("transformers", _transformers(deployed)):
        return True
    engine = deployed.container.engine
    registry = _REGISTRIES.get(engine.name if engine else "")
    if registry is None:
        return False
    return not known_kinds(registry, _registry_version(deployed)).isdisjoint(config.architectures)


def _endings(path: str) -> Iterator[str]:
    """Yield the ending of a file of weights."""
    name = path.rpartition("/")[2]
    if name not in {"training_args.bin", "optimizer.pt", "scheduler.pt"}:
        yield from (each for each in (*_LOADABLE, *_OTHERS) if name.endswith(each))


def _without_template(
    deployed: Deployed, engines: frozenset[str], what: str, fix: str
) -> Iterator[Problem]:
    model, engine = _known(deployed)
    if model is None or engine is None or engine.name not in engines:
        return
    told = any("CHAT_TEMPLATE" in name for name in deployed.container.environment)
    if model.pipeline_tag in WRITING and not model.chat_template and not told:
        yield Problem("model_id", what, got=model.id, fix=fix)
