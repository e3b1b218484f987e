"""Which container serves a model best."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sagemaker_model.code_folder.image_contents import TESTED
from sagemaker_model.engine.engines import find_engine, try_find_engine
from sagemaker_model.engine.model_kinds import known_kinds
from sagemaker_model.engine.tasks import ENCODER_DECODER, WRITING
from sagemaker_model.engine.tei_models import CPU_KINDS, tei_has
from sagemaker_model.fit.weights import parameter_count
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.project.task import pipeline_of, task_of

if TYPE_CHECKING:
    from sagemaker_model.image.container_image import ContainerImage

_FOR_TEI = frozenset(
    {"feature-extraction", "sentence-similarity", "text-classification", "text-ranking"}
)
_SMALL = 500_000_000
"""Parameters that a processor computes with in a fraction of a second, for one text."""
_NAMES = "ContainerImages."
_TOOLKIT = "toolkit"
_T5 = ("T5For", "T5WithLMHead")
_GGUF = ".gguf"
_LOADABLE = (".safetensors", ".bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A container for a model, and why.

    Args:
        engine: Name of the engine in it; None where that is not known.
        image: The image as Python that ``app.py`` holds.
        gpu: Whether it is to run on a GPU.
        why: Why it is this one, for people.
        env: Variables that it needs. Default: none.
    """

    engine: str | None
    image: str
    gpu: bool
    why: str
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What serves, for people."""
        return find_engine(self.engine).title if self.engine else self.image


def choose_server(model: LockedModel, *, gpu: bool | None = None) -> Server:
    """Return the container that serves a model best.

    Args:
        model: The model.
        gpu: Whether it is to run on a GPU. Default: as the model needs it.

    Raises:
        ValueError: No container is known to serve it; the message names what else there is.
    """
    found = next(filter(None, _candidates(model, gpu=gpu)), None)
    if found is None:
        raise ValueError(_nothing_serves(model))
    return found


def given_server(model: LockedModel, image: str) -> Server:
    """Return the container that somebody chose for a model.

    Args:
        model: The model.
        image: The image, as ``Container`` takes one, or a name of ``ContainerImages``.

    Raises:
        ValueError: There is no such image.
    """
    from sagemaker_model.image.container_image import ContainerImage

    known = ContainerImage.parse(_named(image) or image).known
    engine = try_find_engine(known.engine)
    pipeline = pipeline_of(task_of(model))
    is_toolkit = engine is not None and engine.name == _TOOLKIT
    return Server(
        engine=engine.name if engine else None,
        image=image_expression(image),
        gpu=known.processor != "cpu",
        why="as you asked for",
        env={"HF_TASK": pipeline} if is_toolkit and pipeline else {},
    )


def image_expression(image: str) -> str:
    """Return an image as Python.

    Args:
        image: As somebody names it.

    >>> image_expression("TEI_LATEST")
    'ContainerImages.TEI_LATEST'
    """
    named = image.removeprefix(_NAMES)
    return f"{_NAMES}{named}" if _named(image) else json.dumps(image)


def _named(image: str) -> ContainerImage | None:
    """Return the image that a name of ``ContainerImages`` stands for; None for any other text."""
    from sagemaker_model.image.container_image import ContainerImage
    from sagemaker_model.image.container_images import ContainerImages

    found = getattr(ContainerImages, image.removeprefix(_NAMES), None)
    return found if isinstance(found, ContainerImage) else None


def wants_gpu(model: LockedModel) -> bool:
    """Say whether a model is too slow on processors: it writes text, or is large.

    Args:
        model: The model; one of unknown size counts as large.
    """
    count = parameter_count(model)
    return task_of(model) in WRITING or count is None or count > _SMALL


def _candidates(model: LockedModel, *, gpu: bool | None) -> Iterator[Server | None]:
    task = task_of(model)
    if _only_gguf(model):
        yield _llama_cpp(gpu=gpu)
    if task in WRITING:
        yield _language_server(model, task)
    if task in _FOR_TEI:
        yield _tei(model, gpu=gpu)
    yield _toolkit(model, task, gpu=gpu)


def _only_gguf(model: LockedModel) -> bool:
    paths = [file.path for file in model.files]
    loadable = any(path.endswith(_LOADABLE) for path in paths)
    return not loadable and any(path.endswith(_GGUF) for path in paths)


def _llama_cpp(*, gpu: bool | None) -> Server:
    on_gpu = gpu is not False
    return Server(
        engine="llama-cpp",
        image=f"ContainerImages.HF_LLAMACPP_{'' if on_gpu else 'CPU_'}LATEST",
        gpu=on_gpu,
        why="its weights are GGUF files",
    )


def _language_server(model: LockedModel, task: str | None) -> Server | None:
    """Return the server of a model that writes text; none of a model that only pipelines run."""
    names = model.config.architectures
    if any(name.startswith(_T5) for name in names):
        return Server(
            engine="tgi",
            image="ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST",
            gpu=True,
            why="it is a T5, which no newer engine serves",
        )
    if any(name.startswith(ENCODER_DECODER) for name in names):
        return None
    # One whose configuration names no architecture is of a kind that only its engine can tell.
    if names and known_kinds("vllm").isdisjoint(names):
        return None
    return Server(
        engine="huggingface-vllm",
        image="ContainerImages.HF_VLLM_LATEST",
        gpu=True,
        why=f"its task is {task}" + (f", and vLLM has {names[0]}" if names else ""),
    )


def _tei(model: LockedModel, *, gpu: bool | None) -> Server | None:
    if not tei_has(model):
        return None
    kind = model.config.model_type
    on_gpu = gpu if gpu is not None else wants_gpu(model) or kind not in CPU_KINDS
    if not on_gpu and kind not in CPU_KINDS:
        return None
    return Server(
        engine="tei",
        image=f"ContainerImages.TEI_{'' if on_gpu else 'CPU_'}LATEST",
        gpu=on_gpu,
        why=f"its task is {task_of(model)}, and TEI has {kind}" + _where(gpu=on_gpu),
    )


def _toolkit(model: LockedModel, task: str | None, *, gpu: bool | None) -> Server | None:
    pipeline, kind = pipeline_of(task), model.config.model_type
    tested = kind in known_kinds("transformers", TESTED)
    if pipeline is None or model.config.auto_map:
        return None
    if not tested and kind not in known_kinds("transformers"):
        return None
    on_gpu = gpu if gpu is not None else wants_gpu(model)
    processor = "gpu" if on_gpu else "cpu"
    version = f', version="{TESTED}"' if tested else ""
    return Server(
        engine=_TOOLKIT,
        image=f'ContainerImage.of("huggingface"{version}, processor="{processor}")',
        gpu=on_gpu,
        why=f"its task is {task}, a pipeline of transformers" + _where(gpu=on_gpu),
        env={"HF_TASK": pipeline},
    )


def _where(*, gpu: bool) -> str:
    return "" if gpu else "; it is small enough for processors"


def _nothing_serves(model: LockedModel) -> str:
    told = {
        "task": task_of(model),
        "library": model.library,
        "architecture": ", ".join(model.config.architectures) or None,
    }
    what = ", ".join(f"{name} {value}" for name, value in told.items() if value)
    return (
        f"no container is known to serve {model.id} ({what or 'its files tell nothing of it'}); "
        "give one with --container, or write code of your own with --custom"
    )
