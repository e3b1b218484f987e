"""The account and Region that a request is for: ministack keeps them in context variables."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, MutableMapping
from typing import Any, cast

from ministack.core import responses

HOOKS = (
    "ministack.core.responses:AccountRegionScopedDict",
    "ministack.core.responses:get_account_id",
    "ministack.core.responses:get_region",
)


def account() -> str:
    """Return the account of this request, 12 digits."""
    return str(responses.get_account_id())


def region() -> str:
    """Return the Region of this request."""
    return str(responses.get_region())


def store() -> MutableMapping[str, Any]:
    """Return a new mapping that has other contents in each account and Region."""
    return cast("MutableMapping[str, Any]", responses.AccountRegionScopedDict())


def in_background(work: Callable[[], None], name: str) -> threading.Thread:
    """Run something on a thread of its own, in this request's account and Region.

    Args:
        work: What to run.
        name: What the thread is called.
    """
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work,), name=name, daemon=True)
    thread.start()
    return thread


def bound(function: Callable[..., None]) -> Callable[..., None]:
    """Return a function that runs in this request's account and Region, on whichever thread.

    Args:
        function: What is run.
    """
    context = contextvars.copy_context()
    # A context can't be entered twice at once, and several threads may call.
    return lambda *arguments: context.copy().run(function, *arguments)
