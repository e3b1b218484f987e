"""What a deployed model is asked first."""

from __future__ import annotations

import json

from sagemaker_model.engine.tasks import WRITING
from sagemaker_model.project.project import Project
from sagemaker_model.smoke_test.known_requests import HANDLERS, TASKS, TEXT

QUESTION = "What is Amazon SageMaker?"


def first_question(project: Project, endpoint: str) -> str:
    """Return the command that asks something of what serves a project's model.

    Args:
        project: The project.
        endpoint: Name of its stack, or the URL of a container.
    """
    if project.starter is None and project.task in WRITING:
        return f'sagemaker-model chat {endpoint} "{QUESTION}"'
    return f"sagemaker-model invoke {endpoint} '{_body(project)}'"


def _body(project: Project) -> str:
    starter = project.starter
    if starter and starter.name in HANDLERS:
        return json.dumps(HANDLERS[starter.name][0])
    pipeline = starter.pipeline if starter else project.env.get("HF_TASK")
    if project.task == "text-ranking":
        return json.dumps({"query": QUESTION, "texts": ["A service of AWS.", "A river."]})
    return json.dumps(TASKS.get(pipeline or "", TEXT))
