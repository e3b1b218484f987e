"""What tests of staging share: a code folder, models of the least, and their parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from conftest import VIRGINIA
from sagemaker_model import ArtifactStore, CustomInference, SageMakerModel

COMMIT = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
MODEL = "sentence-transformers/all-MiniLM-L6-v2"
CODE = "def model_fn(model_dir):\n    return 1\n\n\ndef predict_fn(data, model):\n    return data\n"


def code_folder(folder: Path, text: str = CODE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "inference.py").write_text(text)
    return folder


def custom(folder: Path, **arguments: Any) -> CustomInference:
    given: dict[str, Any] = {"model_id": MODEL, "revision": COMMIT, "instance_type": "ml.m5.xlarge"}
    return CustomInference(code_folder=code_folder(folder), **{**given, **arguments})


def two_stacks(app: App) -> tuple[ArtifactStore, Stack]:
    store = ArtifactStore(Stack(app, "Weights", env=VIRGINIA), "Store")
    return store, Stack(app, "Stack", env=VIRGINIA)


def deploy(stack: Stack, model: Any, **arguments: Any) -> Template:
    SageMakerModel(stack, "Model", model=model, **arguments)
    return Template.from_stack(stack)


def properties(template: Template, kind: str) -> dict[str, Any]:
    (resource,) = template.find_resources(kind).values()
    found: dict[str, Any] = resource["Properties"]
    return found


def prefix(template: Template) -> str:
    return str(properties(template, "Custom::SageMakerModelWeights")["Prefix"])


def variables(template: Template) -> dict[str, Any]:
    project = properties(template, "AWS::CodeBuild::Project")
    return {each["Name"]: each for each in project["Environment"]["EnvironmentVariables"]}


def statements(template: Template, name: str) -> dict[str, Any]:
    """Return the statements of the policies whose logical id begins with *name*, by their Sid."""
    found = template.find_resources("AWS::IAM::Policy").items()
    return {
        each.get("Sid", logical_id): each
        for logical_id, policy in found
        if logical_id.startswith(name)
        for each in policy["Properties"]["PolicyDocument"]["Statement"]
    }
