"""The images whose version is left to the library, by the names that a lock file has for them."""

from __future__ import annotations

from sagemaker_model.code_folder.image_contents import TESTED
from sagemaker_model.hosting.inference_ami import choose_inference_ami
from sagemaker_model.image.listed_image import ListedImage
from sagemaker_model.model_lock.locked_image import LockedImage

_CUSTOM_INFERENCE = "custom-inference"


def default_image(processor: str) -> ListedImage:
    """Return the image for inference code of the user's own, where they choose none.

    Args:
        processor: ``"gpu"`` or ``"cpu"``.
    """
    return ListedImage("huggingface", TESTED, processor, default_of=_CUSTOM_INFERENCE)


def lock_image(key: str) -> LockedImage:
    """Return what a name stands for with this version of the library.

    Args:
        key: Family, or ``"custom-inference"``, and processor, such as ``"huggingface-vllm/gpu"``.

    Raises:
        ValueError: The image table has no such image.
    """
    name, _, processor = key.partition("/")
    custom = name == _CUSTOM_INFERENCE
    image = default_image(processor) if custom else ListedImage(name, None, processor)
    record = image.record
    return LockedImage(
        image=record.name,
        version=record.version,
        processor=record.processor,
        cuda=record.cuda,
        ami=choose_inference_ami(image.known, None),
    )
