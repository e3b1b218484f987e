"""What is decided for a model, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fit.recorded import models
from sagemaker_model.project.app_files import project_files
from sagemaker_model.project.plan import Asked, make_plan
from sagemaker_model.project.trial import with_lock
from sagemaker_model.weights.hub_model import HubModel

ROOT = Path(__file__).parents[2]
# One of each server, and of each code to start from.
KINDS = [
    ("Qwen/Qwen2.5-7B-Instruct", False),
    ("google/flan-t5-xxl", False),
    ("sentence-transformers/all-MiniLM-L6-v2", False),
    ("intfloat/e5-mistral-7b-instruct", False),
    ("google-bert/bert-base-uncased", False),
    ("openai/whisper-large-v3", False),
    ("sentence-transformers/all-MiniLM-L6-v2", True),
    ("google-bert/bert-base-uncased", True),
]


def test_the_reasons_are_those_that_the_docs_show() -> None:
    plan = make_plan(models()["Qwen/Qwen2.5-7B-Instruct"], Asked())

    page = (ROOT / "docs/init.md").read_text(encoding="utf-8")
    assert "\n".join(plan.reasons) in page


@pytest.mark.parametrize(("model_id", "custom"), KINDS)
def test_no_error_is_found_in_what_is_decided(model_id: str, custom: bool) -> None:
    model = models()[model_id]
    plan = make_plan(model, Asked(model=HubModel(model_id), custom=custom))

    files = with_lock(project_files(plan.project), model)

    assert model.commit in files["models.lock.json"]
