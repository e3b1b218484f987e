"""A Hugging Face model in a ready serving container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.deployment.deployment import (
    ContainerDefinition,
    Deployment,
    DeploymentType,
    Surroundings,
)
from sagemaker_model.deployment.environment import check_text, refuse_secrets
from sagemaker_model.engine.engine import Engine, ServedModel, given_options
from sagemaker_model.engine.engines import find_engine, try_find_engine
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.engine.unknown import Unknown
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.container_images import ContainerImages
from sagemaker_model.instance.hardware import Hardware
from sagemaker_model.model_lock.needs import LockNeeds
from sagemaker_model.smoke_test.known_requests import known_of_engine
from sagemaker_model.staging.hub_token import check_hub_token
from sagemaker_model.tokens import is_token
from sagemaker_model.weights.hub_model import HubModel
from sagemaker_model.weights.size import size_of
from sagemaker_model.weights.weights import BoundWeights, Wanted, Weights

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

    from sagemaker_model.staging.artifact_store import ArtifactStore
    from sagemaker_model.staging.staging import Staging


@dataclass(frozen=True, slots=True, kw_only=True)
class Container(Deployment):
    """Deploy a Hugging Face model in a ready serving container.

    Args:
        model_id: Hugging Face model id, such as ``"Qwen/Qwen2.5-7B-Instruct"``. With weights
            from S3 it is the name under which the model is shown.
        instance_type: Instance type, such as ``"ml.g5.2xlarge"``; ``InstanceType`` has names
            for the common ones. Or what it must have, as ``Hardware``.
        container: The serving image: a name of ``ContainerImages``, a ``ContainerImage``,
            ``"repository:tag"``, or a whole URI. Default: ``ContainerImages.HF_VLLM_LATEST``.
        serving: How the model is served, in words that every engine understands.
            Default: the engine's own settings, on all GPUs of the instance.
        env: Environment variables of the container, as text; they win over what the library
            sets. Default: none.
        revision: Commit (40 hexadecimal digits), tag or branch of the model.
            Default: the default branch, with a warning, as it may move.
        weights: Where the weights come from. Default: ``Weights.from_hub()``: the container
            downloads them when it starts; with *hf_token* ``Weights.staged()``.
        hf_token: Secret with a Hub token, its name or its ARN. Only the build that stages the
            weights reads it; gated models need it. Default: none.
        store: Where staged weights lie. Default: a bucket of the same stack, deleted with it.
        staging: Settings of the build that stages them, such as its VPC. Default: ``Staging()``.

    Raises:
        TypeError: A variable's value is not text.
        ValueError: An argument has a form that can't be right.
    """

    model_id: str
    instance_type: str | Hardware
    container: ContainerImage | str | None = None
    serving: ServingOptions = field(default_factory=ServingOptions)
    env: Mapping[str, str] | None = None
    revision: str | None = None
    weights: Weights | None = None
    hf_token: secretsmanager.ISecret | str | None = None
    store: ArtifactStore | None = None
    staging: Staging | None = None

    def __post_init__(self) -> None:
        Deployment.__post_init__(self)
        check_text(self.env or {})
        check_hub_token(self.hf_token)

    @property
    def model_ids(self) -> tuple[str, ...]:
        """The one model's id."""
        return (self.model_id,)

    @property
    def type(self) -> DeploymentType:
        """``DeploymentType.CONTAINER``."""
        return DeploymentType.CONTAINER

    @property
    def lock_needs(self) -> LockNeeds:
        """The model, where it comes from the Hub, and the image, where it has no version."""
        known = not is_token(self.model_id) and not is_token(self.revision)
        key = self._image.lock_key
        return LockNeeds(
            models=(HubModel(self.model_id, self.revision),)
            if known and self._source.from_model_id
            else (),
            images=(key,) if key else (),
        )

    def bind(self, scope: Construct, surroundings: Surroundings) -> ContainerDefinition:
        """Find the image, tell its engine of the model, and let the role read the weights.

        Raises:
            ValueError: A variable is a secret, or the image's Region or engine is not right.
        """
        refuse_secrets(scope, self.env or {})
        image = self._image.locked(surroundings.lock).bind(scope, region=surroundings.region)
        model = surroundings.lock.pin(HubModel(self.model_id, self.revision))
        size = size_of((model,), surroundings.lock)
        weights = self._weights(scope, surroundings, model, size)
        engine = self._engine(image)
        mounted, gpus = weights.model_data is not None, surroundings.gpus_of(self.type_name)
        served = self._served(image, model, mounted=mounted, gpus=gpus)
        own = engine.environment(served)
        return ContainerDefinition(
            image=image,
            model_data=weights.model_data,
            environment={**own, **(self.env or {})},
            own_environment=own,
            user_environment=self.env or {},
            engine=engine,
            served=served,
            network_isolation=bool(surroundings.network_isolation),
            size_gib=size,
            downloads=weights.model_data is None,
            statements=(*image.pull, *weights.statements),
            dependencies=weights.dependencies,
            staged=weights.staged,
            known=known_of_engine(
                engine.name,
                image.engine,
                {**own, **(self.env or {})},
                of_the_hub=self._source.from_model_id,
            ),
        )

    @property
    def _image(self) -> ContainerImage:
        given = self.container if self.container is not None else ContainerImages.HF_VLLM_LATEST
        return ContainerImage.parse(given)

    @property
    def _source(self) -> Weights:
        """Where the weights come from."""
        if self.weights is not None:
            return self.weights
        return Weights.from_hub() if self.hf_token is None else Weights.staged()

    def _weights(
        self, scope: Construct, surroundings: Surroundings, model: HubModel, size: float | None
    ) -> BoundWeights:
        bound = self._source.bind(
            scope,
            Wanted(
                models=(model,),
                listings=surroundings.lock.listings((model,)),
                hf_token=self.hf_token,
                size_gib=size,
                store=self.store,
                staging=self.staging,
                removal_policy=surroundings.removal_policy,
            ),
        )
        chosen = self.weights is None
        staged = replace(bound.staged, chosen=chosen) if bound.staged else None
        return replace(bound, staged=staged)

    def _engine(self, image: BoundImage) -> Engine:
        """Return what serves in the image; serving options need to know it."""
        found = try_find_engine(image.engine)
        if found is not None:
            return found
        if image.engine is not None and not image.listed:
            return find_engine(image.engine)
        if given_options(self.serving):
            raise ValueError(
                f"serving options can't be told to {image.uri}, as it is not known what serves in "
                "it; say so with ContainerImage.from_uri(…, engine='vllm') or the like, or use env"
            )
        return Unknown()

    def _served(
        self, image: BoundImage, model: HubModel, *, mounted: bool, gpus: int | None
    ) -> ServedModel:
        return ServedModel(
            model_id=self.model_id,
            revision=model.revision,
            mounted=mounted,
            gpus=gpus,
            version=image.version,
            options=self.serving,
        )
