"""Reading of many parts, of which some may not be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


class PartialReading:
    """Reads what may be read, and keeps what may not."""

    def __init__(self) -> None:
        self.unread: list[str] = []
        """What could not be read, and why."""

    def tried(self, what: str, read: Callable[[], Any], otherwise: Any) -> Any:
        """Return what is read, or something else where AWS refuses.

        Args:
            what: What it is, in words.
            read: Reads it.
            otherwise: What is returned where that fails.
        """
        try:
            return read()
        except ClientError as error:
            self.unread.append(f"{what}: {error}")
            return otherwise
