"""What the rules about inference code look at."""

from __future__ import annotations

from dataclasses import dataclass

from sagemaker_model.code_folder.inference_code import InferenceCode
from sagemaker_model.engine.engines import try_find_engine
from sagemaker_model.engine.toolkit import Toolkit
from sagemaker_model.image.bound_image import BoundImage


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSubject:
    """Inference code, and what it will run in.

    Args:
        code: The code, as it was read.
        image: The image that serves it.
        isolated: Whether the container has no way to the internet. Default: False.
        bundled: Whether the build stages the required packages beside the code. Default: False.
    """

    code: InferenceCode
    image: BoundImage
    isolated: bool = False
    bundled: bool = False

    @property
    def hugging_face(self) -> bool:
        """Whether the Hugging Face toolkit calls the code."""
        return isinstance(try_find_engine(self.image.engine), Toolkit)

    @property
    def known(self) -> bool:
        """Whether it is known that a toolkit with the contract of these functions calls the code.

        Both the Hugging Face and the PyTorch images are built on sagemaker-inference.
        """
        return self.hugging_face or self.image.engine == "pytorch"

    @property
    def judged(self) -> bool:
        """Whether the contract is looked at: where nobody said what serves, it is likely meant."""
        return self.known or self.image.engine is None
