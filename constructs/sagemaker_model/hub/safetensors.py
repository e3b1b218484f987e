"""How many parameters of which dtype a safetensors file holds, out of its head.

Format: https://huggingface.co/docs/safetensors/index#format: eight bytes with the length of the
head, and the head, which is JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

FIRST_BYTES = 100_000
"""How much of a file is asked for first: most heads are shorter."""
_LENGTH_BYTES = 8
_LONGEST = 100_000_000
"""The format's own limit for a head (MAX_HEADER_SIZE of the reference implementation)."""


def head_bytes(start: bytes) -> int:
    """Return how many bytes of a file make its head.

    Args:
        start: At least the first eight bytes of the file.

    Raises:
        ValueError: It is no safetensors file.
    """
    length = int.from_bytes(start[:_LENGTH_BYTES], "little")
    if len(start) < _LENGTH_BYTES or length > _LONGEST:
        raise ValueError("a file is named .safetensors, but is none")
    return _LENGTH_BYTES + length


def read_head(start: bytes) -> dict[str, int]:
    """Return the number of parameters by dtype.

    Args:
        start: The first bytes of the file, at least its head.

    Raises:
        KeyError, TypeError, ValueError: They do not hold a head.
    """
    tensors: Mapping[str, Any] = json.loads(start[_LENGTH_BYTES : head_bytes(start)])
    counts = (
        {tensor["dtype"]: math.prod(tensor["shape"])}
        for name, tensor in tensors.items()
        if name != "__metadata__"
    )
    return add_up(counts)


def add_up(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums by dtype, sorted.

    >>> add_up([{"F32": 1, "BF16": 2}, {"F32": 3}])
    {'BF16': 2, 'F32': 4}
    """
    sums: dict[str, int] = {}
    for each in counts:
        for dtype, count in each.items():
            sums[dtype] = sums.get(dtype, 0) + count
    return dict(sorted(sums.items()))
