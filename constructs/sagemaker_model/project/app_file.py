"""The ``app.py`` of a project: formatted as ruff and black leave it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from string import Template

from sagemaker_model.project.project import Project

_LINE = 88
_TEMPLATE = Template('''\
"""Deploy $title to Amazon SageMaker."""
$paths
from aws_cdk import App, ${environment_class}Stack
$imports
$here

def build(app: App) -> Stack:
    """$what"""
$stacks
    model = SageMakerModel(
        stack,
        "Model",
        model=$deployment(
$arguments
        ),
    )
    model.add_outputs()
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
''')


def app_file(project: Project) -> str:
    """Return the text of ``app.py``.

    Args:
        project: The project.
    """
    return _TEMPLATE.substitute(
        title=project.title,
        paths="\nfrom pathlib import Path\n" if project.starter else "",
        environment_class="Environment, " if project.region else "",
        imports=_import(sorted(_classes(project))),
        here="\nHERE = Path(__file__).parent\n" if project.starter else "",
        what="Put the endpoint into one stack, and its weights into another that stays."
        if project.stages
        else "Put the model's endpoint into a stack of its own.",
        stacks="\n".join(f"    {line}" for line in _stacks(project)),
        deployment=_deployment(project),
        arguments="\n".join(f"            {each}" for each in _arguments(project)),
    )


def text_literal(text: str) -> str:
    """Return a text as Python writes it, between double quotes."""
    return json.dumps(text, ensure_ascii=False)


def _deployment(project: Project) -> str:
    return "CustomInference" if project.starter else "Container"


def _import(classes: Sequence[str]) -> str:
    short = f"from sagemaker_model import {', '.join(classes)}"
    if len(short) <= _LINE:
        return short
    lines = "\n".join(f"    {each}," for each in classes)
    return f"from sagemaker_model import (\n{lines}\n)"


def _classes(project: Project) -> set[str]:
    image = (project.image or "").partition(".")[0]
    return {
        "SageMakerModel",
        _deployment(project),
        *([image] if image.isidentifier() else []),
        *(["ArtifactStore"] if project.stages else []),
        *(["ServingOptions"] if project.max_total_tokens else []),
        *([] if project.model_id else ["Weights"]),
    }


def _stacks(project: Project) -> Iterator[str]:
    env = ", env=env" if project.region else ""
    if project.region:
        yield f"env = Environment(region={text_literal(project.region)})"
    if project.stages:
        yield f"weights = Stack(app, {text_literal(project.weights_stack)}{env})"
    yield f"stack = Stack(app, {text_literal(project.name)}{env})"


def _arguments(project: Project) -> Iterator[str]:
    if project.model_id:
        yield f"model_id={text_literal(project.model_id)},"
    else:
        yield "# These two rules are about files of transformers, of which there are none."
        yield 'weights=Weights.from_directory(HERE / "model", ignore_rules=["A1", "A4"]),'
    if project.revision:
        yield f"revision={text_literal(project.revision)},"
    yield f"instance_type={text_literal(project.instance_type)},"
    if project.starter:
        yield 'code_folder=HERE / "code",'
    if project.image:
        yield f"container={project.image},"
    if project.max_total_tokens:
        yield f"serving=ServingOptions(max_total_tokens={project.max_total_tokens}),"
    if project.env:
        told = (f"{text_literal(name)}: {text_literal(v)}" for name, v in project.env.items())
        yield f"env={{{', '.join(told)}}},"
    if project.hf_token:
        yield f"hf_token={text_literal(project.hf_token)},"
    if project.stages:
        yield 'store=ArtifactStore(weights, "Store"),'
