"""Which program answers for a container: its image tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sagemaker_model.local.serving import failures, protocols
from sagemaker_model.local.serving.container import ContainerDefinition
from sagemaker_model.local.serving.launcher import base_environment, launcher
from sagemaker_model.local.serving.llm import LanguageModel
from sagemaker_model.local.serving.stand_in import StandIn
from sagemaker_model.local.serving.toolkit import ToolkitWorker
from sagemaker_model.local.settings import Settings

if TYPE_CHECKING:
    from sagemaker_model.local.serving.worker import Worker

TOOLKIT = "huggingface-pytorch-inference"
"""Repository of the images whose toolkit really runs here."""


@dataclass(frozen=True)
class Engine:
    """A program that doesn't run here.

    Args:
        title: Its name.
        protocol: How it answers.
        failure: Tells why it would end as soon as it starts, in its words. Default: nothing that
            shows here would end it.
    """

    title: str
    protocol: protocols.Protocol
    failure: failures.Failure = lambda _start: None


_TGI = Engine("Text Generation Inference", protocols.tgi, failures.tgi)
_VLLM = Engine("vLLM", protocols.openai, failures.vllm)
_SGLANG = Engine("SGLang", protocols.openai, failures.sglang)
_LLAMA_CPP = Engine("llama.cpp", protocols.openai)
_TEI = Engine("Text Embeddings Inference", protocols.tei, failures.tei)
_LMI = Engine("Large Model Inference", protocols.lmi, failures.lmi)

# Repositories as AWS's list of available images has them,
# https://aws.github.io/deep-learning-containers/reference/available_images/
ENGINES: Mapping[str, Engine] = {
    "huggingface-pytorch-tgi-inference": _TGI,
    "huggingface-vllm": _VLLM,
    "huggingface-vllm-inference-neuronx": _VLLM,
    "huggingface-vllm-omni": _VLLM,
    "vllm": _VLLM,
    "huggingface-sglang": _SGLANG,
    "sglang": _SGLANG,
    "huggingface-llamacpp": _LLAMA_CPP,
    "llama-cpp": _LLAMA_CPP,
    "llama-cpp-arm64": _LLAMA_CPP,
    "djl-inference": _LMI,
    "tei": _TEI,
    "tei-cpu": _TEI,
}


_CHATS = (protocols.tgi, protocols.openai, protocols.lmi)


def start(
    container: ContainerDefinition,
    model: Path,
    *,
    aws: Mapping[str, str],
    log: Callable[[str], None],
    settings: Settings,
) -> Worker:
    """Start what answers for a container.

    Args:
        container: What to serve.
        model: Its model folder.
        aws: Variables of the execution role's credentials.
        log: Takes each line that is written.
        settings: Those of the local AWS.

    Raises:
        ServingError: What would serve it is not here.
    """
    if container.image is not None and repository(container.image) == TOOLKIT:
        environment = {**aws, **container.environment}
        return ToolkitWorker(launcher(settings), model, environment, log)
    stand_in = _stand_in(container, model)
    if settings.llm_python and stand_in.protocol in _CHATS and stand_in.failure is None:
        base = base_environment(settings.state / "serving", settings.hub)
        environment = {**base, **aws, **container.environment}
        return LanguageModel(settings.llm_python, stand_in, environment, log)
    log(stand_in.failure or stand_in.note)
    return stand_in


def repository(image: str) -> str:
    """Return the name of an image's repository, without its registry, tag or digest.

    Args:
        image: URI of the image.
    """
    return image.rpartition("/")[2].partition("@")[0].partition(":")[0]


def _stand_in(container: ContainerDefinition, model: Path) -> StandIn:
    if container.image is None:
        what = f"the model package {container.model_package}"
        return StandIn(what, protocols.any_shape, model)
    engine = ENGINES.get(repository(container.image))
    if engine is None:
        return StandIn(f"the image {container.image}", protocols.any_shape, model)
    started = failures.Start(container.environment, model, container.isolated)
    return StandIn(engine.title, engine.protocol, model, engine.failure(started))
