"""The shadow of a model: a second one, on the same endpoint."""

from __future__ import annotations

from dataclasses import replace

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.checks.report import report
from sagemaker_model.checks.rules import check
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.compliance import acknowledge
from sagemaker_model.deployment.deployment import ContainerDefinition, Surroundings
from sagemaker_model.execution_role import ExecutionRole, make_execution_role
from sagemaker_model.hosting.hosting import Place
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.instance.hardware import lock_keys
from sagemaker_model.instance.table import try_find_instance
from sagemaker_model.model_lock.needs import tell_needs
from sagemaker_model.model_resource import make_model, variant_model
from sagemaker_model.tokens import is_token

_ID = "Shadow"


def add_shadow(
    scope: Construct,
    deployed: Deployed,
    config: sagemaker.CfnEndpointConfig,
    *,
    surroundings: Surroundings,
    execution: ExecutionRole,
    place: Place,
) -> None:
    """Add the shadow that the hosting asks for, if it does: its model, its rights, its variant.

    Args:
        scope: The construct of the model that answers.
        deployed: What is known of that model.
        config: The endpoint configuration of both.
        surroundings: What a deployment must know of the place.
        execution: The role that both act as.
        place: Where both run.
    """
    hosting = deployed.hosting
    if not isinstance(hosting, RealTime) or hosting.shadow is None:
        return
    shadow, own = hosting.shadow, Construct(scope, _ID)
    candidate = shadow.model.in_region(deployed.region, surroundings.lock)
    known = not is_token(candidate.type_name)
    instance = try_find_instance(candidate.type_name) if known else None
    container = candidate.bind(own, surroundings)
    rights = _grant(own, container, execution)
    model = make_model(own, container, rights, place)
    served = variant_model(model, candidate.type_name, container, instance)
    config.shadow_production_variants = [shadow.production_variant(served)]
    hardware = lock_keys(shadow.model.instance_type, deployed.region)
    needs = replace(candidate.lock_needs, instances=hardware)
    tell_needs(own, needs)
    tried = replace(
        deployed,
        instance_type=candidate.type_name if known else None,
        instance=instance,
        container=container,
        hosting=shadow.hosting,
        needs=needs,
        locked=needs.only_model(surroundings.lock),
        volume_key=False,
        removal_policy=False,
        role_needs=rights.needs,
    )
    report(own, check(tried))


def _grant(
    scope: Construct, container: ContainerDefinition, execution: ExecutionRole
) -> ExecutionRole:
    """Let the role do what the shadow needs as well, if it may be changed."""
    rights = make_execution_role(
        scope,
        role=execution.role,
        statements=list(container.statements),
        grant_permissions=execution.policy is not None,
    )
    acknowledge(scope, granted=rights.statements if rights.policy else (), local_nvme=False)
    return rights
