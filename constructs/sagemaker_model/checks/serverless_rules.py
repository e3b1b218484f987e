"""Rules about serverless hosting: what it excludes, and what it leaves out.

Source: "Feature exclusions" of "Deploy models with Amazon SageMaker Serverless Inference"
(serverless-endpoints); for uncompressed files ``ModelDataSource`` in the SageMaker API reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.serverless import Serverless

_MIB_PER_GIB = 1024
_CPU = ("cpu", None)  # None: nobody said


@rule(
    "serverless-accelerator",
    Severity.ERROR,
    "Serverless hosting has no GPU.",
    fix="Choose an image and an instance type for the CPU, or another hosting.",
)
def serverless_accelerator(deployed: Deployed) -> Iterator[Problem]:
    """Find an image for a GPU or for Neuron."""
    image = deployed.container.image
    if _serverless(deployed) and image is not None and image.processor not in _CPU:
        yield Problem(
            "container",
            "is for an accelerator, and serverless hosting has CPUs only",
            got=str(image.processor),
            fix="an image for the CPU, with a CPU's instance_type so that it is chosen by default; "
            "or RealTime or Asynchronous",
        )


@rule(
    "serverless-vpc",
    Severity.ERROR,
    "Serverless hosting can't be in a VPC.",
    fix="Leave `vpc` out, or choose another hosting.",
)
def serverless_vpc(deployed: Deployed) -> Iterator[Problem]:
    """Find a VPC."""
    if _serverless(deployed) and deployed.zones is not None:
        yield Problem(
            "vpc",
            "is given, and serverless hosting has no network interfaces in a VPC",
            fix="leave vpc out, or serve by RealTime or Asynchronous",
        )


@rule(
    "serverless-network-isolation",
    Severity.ERROR,
    "Serverless hosting can't be isolated.",
    fix="Give `network_isolation=False`, or choose another hosting.",
)
def serverless_network_isolation(deployed: Deployed) -> Iterator[Problem]:
    """Find a container that is to run without a network."""
    if _serverless(deployed) and deployed.container.network_isolation:
        yield Problem(
            "network_isolation",
            "is on, and serverless hosting does not have it",
            fix="network_isolation=False, or serve by RealTime or Asynchronous",
        )


@rule(
    "serverless-model-data",
    Severity.ERROR,
    "Serverless hosting takes one archive only.",
    fix="Use `archive=True` with CustomInference, or a `.tar.gz`.",
)
def serverless_model_data(deployed: Deployed) -> Iterator[Problem]:
    """Find files below a prefix, or an archive whose licence must be accepted."""
    data = deployed.container.model_data
    if not _serverless(deployed) or data is None:
        return
    if not data.compressed or data.accept_eula:
        yield Problem(
            "weights",
            "are given in a way that serverless hosting does not take, which is one .tar.gz "
            "without a licence to accept",
            got=data.uri,
            fix="archive=True with CustomInference, Weights.from_s3 of a .tar.gz, or RealTime",
        )


@rule(
    "serverless-model-package",
    Severity.ERROR,
    "Serverless hosting takes no Marketplace package.",
    fix="Use `RealTime`; accept it for a package of your own.",
)
def serverless_model_package(deployed: Deployed) -> Iterator[Problem]:
    """Find a model package, most of which are of the Marketplace."""
    if _serverless(deployed) and deployed.container.model_package is not None:
        yield Problem(
            "model",
            "is a model package, and serverless hosting takes none of the Marketplace",
            fix="serve by RealTime; accept it for a package of your own, for the CPU, with one "
            "archive",
        )


@rule(
    "serverless-memory",
    Severity.WARNING,
    "The weights are larger than the memory.",
    fix="Take a smaller model, more memory, or `RealTime`.",
)
def serverless_memory(deployed: Deployed) -> Iterator[Problem]:
    """Find weights that can't be loaded, as far as their size is known."""
    hosting, size = deployed.hosting, deployed.container.size_gib
    if isinstance(hosting, Serverless) and size is not None:
        needed = size * _MIB_PER_GIB
        if needed > hosting.memory_mb:
            yield Problem(
                "hosting.memory_mb",
                f"is less than the weights take, about {needed:.0f} MB",
                got=str(hosting.memory_mb),
                fix="a smaller or quantized model, more memory (at most 6144), or RealTime",
            )


@rule(
    "serverless-instance-type",
    Severity.INFO,
    "The instance type only chooses an image.",
    fix="Nothing, if the type is a CPU's.",
)
def serverless_instance_type(deployed: Deployed) -> Iterator[Problem]:
    """Tell that nothing runs on the instance type."""
    if _serverless(deployed):
        yield Problem(
            "instance_type",
            "is not deployed to: serverless hosting has no instances; it says for which processor "
            "an image is chosen",
            fix="nothing, if it is a CPU's",
        )


SERVERLESS_RULES = (
    serverless_accelerator,
    serverless_vpc,
    serverless_network_isolation,
    serverless_model_data,
    serverless_model_package,
    serverless_memory,
    serverless_instance_type,
)


def _serverless(deployed: Deployed) -> bool:
    return isinstance(deployed.hosting, Serverless)
