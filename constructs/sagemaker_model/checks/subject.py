"""What the rules look at: a whole deployment, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from sagemaker_model.deployment.deployment import ContainerDefinition
from sagemaker_model.hosting.hosting import Hosting
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.model_lock.locked_model import LockedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A deployment with all that surrounds it.

    Args:
        instance_type: Instance type as the user gave it; None where it is a token.
        instance: What the table knows of it; None where that is nothing.
        region: The Region as text; None in a Region-agnostic stack.
        container: What SageMaker is told of the container.
        hosting: How the model is served.
        zones: How many Availability Zones the subnets lie in; None without a VPC.
        without_egress: Whether a subnet has no way to the internet.
        volume_key: Whether the user gave a key for the instances' volumes.
        removal_policy: Whether the user gave a removal policy.
        role_needs: Statements that the role lacks, as JSON; None where it has them all.
        scaled: Whether the number of instances follows the load.
        rolled_back: Whether alarms roll an update back.
        named: Whether the user named the endpoint.
        locked: What the lock file says of the model; None where there is no such file, or where
            it does not have the model.
    """

    instance_type: str | None
    instance: InstanceSpec | None
    region: str | None
    container: ContainerDefinition
    hosting: Hosting
    zones: int | None = None
    without_egress: bool = False
    volume_key: bool = False
    removal_policy: bool = False
    role_needs: str | None = None
    scaled: bool = False
    rolled_back: bool = False
    named: bool = False
    locked: LockedModel | None = None
