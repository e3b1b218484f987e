"""What the rules look at: a whole deployment, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field

from sagemaker_model.deployment.deployment import ContainerDefinition
from sagemaker_model.hosting.hosting import Hosting
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.model_lock.needs import LockNeeds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deployed:
    """A deployment with all that surrounds it; each is its own, and what is found of it is kept.

    Args:
        instance_type: Instance type as the user gave it; None where it is a token.
        instance: What the table knows of it; None where that is nothing.
        region: The Region as text; None in a Region-agnostic stack.
        container: What SageMaker is told of the container.
        hosting: How the model is served.
        zones: How many Availability Zones the subnets lie in; None without a VPC.
        without_egress: Whether a subnet has no way to the internet.
        without_s3: Whether a subnet has no way to S3 either.
        volume_key: Whether the user gave a key for the instances' volumes.
        needs: What of the deployment a lock file fixes.
        lock: The lock; None where the user gave none.
        locked: What the lock says of the one model; None where it says nothing, or there are
            several.
        removal_policy: Whether the user gave a removal policy.
        role_needs: Statements that the role lacks, as JSON; None where it has them all.
        scaled: Whether the number of instances follows the load.
        rolled_back: Whether alarms roll an update back.
        named: Whether the user named the endpoint.
    """

    instance_type: str | None
    instance: InstanceSpec | None
    region: str | None
    container: ContainerDefinition
    hosting: Hosting
    needs: LockNeeds = field(default_factory=LockNeeds)
    lock: ModelLock | None = None
    locked: LockedModel | None = None
    zones: int | None = None
    without_egress: bool = False
    without_s3: bool = False
    volume_key: bool = False
    removal_policy: bool = False
    role_needs: str | None = None
    scaled: bool = False
    rolled_back: bool = False
    named: bool = False
