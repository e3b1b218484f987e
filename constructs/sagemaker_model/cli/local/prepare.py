"""``prepare``: download once what the local AWS runs models, builds and functions with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.status import Status

from sagemaker_model.cli.console import AsJson, err, out, print_json
from sagemaker_model.local.environment.part import Part, cache_folder
from sagemaker_model.local.environment.parts import Prepared, make
from sagemaker_model.local.environment.parts import prepare as prepare_parts


def prepare(
    samples: Annotated[
        bool, typer.Option("--samples", help="Also the weights of the sample models.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Download what the local AWS needs, once, into SAGEMAKER_MODEL_CACHE.

    `up` does it as well, where it was not done. For example:

        sagemaker-model local prepare --samples
    """
    prepared = prepare_with_words(samples=samples)
    if as_json:
        print_json({name: path and str(path) for name, path in asdict(prepared).items()})
    else:
        out.print(f"everything is in {cache_folder()}")


def prepare_with_words(*, samples: bool, serving_python: Path | None = None) -> Prepared:
    """Prepare what is missing, and tell what before and while it is downloaded.

    Args:
        samples: Whether the sample models are wanted.
        serving_python: Interpreter of an environment of the user's own that serves models.
            Default: none, and one is made.
    """
    with err.status("") as line:
        return prepare_parts(
            cache_folder(),
            samples=samples,
            serving_python=serving_python,
            announce=_announce,
            begin=lambda part: _begin(line, part),
        )


def make_with_words(part: Part) -> Path:
    """Make one part where it is missing, telling so, and return its folder.

    Args:
        part: The part.
    """
    with err.status("") as line:
        folders = make(
            cache_folder(), [part], announce=_announce, begin=lambda part: _begin(line, part)
        )
    return folders[part.name]


def _begin(line: Status, part: Part) -> None:
    text = f"downloading {part.what}"
    line.update(text)
    if not err.is_terminal:
        err.print(text)


def _announce(missing: Sequence[Part]) -> None:
    total = sum(part.megabytes for part in missing)
    err.print(f"to download, once, about {total} MB into {cache_folder()}:")
    for part in missing:
        err.print(f"  {part.megabytes:4} MB  {part.what}")
