"""What a Hub is told to do amiss."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

Fault = dict[str, Any]
_ALWAYS = 1 << 30
_lock = threading.Lock()


@dataclass
class Control:
    """Faults and limits; ``POST /_control`` takes them as JSON.

    Args:
        faults: Each has ``match`` (a pattern for "METHOD /path"), ``times`` (default: always),
            ``after`` (requests to leave alone first), and one of ``status`` (with ``headers``),
            ``reset``, ``stall``, ``cut`` (bytes after which the body ends), ``corrupt`` (offset
            of a byte to change) or ``expire`` (signed URLs are refused). Default: none.
        gated: Token that each gated model wants, by its name. Default: none is gated.
        users: Whose each token is; any other is refused where somebody asks whose it is.
            Default: all are refused.
        extra: Entries that a model's listing has besides its files, by its name. Default: none.
        info: What the API tells of a model besides, by its name. Default: nothing.
        rate: Bytes per second of one connection. Default: 0, unlimited.
        latency: Seconds before each answer. Default: 0.
    """

    faults: list[Fault] = field(default_factory=list)
    gated: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    extra: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    info: dict[str, dict[str, Any]] = field(default_factory=dict)
    rate: int = 0
    latency: float = 0.0

    def fault_for(self, request: str) -> Fault:
        """Return the fault to show, and count it; an empty one where there is none.

        Args:
            request: "METHOD /path".
        """
        with _lock:
            for fault in self.faults:
                if not re.search(fault["match"], request):
                    continue
                if fault.get("after", 0) > 0:
                    fault["after"] -= 1
                elif fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", _ALWAYS) - 1
                    return fault
        return {}
