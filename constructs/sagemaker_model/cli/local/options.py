"""Options that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.cli.aws import LOCAL_STATE, STATE_VARIABLE

State = Annotated[
    Path,
    typer.Option(
        "--state",
        envvar=STATE_VARIABLE,
        help="Folder of all that the local AWS keeps.",
        show_default=True,
    ),
]
Stacks = Annotated[
    list[str] | None, typer.Argument(help="Names of stacks. Default: all.", show_default=False)
]

STATE = LOCAL_STATE
"""Default of --state."""
