"""Rules about how an update reaches the instances, and what rolls it back.

Sources: "Exclusions" of the deployment guardrails (deployment-guardrails-exclusions) and
``CapacitySize`` in the SageMaker API reference.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import Token

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.inference_component import InferenceComponent
from sagemaker_model.hosting.on_instances import OnInstances
from sagemaker_model.hosting.roll_out import RollOut

_PATH = "hosting.roll_out"
_FIRST_NEURON = "inf1"


@rule(
    "roll-out-batch",
    Severity.ERROR,
    "A batch is a larger or smaller part than SageMaker takes.",
    fix="Give `percent`, or another number; accept it where scaling keeps the fleet larger.",
)
def roll_out_batch(deployed: Deployed) -> Iterator[Problem]:
    """Find a number of instances that is too much or too little of the initial fleet."""
    count = _count(deployed)
    roll_out = _roll_out(deployed)
    batch = roll_out.batch if roll_out else None
    if batch is None or batch.instances is None or count is None:
        return
    if not batch.low <= batch.share_of(count) <= batch.high:
        yield Problem(
            _PATH,
            f"moves {batch.instances} of {count} instances at a time",
            got=f"{batch.share_of(count):.0f} percent",
            allowed=f"{batch.low} to {batch.high} percent of the fleet",
            fix="give percent=, another number, or more instances; accept it where scaling keeps "
            "the fleet larger",
        )


@rule(
    "roll-out-doubles-fleet",
    Severity.INFO,
    "An update needs twice the GPU instances.",
    fix="Use `RollOut.rolling`, or see to the quota.",
)
def roll_out_doubles_fleet(deployed: Deployed) -> Iterator[Problem]:
    """Tell where blue/green makes a second fleet of GPU instances, which quotas may forbid."""
    count, roll_out = _count(deployed), _roll_out(deployed)
    if count is None or not (deployed.instance and deployed.instance.gpus):
        return
    doubles = roll_out.doubles_fleet if roll_out else count > 1
    if doubles:
        yield Problem(
            _PATH,
            f"makes a second fleet for an update: for a while {2 * count} {deployed.instance.name} "
            "are needed, and the quota for them",
            fix="RollOut.rolling(…) replaces the instances in batches"
            if count > 1
            else "see that the quota allows it",
        )


@rule(
    "roll-out-falls-back",
    Severity.WARNING,
    "This endpoint can be updated all at once only.",
    fix="Leave the roll-out out; accept it for a package of your own.",
)
def roll_out_falls_back(deployed: Deployed) -> Iterator[Problem]:
    """Find a roll-out where SageMaker updates all at once, without watching."""
    roll_out, instance = _roll_out(deployed), deployed.instance
    inferentia = instance is not None and instance.family == _FIRST_NEURON
    package = deployed.container.model_package is not None
    if roll_out is None or not roll_out.watches or not (inferentia or package):
        return
    what = "Inf1 instances" if inferentia else "containers of the Marketplace"
    yield Problem(
        _PATH,
        f"is not used for {what}: SageMaker updates them all at once and does not watch",
        fix="leave it out; accept it for a package of your own"
        if package
        else "leave it out, or take Inf2",
    )


@rule(
    "roll-back-unwatched",
    Severity.WARNING,
    "No alarm has the time to go off.",
    fix="Give the roll-out a `bake` or a `wait`.",
)
def roll_back_unwatched(deployed: Deployed) -> Iterator[Problem]:
    """Find alarms that are to roll back an update that is over before they can."""
    roll_out = _roll_out(deployed)
    if deployed.rolled_back and roll_out is not None and not roll_out.watches:
        yield Problem(
            _PATH,
            "waits nowhere, so that no alarm can go off before the old fleet is gone",
            fix="give bake= or wait=, longer than the alarms take",
        )


@rule(
    "roll-back-names-endpoint",
    Severity.INFO,
    "The endpoint's name is made at synth.",
    fix="Give `endpoint_name` from the first deployment on.",
)
def roll_back_names_endpoint(deployed: Deployed) -> Iterator[Problem]:
    """Tell that an endpoint that CloudFormation has named is replaced by one with another name."""
    if deployed.rolled_back and not deployed.named:
        yield Problem(
            "endpoint_name",
            "is made at synth, as alarms must be there before the endpoint; an endpoint that is "
            "deployed under a name of CloudFormation's is replaced",
            fix="give endpoint_name=, from the first deployment on",
        )


ROLL_BACK_RULES = (roll_back_unwatched, roll_back_names_endpoint)
ROLL_OUT_RULES = (roll_out_batch, roll_out_doubles_fleet, roll_out_falls_back, *ROLL_BACK_RULES)


def _roll_out(deployed: Deployed) -> RollOut | None:
    hosting = deployed.hosting
    return hosting.roll_out if isinstance(hosting, OnInstances | InferenceComponent) else None


def _count(deployed: Deployed) -> int | None:
    """Return the number of instances at first; None where only CloudFormation knows it."""
    hosting = deployed.hosting
    count = hosting.initial_instance_count if isinstance(hosting, OnInstances) else None
    return None if count is None or (count < 1 and Token.is_unresolved(count)) else count
