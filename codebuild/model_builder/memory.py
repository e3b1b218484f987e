"""Keeps freed memory from being kept."""

from __future__ import annotations

import ctypes
import sys

_ARENA_MAX = -8  # M_ARENA_MAX in glibc's malloc.h


def use_one_heap() -> None:
    """Have all threads take memory from one heap.

    glibc gives each thread a heap of its own and keeps in all of them what was freed, so that a
    process would hold about twice what it uses. Other systems are left as they are.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_ARENA_MAX, 1)
