"""What a synthesized app needs that only AWS knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sagemaker_model.cost.fleet import Billing, Fleet, fleets_in
from sagemaker_model.preflight.question import About, Question
from sagemaker_model.preflight.values import known_text, pseudo_parameters

_STACK = "aws:cloudformation:stack"
_STAGE = "cdk:cloud-assembly"
_MODEL = "AWS::SageMaker::Model"
_PROJECT = "AWS::CodeBuild::Project"


def questions_of(assembly: Path, account: str, region: str) -> list[Question]:
    """Return what an assembly needs, each once.

    What the deployment itself makes is not asked for.

    Args:
        assembly: Folder that ``cdk synth`` wrote; its stages are looked into.
        account: The account that is deployed to.
        region: Region of the stacks that leave theirs open.

    Raises:
        FileNotFoundError: There is no assembly in it.
    """
    asked: dict[tuple[About, str, str], Question] = {}
    for question in [*_quotas(assembly, region), *_things(assembly, account, region)]:
        asked.setdefault((question.about, question.subject, question.region), question)
    return list(asked.values())


def _quotas(assembly: Path, region: str) -> Iterator[Question]:
    """Yield a question for all instances of a type in a Region."""
    fleets: dict[tuple[str, str], list[Fleet]] = {}
    for fleet in fleets_in(assembly):
        if fleet.instance_type and fleet.billing is not Billing.SERVERLESS:
            fleets.setdefault((fleet.instance_type, fleet.region or region), []).append(fleet)
    for (instance_type, where), all_of in fleets.items():
        yield Question(
            about=About.QUOTA,
            subject=instance_type,
            region=where,
            path=all_of[0].endpoint,
            count=sum(each.first or 0 for each in all_of),
            most=sum(each.most or 0 for each in all_of),
        )


def _things(assembly: Path, account: str, region: str) -> Iterator[Question]:
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    for artifact in manifest["artifacts"].values():
        properties = artifact.get("properties", {})
        if artifact["type"] == _STACK:
            template = json.loads((assembly / properties["templateFile"]).read_text("utf-8"))
            own = artifact.get("environment", "").rpartition("/")[2]
            where = region if own in {"", "unknown-region"} else own
            yield from of_template(template, account, where)
        elif artifact["type"] == _STAGE:
            yield from _things(assembly / properties["directoryName"], account, region)


def of_template(template: Mapping[str, Any], account: str, region: str) -> Iterator[Question]:
    """Yield what the models and staging builds of one template need.

    Args:
        template: The template.
        account: The account that it is deployed to.
        region: The Region.
    """
    names = pseudo_parameters(account, region)
    for logical_id, resource in template.get("Resources", {}).items():
        path = resource.get("Metadata", {}).get("aws:cdk:path", logical_id)
        for about, value in _needs(resource["Type"], resource.get("Properties", {})):
            subject = known_text(value, names, template.get("Mappings", {}))
            if subject is not None:
                yield _about(Question(about=about, subject=subject, region=region, path=path))


def _needs(kind: str, properties: Mapping[str, Any]) -> Iterator[tuple[About, object]]:
    if kind == _MODEL:
        container = properties.get("PrimaryContainer", {})
        yield About.IMAGE, container.get("Image")
        yield About.PACKAGE, container.get("ModelPackageName")
        source = container.get("ModelDataSource", {}).get("S3DataSource", {})
        yield About.WEIGHTS, source.get("S3Uri", container.get("ModelDataUrl"))
    elif kind == _PROJECT:
        for variable in properties.get("Environment", {}).get("EnvironmentVariables", []):
            if variable.get("Type") == "SECRETS_MANAGER":
                yield About.SECRET, variable["Value"]


def _about(question: Question) -> Question:
    """Return a question about a secret without the key inside it, and of an ARN's own Region."""
    parts = question.subject.split(":")
    if question.about is About.SECRET:
        name = ":".join(parts[:7]) if parts[0] == "arn" else parts[0]
        question = replace(question, subject=name)
    if parts[0] == "arn" and parts[3:4] != [""]:
        return replace(question, region=parts[3])
    return question
