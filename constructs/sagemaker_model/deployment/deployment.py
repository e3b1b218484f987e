"""What the user asks for, and what it becomes when it is bound to a scope."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import RemovalPolicy
from constructs import Construct, IDependable

from sagemaker_model.engine.engine import Engine, ServedModel
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.hardware import Hardware, instance_type_name
from sagemaker_model.instance.table import try_find_instance
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.needs import LockNeeds
from sagemaker_model.permissions import Statement
from sagemaker_model.smoke_test.known_requests import Known

if TYPE_CHECKING:
    from sagemaker_model.checks.code_subject import CodeSubject


class DeploymentType(Enum):
    """The three ways to deploy a model."""

    MODEL_PACKAGE = "ModelPackage"
    """A SageMaker foundation, JumpStart or Marketplace model, or a registered model package."""
    CONTAINER = "Container"
    """A Hugging Face model in a ready serving container."""
    CUSTOM_INFERENCE = "CustomInference"
    """Any Hugging Face model with the user's own inference code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a deployment must know of the place it is bound to.

    Args:
        region: The Region as text, or None in a Region-agnostic stack.
        network_isolation: What the user asked for; None where the deployment decides.
        without_egress: Whether the container is known to have no way to the internet.
        removal_policy: What becomes of staged weights that are not used any more; None deletes.
        gpus: GPUs that the container gets; None for all of its instance.
        lock: The models and images as they were locked; empty where there is no lock.
    """

    region: str | None = None
    network_isolation: bool | None = None
    without_egress: bool = False
    removal_policy: RemovalPolicy | None = None
    gpus: int | None = None
    lock: ModelLock = field(default_factory=ModelLock)

    def gpus_of(self, instance_type: str) -> int | None:
        """Return the GPUs that a container on *instance_type* has; None where nobody knows."""
        if self.gpus is not None:
            return self.gpus
        instance = try_find_instance(instance_type)
        return instance.gpus if instance else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelData:
    """Model files in S3 that SageMaker copies to ``/opt/ml/model`` before the container starts.

    Args:
        uri: ``s3://bucket/prefix/`` or ``s3://bucket/key.tar.gz``.
        compressed: Whether *uri* is one ``.tar.gz`` object.
        accept_eula: Whether the user accepted the model's licence; only gated JumpStart models
            ask for it.
    """

    uri: str
    compressed: bool
    accept_eula: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFacts:
    """How a model's files are staged.

    Args:
        default_store: Whether they lie in the store that the stack makes by itself.
        unpinned: Revisions that are no commits, as ``org/name@revision``.
        chosen: Whether staging was chosen because there is a token, not by the user.
        anonymous: Whether the build asks the Hub itself for them, and without a token.
        notes: What the rules about model files say of a local folder, short of refusing it.
    """

    default_store: bool
    unpinned: tuple[str, ...] = ()
    chosen: bool = False
    anonymous: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerDefinition:
    """What SageMaker is told of the one container of a model, and what the checks look at.

    Args:
        image: The container's image; None for a model package, which brings its own.
        model_package: ARN of a model package.
        model_data: Model files in S3, if there are any.
        environment: The container's variables: those of the library, replaced by the user's.
        own_environment: The variables that the library sets by itself.
        user_environment: The variables that the user gave.
        engine: What serves in the container; None for a model package.
        served: What the engine was told; None for a model package.
        network_isolation: Whether the container runs without any network.
        size_gib: Size of the weights in GiB, as far as it is known.
        downloads: Whether the container downloads the weights itself when it starts.
        statements: What the execution role must be allowed for this container.
        dependencies: What must exist before the model does.
        staged: How the weights are staged; None where they are not.
        code: The user's inference code; None where there is none.
        known: What the model is known to answer; None where nobody can tell.
    """

    image: BoundImage | None = None
    model_package: str | None = None
    model_data: ModelData | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    own_environment: Mapping[str, str] = field(default_factory=dict)
    user_environment: Mapping[str, str] = field(default_factory=dict)
    engine: Engine | None = None
    served: ServedModel | None = None
    network_isolation: bool = False
    size_gib: float | None = None
    downloads: bool = False
    statements: tuple[Statement, ...] = ()
    dependencies: tuple[IDependable, ...] = ()
    staged: StagedFacts | None = None
    code: CodeSubject | None = None
    known: Known | None = None


class Deployment(ABC):
    """What is deployed: pure data, checked when it is made, bound to a scope by the construct."""

    instance_type: str | Hardware
    """Instance type that serves the model, such as ``ml.g5.2xlarge``, or what it must have."""

    def __post_init__(self) -> None:
        if not all(self.model_ids):
            raise ValueError("model_id is empty; give the one that is to be deployed")
        if not self.instance_type:
            raise ValueError("instance_type is empty; give the one that is to serve the model")

    @property
    def type_name(self) -> str:
        """Name of the instance type.

        Raises:
            TypeError: It is given by what it must have, and no Region was said: see ``in_region``.
        """
        if isinstance(self.instance_type, Hardware):
            raise TypeError(f"no instance type is chosen yet for {self.instance_type}")
        return self.instance_type

    def in_region(self, region: str | None, lock: ModelLock) -> Deployment:
        """Return the deployment on the instance type that its hardware is in a Region.

        Args:
            region: The Region; None in a Region-agnostic stack.
            lock: Keeps what was chosen before.

        Raises:
            ValueError: No type of the Region has what is asked for.
        """
        if not isinstance(self.instance_type, Hardware):
            return self
        name = instance_type_name(self.instance_type, region, lock)
        deployment: Deployment = replace(cast("Any", self), instance_type=name)
        return deployment

    @property
    @abstractmethod
    def model_ids(self) -> tuple[str, ...]:
        """Ids of the models, mostly one."""

    @property
    @abstractmethod
    def type(self) -> DeploymentType:
        """Which of the three kinds this is."""

    @property
    def lock_needs(self) -> LockNeeds:
        """What of it a lock file fixes."""
        return LockNeeds()

    @abstractmethod
    def bind(self, scope: Construct, surroundings: Surroundings) -> ContainerDefinition:
        """Make what *scope* needs, and say what SageMaker is told."""
