"""The flags of servers whose images turn environment variables into flags."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def server_flags(server: str) -> frozenset[str]:
    """Return the flags of a server as the ends of variables: ``DTYPE`` for ``--dtype``."""
    data = json.loads(
        files("sagemaker_model.engine").joinpath("flags.json").read_text(encoding="utf-8")
    )
    return frozenset(flag.upper() for flag in data[server]["flags"])
