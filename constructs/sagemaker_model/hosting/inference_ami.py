"""Which host image a container's CUDA version needs.

The host image brings the GPU driver. Left to SageMaker it may be too old for the container,
which then never starts and leaves no log, or too new for it. The rules are those that AWS tests
its own containers by (aws/deep-learning-containers, test/test_utils/constants.py) and the API
reference of ``ProductionVariant.InferenceAmiVersion``.
"""

from __future__ import annotations

from typing import Final

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.gpu import BLACKWELL
from sagemaker_model.instance.table import InstanceSpec


class InferenceAmi:
    """Names for the host images that the SageMaker API takes."""

    GPU_2: Final = "al2-ami-sagemaker-inference-gpu-2"
    """NVIDIA driver 535, CUDA 12.2."""
    GPU_2_1: Final = "al2-ami-sagemaker-inference-gpu-2-1"
    """NVIDIA driver 535, CUDA 12.2, without CUDA compatibility mounting."""
    GPU_3_1: Final = "al2-ami-sagemaker-inference-gpu-3-1"
    """NVIDIA driver 550, CUDA 12.4, without CUDA compatibility mounting."""
    GPU_4_1: Final = "al2023-ami-sagemaker-inference-gpu-4-1"
    """NVIDIA driver 580, CUDA 13.0, without CUDA compatibility mounting."""
    NEURON_2: Final = "al2-ami-sagemaker-inference-neuron-2"
    """Neuron driver 2.19."""


KNOWN_AMIS = frozenset(
    value for name, value in vars(InferenceAmi).items() if not name.startswith("_")
)

_ON_GPU = ("gpu", None)  # None: nobody said, but it has a CUDA version


def is_blackwell(instance: InstanceSpec) -> bool:
    """Say whether the GPUs are of the Blackwell generation, which needs driver 580.

    Its families are g7, g7e, p6-… and p6e-….
    """
    return (instance.compute_capability or (0, 0)) >= BLACKWELL


def choose_inference_ami(image: BoundImage | None, instance: InstanceSpec | None) -> str | None:
    """Return the host image that fits; None where SageMaker's own choice does.

    A Blackwell GPU runs with the driver of one host image only, so that one is chosen for any
    container whose CUDA version is known; else a lock file's word holds.

    Args:
        image: The container; None for a model package, which knows best itself.
        instance: The instance type; None where the table does not know it.
    """
    if image is None or image.processor not in _ON_GPU or image.cuda is None:
        return None
    if instance is not None and not instance.gpus:
        return None
    if instance is not None and is_blackwell(instance):
        return InferenceAmi.GPU_4_1
    if image.locked is not None:
        return image.locked.ami
    major = image.cuda.partition(".")[0]
    return {"12": InferenceAmi.GPU_3_1, "13": InferenceAmi.GPU_4_1}.get(major)
