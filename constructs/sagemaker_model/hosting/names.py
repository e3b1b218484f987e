"""Names: the variant's, and those that are made at synth for what must be known before it is."""

from __future__ import annotations

from aws_cdk import Names
from constructs import Construct

VARIANT_NAME = "AllTraffic"
"""Name of the one production variant; never derived from anything, as an update must keep it."""

MAX_NAME = 63
"""The longest name of an endpoint or an inference component, in the SageMaker API reference."""


def unique_name(scope: Construct) -> str:
    """Return a name that no other construct has, in lower case as it stands in ARNs."""
    return Names.unique_resource_name(scope, max_length=MAX_NAME, separator="-").lower()
