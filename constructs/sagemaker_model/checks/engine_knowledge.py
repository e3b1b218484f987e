"""What an image knows of models: what the rules about the engine look at."""

from __future__ import annotations

from sagemaker_model.checks.subject import Deployed
from sagemaker_model.code_folder.image_contents import carried_versions
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.model_kinds import known_kinds
from sagemaker_model.model_lock.locked_model import LockedModel

REGISTRIES = {
    "vllm": "vllm",
    "huggingface-vllm": "vllm",
    "lmi": "vllm",
    "sglang": "sglang",
    "huggingface-sglang": "sglang",
}
"""Whose list of architectures counts, by the engine's name."""

_COUNTED_BY_VLLM = ("vllm", "huggingface-vllm")  # families whose version is vLLM's


def model_and_engine(deployed: Deployed) -> tuple[LockedModel | None, Engine | None]:
    """Return the model and what serves it; nothing where code of the user's own does.

    Args:
        deployed: The deployment.
    """
    if deployed.container.code is not None:
        return None, None
    return deployed.locked, deployed.container.engine


def transformers_in(deployed: Deployed) -> str | None:
    """Return the version of transformers in the image, where its tag or version tells it.

    Args:
        deployed: The deployment.
    """
    image = deployed.container.image
    return carried_versions(image).get("transformers") if image else None


def listed_architectures(deployed: Deployed) -> frozenset[str] | None:
    """Return the architectures that the image's engine lists; None for one without such a list.

    Args:
        deployed: The deployment.
    """
    engine, image = deployed.container.engine, deployed.container.image
    registry = REGISTRIES.get(engine.name if engine else "")
    if registry is None:
        return None
    version = image.version if image and image.engine in _COUNTED_BY_VLLM else None
    return known_kinds(registry, version)


def is_native(deployed: Deployed, model: LockedModel) -> bool:
    """Say whether the image can load a model without code of the model's repository.

    Args:
        deployed: The deployment.
        model: The model.
    """
    config = model.config
    if config.model_type in known_kinds("transformers", transformers_in(deployed)):
        return True
    return not (listed_architectures(deployed) or frozenset()).isdisjoint(config.architectures)
