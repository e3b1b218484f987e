"""Deploy models to Amazon SageMaker with the AWS CDK.

What :mod:`sagemaker_model.public` names is imported when it is first asked for: the CDK starts a
Node.js process, which neither the command nor the client of a deployed endpoint needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sagemaker_model import public
    from sagemaker_model.public import *  # noqa: F403

    __all__: list[str] = []
    __all__ += public.__all__
else:

    def __getattr__(name: str) -> object:
        # Probing for a submodule or a dunder must not start anything.
        if name[:1].isupper() or name == "__all__":
            from sagemaker_model import public

            return getattr(public, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
