"""An image as one scope uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sagemaker_model.model_lock.locked_image import LockedImage
from sagemaker_model.permissions import Statement

_HOST = re.compile(r"\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundImage:
    """What is known of an image: where it is, and what runs in it.

    Args:
        uri: Address that SageMaker pulls.
        pull: What the execution role must be allowed to pull it.
        engine: Name or family of the serving engine inside; None where nobody said.
        version: Version of that engine's family as in the image table; None where not known.
        processor: ``"gpu"``, ``"cpu"``, ``"neuronx"`` or ``"neuron"``; None where not known.
        cuda: CUDA version, such as ``"13.0"``; None without a GPU or where not known.
        architecture: ``"x86_64"`` or ``"arm64"``; None where not known.
        listed: Whether it is the table that says what serves inside.
        locked: What the lock file says of it; None where it says nothing.
        mutable: Whether the tag may move to another image.
        unlisted: ``repository:tag`` of an image of AWS's registries that the table does not have,
            misspelt or newer; None for every other.
    """

    uri: str
    pull: tuple[Statement, ...]
    engine: str | None = None
    version: str | None = None
    processor: str | None = None
    cuda: str | None = None
    architecture: str | None = None
    listed: bool = False
    locked: LockedImage | None = None
    mutable: bool = False
    unlisted: str | None = None

    @property
    def compiles(self) -> bool:
        """Whether the container compiles the model when it starts, which takes long."""
        return self.engine == "djl-tensorrtllm" or (self.processor or "").startswith("neuron")

    @property
    def region(self) -> str | None:
        """Region of the registry; None where only CloudFormation knows it."""
        match = _HOST.search(self.uri)
        return match[1] if match else None
