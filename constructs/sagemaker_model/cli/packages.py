"""What is told where the packages of an extra are not installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "cli": ("boto3", "botocore", "huggingface_hub"),
    "serve": ("platformdirs", "watchfiles"),
    "local": ("cryptography", "ministack", "psutil", "yaml"),
    "web": ("gradio",),
}
"""Packages by the extra of this library that brings them; up to ``local`` each brings the former.

What the command always needs, its program checks.
"""


def must_have_local() -> None:
    """Raise RuntimeError where a package of the local AWS is missing, before anything is begun.

    Raises:
        RuntimeError: A package is missing; the message names what to install.
    """
    _must_have("the local AWS", "local")


def must_have_serve() -> None:
    """Raise RuntimeError where a package of ``serve`` is missing, before anything is begun.

    Raises:
        RuntimeError: A package is missing; the message names what to install.
    """
    _must_have("serve", "serve")


def _must_have(what: str, extra: str) -> None:
    needed = [*EXTRAS][: [*EXTRAS].index(extra) + 1]
    for package in (package for name in needed for package in EXTRAS[name]):
        if find_spec(package) is None:
            raise RuntimeError(
                f"{what} needs {package}, which is not installed; "
                f"pip install 'cdk-sagemaker-model[{extra}]'"
            )


def told_of_missing(error: ModuleNotFoundError) -> str | None:
    """Return what to tell of a package that is missing; None where it is none of an extra.

    Args:
        error: The error.
    """
    package = (error.name or "").partition(".")[0]
    extra = next((name for name, packages in EXTRAS.items() if package in packages), None)
    if extra is None:
        return None
    return (
        f"this needs {package}, which is not installed; pip install 'cdk-sagemaker-model[{extra}]'"
    )
