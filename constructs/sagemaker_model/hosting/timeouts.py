"""How long a model may take to start: from its size, as far as that is known.

The figures are drawn from what AWS and users measured: about 100 MB/s in the worst case for
weights from S3 or the Hub beside a 10 to 18 GB image, 333 s to pull an image of 17.7 GB and 168 s
for 16 GB of weights (AWS Machine Learning Blog, "Introducing container caching in Amazon
SageMaker AI", 2026-06-16). The bounds are the API's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SHORTEST = 60
LONGEST = 3600

_BASE_STARTUP = 600  # pull the image, load a small model, compile CUDA graphs
_BASE_DOWNLOAD = 300
_UNKNOWN = 1200  # weights of unknown size: 20 minutes, as serving images allow themselves
_SECONDS_PER_GIB = 15
_SECONDS_PER_GIB_FROM_HUB = 20
_BYTES_PER_PARAMETER = 2  # float16 or bfloat16, what nearly all models are published in

_PARAMETERS = re.compile(
    r"(?<![a-z0-9.])(?:(?P<experts>\d+)x)?(?P<count>\d+(?:\.\d+)?)(?P<unit>[bm])(?![a-z0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a model may take, in seconds.

    Args:
        startup: From the container's start until it answers ``/ping``.
        download: To copy the model's files from S3.
    """

    startup: int
    download: int


def timeouts_for(*, size_gib: float | None, downloads: bool) -> Timeouts:
    """Return the time-outs for weights of a size.

    Args:
        size_gib: Size of the weights in GiB; None where it is not known.
        downloads: Whether the container downloads them itself, which counts as starting up.

    >>> timeouts_for(size_gib=14, downloads=True)
    Timeouts(startup=1090, download=510)
    >>> timeouts_for(size_gib=None, downloads=False)
    Timeouts(startup=1200, download=1200)
    """
    if size_gib is None:
        return Timeouts(_UNKNOWN, _UNKNOWN)
    each = _SECONDS_PER_GIB + (_SECONDS_PER_GIB_FROM_HUB if downloads else 0)
    startup = _BASE_STARTUP + each * size_gib
    download = _BASE_DOWNLOAD + _SECONDS_PER_GIB * size_gib
    return Timeouts(_bounded(startup), _bounded(download))


def size_in_name(model_id: str) -> float | None:
    """Estimate the size of the weights in GiB by the parameter count in a model's name.

    Two bytes a parameter; experts count in full, so the estimate is rather too high.

    >>> size_in_name("mistralai/Mistral-7B-Instruct-v0.3")
    13.0
    >>> size_in_name("sentence-transformers/all-MiniLM-L6-v2") is None
    True
    """
    match = _PARAMETERS.search(model_id.rpartition("/")[2])
    if not match:
        return None
    billions = float(match["count"]) * int(match["experts"] or 1)
    if match["unit"].lower() == "m":
        billions /= 1000
    return round(billions * 1e9 * _BYTES_PER_PARAMETER / 2**30, 1)


def _bounded(seconds: float) -> int:
    return max(SHORTEST, min(LONGEST, round(seconds)))
