"""What an image carries, as far as its tag and the image table tell."""

from __future__ import annotations

import re

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.tokens import is_token

TESTED = "4.51.3"
"""Transformers of the newest Hugging Face image whose toolkit the tests really run."""
# As AWS names the tags of its PyTorch and Hugging Face images, for example
# huggingface-pytorch-inference:2.6.0-transformers4.51.3-gpu-py312-cu124-ubuntu22.04.
_PYTHON = re.compile(r"-py(?P<major>\d)(?P<minor>\d+)(?:-|$)")
_TORCH = re.compile(r"[\w-]*pytorch[\w-]*:(?P<version>\d+(?:\.\d+)+)-")
_TRANSFORMERS = re.compile(r"-transformers(?P<version>\d+(?:\.\d+)+)-")
_COUNTED = {
    "huggingface": "transformers",
    "huggingface-neuron": "transformers",
    "huggingface-neuronx": "transformers",
    "pytorch": "torch",
}


def carried_versions(image: BoundImage) -> dict[str, str]:
    """Return the versions of torch and transformers in an image, by package, where known.

    Args:
        image: The image.
    """
    name = _name(image)
    found = {"torch": _TORCH.match(name), "transformers": _TRANSFORMERS.search(name)}
    versions = {package: match["version"] for package, match in found.items() if match}
    package = _COUNTED.get(image.engine or "")
    if package and image.version:
        versions.setdefault(package, image.version)
    return versions


def carried_python(image: BoundImage) -> str | None:
    """Return the Python of an image, such as ``"3.12"``; None where its tag does not tell.

    Args:
        image: The image.
    """
    match = _PYTHON.search(_name(image))
    return f"{match['major']}.{match['minor']}" if match else None


def _name(image: BoundImage) -> str:
    """Return ``repository:tag``; nothing where only CloudFormation will know it."""
    name = image.uri.rpartition("/")[2]
    return "" if is_token(name) else name
