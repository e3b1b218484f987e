"""The option ``--samples``: sample models of this machine in place of the Hugging Face Hub's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from sagemaker_model.cli.packages import must_have_local

Samples = Annotated[
    bool,
    typer.Option(
        "--samples", help="Ask a Hub on this machine that has sample models, for the time being."
    ),
]


@contextmanager
def hub_to_ask(*, samples: bool) -> Iterator[str | None]:
    """Yield the URL of the Hub that a command asks; None for that of ``HF_ENDPOINT`` or the real.

    Args:
        samples: Whether it is one with sample models, which ends with the block.

    Raises:
        RuntimeError: The packages of the local AWS are missing, or the Hub did not start.
    """
    if not samples:
        yield None
        return
    must_have_local()
    from sagemaker_model.cli.local.prepare import make_with_words
    from sagemaker_model.local.environment.parts import SAMPLES, packages_of
    from sagemaker_model.local.sample_hub import sample_hub

    with sample_hub(packages_of(make_with_words(SAMPLES))) as url:
        yield url
