"""An app that deploys one model, as plain data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sagemaker_model.project.starter import Starter

_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,119}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An app that deploys one model.

    Args:
        name: Name of its stack.
        instance_type: Instance type.
        model_id: The model; None where the code brings its own.
        revision: Commit, tag or branch. Default: the lock file names the commit.
        image: The image as Python. Default: none, and the construct's own default serves.
        env: Variables of the container. Default: none.
        max_total_tokens: Longest prompt and answer together. Default: the model's own.
        region: The stack's Region. Default: none, and the CDK CLI's is taken.
        hf_token: Name or ARN of the secret with the Hub token. Default: none.
        task: What the model is for, as the Hub names it; None where that is not known.
        starter: Inference code to start from. Default: none, and a ready container serves.
        pinned: Whether the container or the build is told the commit. Default: it is.
        samples: Whether the model is a sample of this machine. Default: it is the Hub's.

    Raises:
        ValueError: *name* is none that CloudFormation takes.
    """

    name: str
    instance_type: str
    model_id: str | None
    revision: str | None = None
    image: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    max_total_tokens: int | None = None
    region: str | None = None
    hf_token: str | None = None
    task: str | None = None
    starter: Starter | None = None
    pinned: bool = True
    samples: bool = False

    def __post_init__(self) -> None:
        if not _STACK_NAME.fullmatch(self.name):
            raise ValueError(
                f"{self.name!r} can't be a stack's name; give --name at most 120 letters, digits "
                "and hyphens, a letter first"
            )

    @property
    def stages(self) -> bool:
        """Whether a build stages its weights, which then lie in a stack of their own."""
        return bool(self.starter or self.hf_token)

    @property
    def weights_stack(self) -> str:
        """Name of the stack with the weights."""
        return f"{self.name}-weights"

    @property
    def title(self) -> str:
        """What is deployed, for people."""
        return self.model_id or self.name
