"""What the rules say of a model's licence and gate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.deployments import a_deployment
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.licence_rules import LICENCE_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import StagedFacts
from sagemaker_model.model_lock.locked_model import LockedModel

GATED = LockedModel(id="org/name", commit="0" * 40, licence="llama3.1", gated=True)


def found(subject: Deployed) -> list[Finding]:
    return check_all(LICENCE_RULES, subject)


def staged(model: LockedModel, *, anonymous: bool) -> Deployed:
    subject = a_deployment(model)
    facts = StagedFacts(default_store=True, anonymous=anonymous)
    return replace(subject, container=replace(subject.container, staged=facts))


@pytest.mark.parametrize(
    "subject",
    [a_deployment(GATED, model_data=None), staged(GATED, anonymous=True)],
    ids=["downloaded", "staged"],
)
def test_a_gated_model_without_a_token_is_an_error_that_names_the_page(subject: Deployed) -> None:
    (finding,) = found(subject)

    assert (finding.rule, finding.severity) == ("gated-without-token", Severity.ERROR)
    assert finding.path == "hf_token"
    assert "https://huggingface.co/org/name" in finding.fix


@pytest.mark.parametrize(
    "subject",
    [
        staged(GATED, anonymous=False),
        a_deployment(GATED),
        a_deployment(GATED, model_data=None, env={"HF_ENDPOINT": "https://hub.example.com"}),
        a_deployment(replace(GATED, gated=False), model_data=None),
        a_deployment(None, model_data=None),
    ],
    ids=["token", "own-weights", "mirror", "open", "no-lock"],
)
def test_a_model_that_can_be_had_has_no_finding(subject: Deployed) -> None:
    assert found(subject) == []


@pytest.mark.parametrize(
    "licence",
    [
        "CC-BY-NC-SA-4.0",
        "cc-by-nc-4.0",
        "deepfloyd-if-license",
        "fair-noncommercial-research-license",
        "flux-1-dev-non-commercial-license",
        "mnpl",
        "mrl",
        "qwen-research",
    ],
)
def test_a_licence_for_research_only_is_a_warning(licence: str) -> None:
    (finding,) = found(a_deployment(replace(GATED, licence=licence)))

    assert (finding.rule, finding.severity) == ("licence-non-commercial", Severity.WARNING)
    assert finding.got == licence


@pytest.mark.parametrize(
    "licence", ["apache-2.0", "mit", "llama3.1", "gemma", "cc-by-4.0", "ncsa", "openrail++"]
)
def test_other_licences_have_no_finding(licence: str) -> None:
    assert found(a_deployment(replace(GATED, licence=licence))) == []


@pytest.mark.parametrize("licence", [None, "other", "unknown"])
def test_a_card_that_names_no_licence_is_told_of(licence: str | None) -> None:
    model = replace(GATED, licence=licence, licence_link="https://example.com/licence")

    (finding,) = found(a_deployment(model))

    assert (finding.rule, finding.severity) == ("licence-unknown", Severity.INFO)
    assert finding.fix == "read https://example.com/licence"
