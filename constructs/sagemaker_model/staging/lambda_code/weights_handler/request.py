"""What CloudFormation asks, as typed data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WEIGHTS = "Custom::SageMakerModelWeights"
STORE = "Custom::SageMakerModelStore"
MANIFEST = "Custom::SageMakerModelManifest"

# <anything>/<stack>/<address of the construct>/<digest>/: nothing shorter is ever deleted.
_PREFIX_ID = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<prefix>(?:[^/]+/){3,})")
_BUCKET_ID = re.compile(r"s3://(?P<bucket>[^/]+)")


@dataclass(frozen=True)
class Place:
    """A staged prefix: its bucket, and what its keys begin with (ends with a slash)."""

    bucket: str
    prefix: str

    @property
    def uri(self) -> str:
        """``s3://bucket/prefix/``, which is the physical id."""
        return f"s3://{self.bucket}/{self.prefix}"

    def beside(self, kind: str) -> str:
        """Return the key of what lies beside the prefix: ``manifest``, ``plan``, ``error``."""
        return f"{self.prefix[:-1]}.{kind}.json"


@dataclass(frozen=True)
class Request:
    """One request of CloudFormation.

    Args:
        kind: ``Create``, ``Update`` or ``Delete``.
        resource_type: Which of the custom resources.
        request_id: Names this request; a repeated one has the same.
        physical_id: The resource as CloudFormation knows it; empty on Create.
        properties: What the template says.
        stack_id: ARN of the stack.
        started_at: When it was first seen, in seconds since 1970; 0 before that.
    """

    kind: str
    resource_type: str
    request_id: str
    physical_id: str
    properties: Mapping[str, str]
    stack_id: str = ""
    started_at: float = 0

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Request:
        """Read an event of the provider framework."""
        return cls(
            kind=event["RequestType"],
            resource_type=event["ResourceType"],
            request_id=event.get("RequestId", ""),
            physical_id=event.get("PhysicalResourceId") or "",
            properties=event["ResourceProperties"],
            stack_id=event.get("StackId", ""),
            started_at=float(event.get("StartedAt") or 0),
        )

    @property
    def own_id(self) -> str:
        """The physical id that the properties make, or the one that is to be deleted."""
        if self.kind == "Delete":
            return self.physical_id
        if self.resource_type == MANIFEST:
            return self.properties["ManifestUri"]
        bucket = self.properties["Bucket"]
        if self.resource_type == STORE:
            return f"s3://{bucket}"
        return Place(bucket, self.properties["Prefix"]).uri


def place_of(physical_id: str) -> Place | None:
    """Return the prefix that a physical id names; None where it is not one of ours."""
    match = _PREFIX_ID.fullmatch(physical_id)
    return Place(match["bucket"], match["prefix"]) if match else None


def bucket_of(physical_id: str) -> str | None:
    """Return the bucket that a physical id names; None where it is not one of ours."""
    match = _BUCKET_ID.fullmatch(physical_id)
    return match["bucket"] if match else None
