"""The ``README.md`` of a project."""

from __future__ import annotations

from string import Template

from sagemaker_model.project.instance import USUAL_REGION
from sagemaker_model.project.project import Project
from sagemaker_model.project.requests import first_question
from sagemaker_model.project.template import template
from sagemaker_model.runtime.container_client import SERVED

_STAYS = """
The bucket with the weights stays, so that the next deployment finds them: delete it in S3.
"""


def readme(project: Project) -> str:
    """Return the text of ``README.md``.

    Args:
        project: The project.
    """
    region = f" --region {project.region}" if project.region else ""
    return Template(template("README.md")).substitute(
        name=project.name,
        title=f"[{project.model_id}](https://huggingface.co/{project.model_id})"
        if project.model_id
        else "inference code of your own",
        instance_type=project.instance_type,
        code=_section("README_code.md") if project.starter else "",
        token=_section("README_token.md", secret=project.hf_token) if project.hf_token else "",
        up_options=(" --samples" if project.samples else "") + region,
        region=region,
        serve_options=_serve_options(project),
        ask_served=first_question(project, SERVED),
        tested=f"sagemaker-model test {SERVED}\n" if project.starter else "",
        ask_local=f"{first_question(project, project.name)} --local",
        all=" --all" if project.stages else "",
        stays=_STAYS if project.stages else "",
        ask=first_question(project, project.name) + region,
    )


def _serve_options(project: Project) -> str:
    samples = " --samples" if project.samples else ""
    # The line of docker run names the registry of a Region.
    names_registry = project.starter is None and project.region is None
    return samples + (f" --region {USUAL_REGION}" if names_registry else "")


def _section(file: str, /, **values: str) -> str:
    return Template(template(file)).substitute(values)
