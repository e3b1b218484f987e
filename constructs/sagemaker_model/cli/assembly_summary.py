"""What a synthesized app holds, in a few lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sagemaker_model.engine.shared_variables import MODEL_ID_VARIABLES
from sagemaker_model.model_lock.locked_model import LICENCE_TAG

_STACK = "aws:cloudformation:stack"
_MODEL = "AWS::SageMaker::Model"
_MOUNTED = "/opt/ml/model"
_CONFIG = "AWS::SageMaker::EndpointConfig"

Template = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StackSummary:
    """What one stack holds.

    Args:
        name: Name of the stack.
        template: Path of its template.
        resources: How many resources it has, by type.
        models: What each of its models serves, and with which image.
        instances: On which instances.
    """

    name: str
    template: Path
    resources: Mapping[str, int]
    models: tuple[str, ...]
    instances: tuple[str, ...]


def summarize(assembly: Path) -> list[StackSummary]:
    """Read the stacks of a cloud assembly, in the order of its manifest.

    Raises:
        FileNotFoundError: There is no assembly in that folder.
    """
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise FileNotFoundError(
            f"no synthesized app in {assembly}; run cdk synth --output {assembly} first"
        )
    artifacts = json.loads(manifest.read_text(encoding="utf-8"))["artifacts"]
    return [
        _summary(name, assembly / artifact["properties"]["templateFile"])
        for name, artifact in artifacts.items()
        if artifact["type"] == _STACK
    ]


def _summary(name: str, path: Path) -> StackSummary:
    template = json.loads(path.read_text(encoding="utf-8"))
    kinds = [resource["Type"] for resource in template.get("Resources", {}).values()]
    return StackSummary(
        name,
        path,
        {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
        tuple(_models(template)),
        tuple(_instances(template)),
    )


def _models(template: Template) -> Iterator[str]:
    for properties in _properties(template, _MODEL):
        container = properties["PrimaryContainer"]
        if "Image" in container:
            environment = container.get("Environment", {})
            model_id = f"{_model_id(template, environment)}{_licence(properties)}"
            yield f"{model_id} in {_text(container['Image'])}"
        else:
            yield f"model package {_text(container['ModelPackageName'])}"


def _licence(properties: Template) -> str:
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())}
    return f" (licence {tags[LICENCE_TAG]})" if LICENCE_TAG in tags else ""


def _model_id(template: Template, environment: Mapping[str, Any]) -> str:
    for name in MODEL_ID_VARIABLES:
        if environment.get(name, _MOUNTED) != _MOUNTED:
            return _text(environment[name])
    staged = [
        variable["Value"]
        for project in _properties(template, "AWS::CodeBuild::Project")
        for variable in project["Environment"]["EnvironmentVariables"]
        if variable["Name"] == "MODEL_ID"
    ]
    return _text(staged[0]) if len(staged) == 1 else f"the model at {_MOUNTED}"


def _instances(template: Template) -> Iterator[str]:
    for properties in _properties(template, _CONFIG):
        for variant in properties["ProductionVariants"]:
            yield f"{variant['InitialInstanceCount']} x {_text(variant['InstanceType'])}"


def _properties(template: Template, kind: str) -> Iterator[Mapping[str, Any]]:
    for resource in template.get("Resources", {}).values():
        if resource["Type"] == kind:
            yield resource["Properties"]


def _text(value: object) -> str:
    """Write a value for people: what only CloudFormation knows stands in angle brackets.

    >>> _text({"Fn::Join": ["", ["a:", {"Ref": "AWS::Region"}]]})
    'a:<AWS::Region>'
    """
    match value:
        case {"Fn::Join": [str(delimiter), list(parts)]}:
            return delimiter.join(_text(part) for part in parts)
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::FindInMap": [_, key, second]}:
            return f"<{second} of {_text(key).strip('<>')}>"
        case {"Fn::GetAtt": [str(resource), str(attribute)]}:
            return f"<{resource}.{attribute}>"
        case _:
            return str(value)


def render(stacks: list[StackSummary]) -> str:
    """Write the summaries for people."""
    blocks = []
    for stack in stacks:
        counts = ", ".join(
            f"{kind.removeprefix('AWS::')} x {count}" if count > 1 else kind.removeprefix("AWS::")
            for kind, count in stack.resources.items()
        )
        lines = [stack.name]
        lines += [f"  model      {model}" for model in stack.models]
        lines += [f"  instances  {instances}" for instances in stack.instances]
        lines += [f"  resources  {counts}", f"  template   {stack.template}"]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
