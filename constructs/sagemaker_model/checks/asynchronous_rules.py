"""Rules about asynchronous hosting."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.asynchronous import Asynchronous


@rule(
    "async-input-unreadable",
    Severity.WARNING,
    "Nothing lets the role read requests.",
    fix="Give `input_path`; accept it where you let the role read the requests.",
)
def async_input_unreadable(deployed: Deployed) -> Iterator[Problem]:
    """Find a bucket for answers, but none for requests."""
    hosting = deployed.hosting
    if isinstance(hosting, Asynchronous) and hosting.output_path and not hosting.input_path:
        yield Problem(
            "hosting.input_path",
            "is not given, so nothing lets the role read the requests in S3, and each fails",
            fix="give the folder where they lie; accept it where you let model.role read them",
        )


@rule(
    "async-model-package",
    Severity.ERROR,
    "Asynchronous hosting takes no Marketplace package.",
    fix="Use `RealTime`; accept it for a package of your own.",
)
def async_model_package(deployed: Deployed) -> Iterator[Problem]:
    """Find a model package, most of which are of the Marketplace.

    Source: the error of ``CreateEndpointConfig``, "Marketplace images are not supported when
    specifying an AsyncInferenceConfig" (aws/sagemaker-python-sdk#3969).
    """
    package = deployed.container.model_package
    if isinstance(deployed.hosting, Asynchronous) and package is not None:
        yield Problem(
            "model",
            "is a model package, and asynchronous hosting takes none of the Marketplace",
            fix="serve by RealTime; accept it for a package of your own",
        )


ASYNCHRONOUS_RULES = (async_input_unreadable, async_model_package)
