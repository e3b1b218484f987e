"""What is written about findings for a program that runs an app."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment, Annotations, App, Stack, Validations

from construct.models import container
from sagemaker_model import SageMakerModel
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.recording import VARIABLE, Recorded, read, record


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "findings.jsonl"))
    return tmp_path / "findings.jsonl"


def accept_by_validation(model: SageMakerModel, rule: str) -> None:
    acknowledgment = Acknowledgment(id=f"sagemaker-model:{rule}", reason="it is meant")
    Validations.of(model).acknowledge(acknowledgment)


def accept_by_annotation(model: SageMakerModel, rule: str) -> None:
    Annotations.of(model).acknowledge_warning(f"sagemaker-model:{rule}", "it is meant")


def test_an_error_is_recorded_with_the_users_line_although_the_synthesis_fails(
    app: App, stack: Stack, file: Path
) -> None:
    SageMakerModel(stack, "Model", model=container("ml.m5.xlarge"))
    frame = inspect.currentframe()
    assert frame is not None
    line = frame.f_lineno - 3

    with pytest.raises(RuntimeError, match="image-needs-gpu"):
        app.synth()

    (recorded,) = (each for each in read(file) if each.finding.severity is Severity.ERROR)
    assert recorded.construct == "Stack/Model"
    assert recorded.finding.rule == "image-needs-gpu"
    assert recorded.accepted is None
    assert (recorded.file, recorded.line) == (__file__, line)


@pytest.mark.parametrize(
    ("accept", "reason"),
    [(accept_by_validation, "it is meant"), (accept_by_annotation, "")],
    ids=["validation", "annotation"],
)
def test_what_was_accepted_is_recorded_as_that_and_nothing_else_is(
    app: App, stack: Stack, file: Path, accept: Callable[[SageMakerModel, str], None], reason: str
) -> None:
    model = SageMakerModel(stack, "Model", model=container("ml.g99.2xlarge"))
    SageMakerModel(stack, "Other", model=container("ml.g99.2xlarge"))
    accept(model, "instance-type-unknown")

    app.synth()

    accepted = {
        (each.construct, each.finding.rule): each.accepted
        for each in read(file)
        if each.finding.rule == "instance-type-unknown"
    }
    assert accepted == {
        ("Stack/Model", "instance-type-unknown"): reason,
        ("Stack/Other", "instance-type-unknown"): None,
    }


def test_without_the_variable_nothing_is_written(
    app: App, stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    SageMakerModel(stack, "Model", model=container("ml.g99.2xlarge"))

    app.synth()

    assert list(tmp_path.iterdir()) == []


def test_what_was_recorded_is_read_as_it_was_and_once(file: Path) -> None:
    finding = Finding("rule-id", Severity.INFO, "env.Ä", "says «this»\nand that", fix="mend it")
    recorded = Recorded("Stack/Model", finding, accepted="", file="app.py", line=3)

    record([recorded, recorded])

    assert read(file) == [recorded]


def test_a_file_that_nothing_was_written_to_holds_no_findings(tmp_path: Path) -> None:
    assert read(tmp_path / "missing.jsonl") == []
