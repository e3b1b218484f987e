"""What NVIDIA's GPUs of the instance types can compute with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COMPUTE_CAPABILITY: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "K80": (3, 7),
        "V100": (7, 0),
        "T4": (7, 5),
        "A100": (8, 0),
        "A10G": (8, 6),
        "L4": (8, 9),
        "L40S": (8, 9),
        "H100": (9, 0),
        "H200": (9, 0),
        "B200": (10, 0),
        "GB200": (10, 0),
        "B300": (10, 3),
        "RTX PRO 4500": (12, 0),
        "RTX PRO Server 6000": (12, 0),
    }
)
"""CUDA compute capability, major and minor, by the GPU's name in the table of instance types.

Source: NVIDIA's page "CUDA GPU Compute Capability", and its page of legacy GPUs for the K80. The
A10G is AWS's own cut of the A10 and has its capability.
"""

BLACKWELL: Final = (10, 0)
"""The lowest compute capability of the Blackwell generation."""
