"""How long a model may take to start: from its size, as far as that is known.

The figures are drawn from what AWS and users measured: about 100 MB/s in the worst case for
weights from S3 or the Hub beside a 10 to 18 GB image, 333 s to pull an image of 17.7 GB and 168 s
for 16 GB of weights (AWS Machine Learning Blog, "Introducing container caching in Amazon
SageMaker AI", 2026-06-16). The bounds are the API's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sagemaker_model.hosting.limits import seconds_of

if TYPE_CHECKING:
    from aws_cdk import Duration

    from sagemaker_model.hosting.hosting import VariantModel

SHORTEST = 60
LONGEST = 3600

_BASE_STARTUP = 600  # pull the image, load a small model, compile CUDA graphs
_BASE_DOWNLOAD = 300
_MULTIPLE = {"m": 1e6, "b": 1e9, "t": 1e12}
_UNKNOWN = 1200  # weights of unknown size: 20 minutes, as serving images allow themselves
_SECONDS_PER_GIB = 15
_SECONDS_PER_GIB_FROM_HUB = 20
_BYTES_PER_PARAMETER = 2  # float16 or bfloat16, what nearly all models are published in

_PARAMETERS = re.compile(
    r"""
    (?<![a-z0-9.]) (?<!awq[-_]) (?<!gptq[-_]) (?<!hqq[-_])  # AWQ-4b says bits, not parameters
    (?:(?P<times>\d{1,4})x)?  # Mixtral-8x7B
    (?P<count>\d{1,4}(?:[._]\d{1,4})?) (?P<unit>[tbm])  # 1.5B, 1_6b, 135M, 1T
    (?:-(?P<experts>\d{1,4})e)?  # Llama-4-Scout-17B-16E
    (?![a-z0-9])
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
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


def timeouts_of(
    model: VariantModel, startup: Duration | None, download: Duration | None
) -> tuple[float | None, float | None]:
    """Return the time-outs that were given, and else those that fit the model.

    The first is for the start, the second for the download; None leaves one to SageMaker.

    Args:
        model: What is served; where it is nothing, what was not given is left to SageMaker.
        startup: What was given for the start.
        download: What was given for the download.
    """
    if model.model_name is None:
        return seconds_of(startup), seconds_of(download)
    fitting = timeouts_for(
        size_gib=model.size_gib,
        downloads=model.downloads,
        compiles=model.image is not None and model.image.compiles,
    )
    return seconds_of(startup) or fitting.startup, seconds_of(download) or fitting.download


def timeouts_for(*, size_gib: float | None, downloads: bool, compiles: bool = False) -> Timeouts:
    """Return the time-outs for weights of a size.

    Args:
        size_gib: Size of the weights in GiB; None where it is not known.
        downloads: Whether the container downloads them itself, which counts as starting up.
        compiles: Whether the container compiles the model when it starts, as TensorRT-LLM's and
            Neuron's do; its start-up then gets the longest time-out. Default: it does not.

    >>> timeouts_for(size_gib=14, downloads=True)
    Timeouts(startup=1090, download=510)
    >>> timeouts_for(size_gib=None, downloads=False)
    Timeouts(startup=1200, download=1200)
    """
    if size_gib is None:
        return Timeouts(LONGEST if compiles else _UNKNOWN, _UNKNOWN)
    each = _SECONDS_PER_GIB + (_SECONDS_PER_GIB_FROM_HUB if downloads else 0)
    startup = LONGEST if compiles else _BASE_STARTUP + each * size_gib
    download = _BASE_DOWNLOAD + _SECONDS_PER_GIB * size_gib
    return Timeouts(_bounded(startup), _bounded(download))


def parameters_in_name(model_id: str) -> float | None:
    """Return the number of parameters that a model's name says; None where it says none.

    Experts count in full, though they share some parameters, so the number is rather too high.

    >>> parameters_in_name("mistralai/Mistral-7B-Instruct-v0.3")
    7000000000.0
    >>> parameters_in_name("mistralai/Mixtral-8x7B-v0.1")
    56000000000.0
    """
    match = _PARAMETERS.search(model_id.rpartition("/")[2])
    if not match:
        return None
    experts = int(match["times"] or 1) * int(match["experts"] or 1)
    return float(match["count"].replace("_", ".")) * experts * _MULTIPLE[match["unit"].lower()]


def size_in_name(model_id: str) -> float | None:
    """Estimate the size of the weights in GiB by the parameters that a model's name says.

    Two bytes a parameter, so a quantized model is smaller than this.

    >>> size_in_name("mistralai/Mistral-7B-Instruct-v0.3")
    13.0
    >>> size_in_name("sentence-transformers/all-MiniLM-L6-v2") is None
    True
    """
    parameters = parameters_in_name(model_id)
    return None if parameters is None else round(parameters * _BYTES_PER_PARAMETER / 2**30, 1)


def _bounded(seconds: float) -> int:
    return max(SHORTEST, min(LONGEST, round(seconds)))
