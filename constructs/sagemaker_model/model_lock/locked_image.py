"""What a lock file says of one container image."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedImage:
    """The image that a default or a ``LATEST`` name stood for when it was locked.

    Args:
        image: ``"repository:tag"``.
        version: Version within its family, as the SageMaker SDK counts it.
        processor: ``"gpu"``, ``"cpu"``, ``"neuronx"`` or ``"neuron"``.
        cuda: CUDA version in the image, such as ``"13.0"``; None without a GPU.
        ami: Host image that goes with it (``InferenceAmiVersion``); None where that is left to
            SageMaker.
    """

    image: str
    version: str
    processor: str
    cuda: str | None = None
    ami: str | None = None
