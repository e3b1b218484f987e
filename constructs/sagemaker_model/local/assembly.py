"""The stacks of a synthesized CDK app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_STACK = "aws:cloudformation:stack"
_STAGE = "cdk:cloud-assembly"


@dataclass(frozen=True)
class StackOf:
    """A stack of a synthesized app.

    Args:
        name: Its name in CloudFormation.
        region: Region that it is deployed to.
        paths: Where in the app each of its resources comes from, by logical id.
    """

    name: str
    region: str
    paths: Mapping[str, str] = field(default_factory=dict)


def assembly_of(state: Path) -> Path:
    """Return the folder that apps are synthesized to.

    Args:
        state: Folder of all that the local AWS keeps.
    """
    return state / "cdk.out"


def stacks_in(assembly: Path, region: str) -> list[StackOf]:
    """Return the stacks of a synthesized app, those of its stages too; none where it is not.

    Args:
        assembly: Folder that it was synthesized to.
        region: Region of the stacks that leave it to the CDK CLI.
    """
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        return []
    artifacts = json.loads(manifest.read_text(encoding="utf-8"))["artifacts"]
    stacks = []
    for name, artifact in artifacts.items():
        properties = artifact.get("properties", {})
        if artifact["type"] == _STACK:
            paths = _paths(assembly / properties["templateFile"])
            of_stack = _region(artifact.get("environment", "")) or region
            stacks.append(StackOf(properties.get("stackName", name), of_stack, paths))
        elif artifact["type"] == _STAGE:
            stacks += stacks_in(assembly / properties["directoryName"], region)
    return stacks


def _paths(template: Path) -> dict[str, str]:
    resources = json.loads(template.read_text(encoding="utf-8")).get("Resources", {})
    return {
        logical_id: resource["Metadata"]["aws:cdk:path"]
        for logical_id, resource in resources.items()
        if "aws:cdk:path" in resource.get("Metadata", {})
    }


def _region(environment: str) -> str | None:
    """Return the Region of an artifact's environment.

    >>> _region("aws://123456789012/eu-west-1"), _region("aws://unknown-account/unknown-region")
    ('eu-west-1', None)
    """
    region = environment.rpartition("/")[2]
    return None if region in {"", "unknown-region"} else region
