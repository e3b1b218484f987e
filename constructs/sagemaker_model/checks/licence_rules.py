"""Rules about a model's licence and gate, by what the lock file says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed

# Ids of licences that allow research or private use only and do not say so in their name: those of
# Mistral AI (non-production, research) and of DeepFloyd (research).
_NON_COMMERCIAL = frozenset({"mnpl", "mrl", "deepfloyd-if-license"})
# The Creative Commons' ids hold "nc", and others' say it in full, such as
# flux-1-dev-non-commercial-license, qwen-research, fair-noncommercial-research-license. Source: the
# Hub's list of licences (docs/hub/repositories-licenses.md of huggingface/hub-docs), and cards.
_NAMED_SO = re.compile(r"(?:^|-)nc(?:-|$)|non-?commercial|research")
_SAYS_NOTHING = frozenset({None, "other", "unknown"})
_HUB = "https://huggingface.co"


@rule(
    "gated-without-token",
    Severity.ERROR,
    "A gated model is fetched without a token.",
    fix="Accept the licence at the page that is named, then give `hf_token`.",
)
def gated_without_token(deployed: Deployed) -> Iterator[Problem]:
    """Find a download that the Hub refuses; no container gets a token, as all could read it."""
    model, container = deployed.locked, deployed.container
    if model is None or not model.gated:
        return
    downloads = container.downloads and "HF_ENDPOINT" not in container.environment
    anonymous = container.staged is not None and container.staged.anonymous
    if downloads or anonymous:
        yield Problem(
            "hf_token",
            f"is not given, and {model.id} is gated: the Hub lets nobody in without one",
            fix=f"accept its licence at {_HUB}/{model.id}, then hf_token= the name of a secret "
            "with a token of that account; a build stages the weights with it",
        )


@rule(
    "licence-non-commercial",
    Severity.WARNING,
    "The licence allows no commercial use.",
    fix="Read it; acknowledge it if your use is allowed.",
)
def licence_non_commercial(deployed: Deployed) -> Iterator[Problem]:
    """Find licences for research or private use only, by their id or name."""
    model = deployed.locked
    licence = (model.licence or "").lower() if model else ""
    if model and (licence in _NON_COMMERCIAL or _NAMED_SO.search(licence)):
        yield Problem(
            "model_id",
            f"names {model.id}, whose licence allows no commercial use, or limits it",
            got=model.licence or "",
            fix=f"read it at {model.licence_link or f'{_HUB}/{model.id}'}, and acknowledge this "
            "if your use is allowed",
        )


@rule(
    "licence-unknown",
    Severity.INFO,
    "The model's card names no licence that is known.",
    fix="Read it.",
)
def licence_unknown(deployed: Deployed) -> Iterator[Problem]:
    """Tell that somebody must read it."""
    model = deployed.locked
    if model and model.licence in _SAYS_NOTHING:
        yield Problem(
            "model_id",
            f"names {model.id}, whose card does not say under which licence it is",
            got=model.licence or "",
            fix=f"read {model.licence_link or f'{_HUB}/{model.id}'}",
        )


LICENCE_RULES = (gated_without_token, licence_non_commercial, licence_unknown)
