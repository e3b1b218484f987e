"""Whether somebody is there to be asked."""

from __future__ import annotations

import sys


def is_terminal() -> bool:
    """Tell whether questions can be shown and answered."""
    return sys.stdin.isatty() and sys.stderr.isatty()
