"""Rules about weights that are staged."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed


@rule(
    "store-in-same-stack",
    Severity.WARNING,
    "A failed first deployment loses what it has staged.",
    fix="Give an `ArtifactStore` of another stack, stage with `StagedWeights` in another "
    "stack, or keep the bucket with `removal_policy=RETAIN`.",
)
def store_in_same_stack(deployed: Deployed) -> Iterator[Problem]:
    """Find weights in a bucket that a rollback of the endpoint's stack takes away."""
    staged = deployed.container.staged
    if staged and staged.default_store:
        yield Problem(
            "store",
            "is a bucket of the endpoint's own stack: if its first deployment fails, the weights "
            "go with it, and the next one starts from nothing",
            fix="make an ArtifactStore in a stack of its own and give it as store=, or stage with "
            "StagedWeights in another stack; to keep the bucket, removal_policy=RETAIN",
        )


@rule(
    "staging-chosen",
    Severity.INFO,
    "A token means that the weights are staged.",
    fix="Say it with `weights=Weights.staged()`.",
)
def staging_chosen(deployed: Deployed) -> Iterator[Problem]:
    """Tell that a build brings the weights, as a container must not have the token."""
    staged = deployed.container.staged
    if staged and staged.chosen:
        yield Problem(
            "weights",
            "are staged in S3 by a build, which alone reads the token in hf_token",
            fix="say so with weights=Weights.staged()",
        )


@rule(
    "model-files",
    Severity.WARNING,
    "A local model has files that may not work.",
    fix="Do as the message says.",
)
def model_files(deployed: Deployed) -> Iterator[Problem]:
    """Tell what the staging program's rules say of a local folder."""
    staged = deployed.container.staged
    for note in staged.notes if staged else ():
        yield Problem("weights", f"break a rule about model files: {note}")


STAGING_RULES = (store_in_same_stack, staging_chosen, model_files)
