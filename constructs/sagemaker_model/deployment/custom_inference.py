"""Any Hugging Face model with the user's own inference code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from constructs import Construct

from sagemaker_model.code_folder.ready_handlers import ready_handler
from sagemaker_model.deployment.deployment import (
    ContainerDefinition,
    Deployment,
    DeploymentType,
    Surroundings,
)
from sagemaker_model.deployment.environment import check_text, refuse_secrets
from sagemaker_model.engine.engine import Engine, ServedModel
from sagemaker_model.engine.engines import try_find_engine
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.engine.toolkit import Toolkit
from sagemaker_model.engine.unknown import Unknown
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.lock_key import default_image
from sagemaker_model.instance.hardware import Hardware
from sagemaker_model.instance.table import try_find_instance
from sagemaker_model.model_lock.needs import LockNeeds
from sagemaker_model.smoke_test.known_requests import Known, known_of_handler
from sagemaker_model.staging.hub_token import check_hub_token
from sagemaker_model.tokens import is_token
from sagemaker_model.weights.hub_model import HubModel, hub_models
from sagemaker_model.weights.size import size_of
from sagemaker_model.weights.weights import StagedCode, Wanted, Weights

if TYPE_CHECKING:
    from aws_cdk import aws_codebuild as codebuild
    from aws_cdk import aws_secretsmanager as secretsmanager

    from sagemaker_model.code_folder.inference_code import InferenceCode
    from sagemaker_model.staging.artifact_store import ArtifactStore
    from sagemaker_model.staging.staging import Staging


@dataclass(frozen=True, kw_only=True)
class CustomInference(Deployment):
    """Deploy Hugging Face models with your own inference code.

    A build brings weights and code to S3, verified, once for each change; the container finds
    them below ``/opt/ml/model``, the code in ``code/``.

    Args:
        model_id: Hugging Face model id, such as ``"sentence-transformers/all-MiniLM-L6-v2"``, or
            a list of them: each then lies in a folder named after the part behind the last
            ``/``. With *weights* from elsewhere it is the name under which the model is shown.
            Default: none, where *weights* say where they come from.
        instance_type: Instance type, such as ``"ml.m5.xlarge"``, or what it must have, as
            ``Hardware``.
        code_folder: Local folder with ``inference.py`` and, where packages are needed,
            ``requirements.txt``. It is read when the construct is made, and never run.
        container: The image, as in ``Container``. Default: the newest Hugging Face inference
            image that the handlers of this library are tested with, for a GPU or a CPU as the
            instance type has one.
        env: Environment variables of the container, as text. Default: none.
        revision: Commit (40 hexadecimal digits), tag or branch; for several models a mapping by
            model id. Default: the default branch, with a warning: it is resolved once for each
            change of the deployment.
        weights: Where the weights come from; all but ``Weights.from_hub()``.
            Default: ``Weights.staged()``.
        hf_token: Secret with a Hub token, its name or its ARN, which only the build reads; gated
            models need it. Default: none.
        codebuild_compute_type: Size of the build's machine. Default: by the size that the
            model's name says, else the smallest; memory suffices for any model.
        archive: Whether weights and code are packed into one ``model.tar.gz``. Default: they lie
            below a prefix as they are, which starts faster.
        bundle_requirements: Whether the build puts wheels of all packages that
            ``requirements.txt`` asks for beside the code, so that a container without a way to
            the internet can install them. Default: the container fetches them when it starts.
        store: Where weights and code lie. Default: a bucket of the same stack, deleted with it.
        staging: Settings of the build, such as its VPC. Default: ``Staging()``.

    Raises:
        TypeError: A variable's value is not text.
        ValueError: An argument has a form that can't be right, or the code can't be read.
    """

    model_id: str | Sequence[str] | None = None
    instance_type: str | Hardware
    code_folder: str | Path
    container: ContainerImage | str | None = None
    env: Mapping[str, str] | None = None
    revision: str | Mapping[str, str] | None = None
    weights: Weights | None = None
    hf_token: secretsmanager.ISecret | str | None = None
    codebuild_compute_type: codebuild.ComputeType | None = None
    archive: bool = False
    bundle_requirements: bool = False
    store: ArtifactStore | None = None
    staging: Staging | None = None

    def __post_init__(self) -> None:
        Deployment.__post_init__(self)
        check_text(self.env or {})
        check_hub_token(self.hf_token)
        if self.model_id is None and self.weights is None:
            raise ValueError(
                "neither model_id nor weights is given; give the model's id, or say where the "
                "weights are: Weights.from_s3(…), Weights.from_directory(…)"
            )
        self._models()
        _ = self.code

    @property
    def model_ids(self) -> tuple[str, ...]:
        """Ids of the models; the code folder's name where there is none."""
        if self.model_id is None:
            return (Path(self.code_folder).resolve().name,)
        return (self.model_id,) if isinstance(self.model_id, str) else tuple(self.model_id)

    @property
    def type(self) -> DeploymentType:
        """``DeploymentType.CUSTOM_INFERENCE``."""
        return DeploymentType.CUSTOM_INFERENCE

    @cached_property
    def code(self) -> InferenceCode:
        """What is known of the code without running it."""
        from sagemaker_model.code_folder.inference_code import PROGRAM, read_inference_code

        program = (self.env or {}).get("SAGEMAKER_PROGRAM", PROGRAM)
        return read_inference_code(self.code_folder, program=program)

    @property
    def lock_needs(self) -> LockNeeds:
        """The models, where they come from the Hub, and the image, where it has no version."""
        key = self._image.lock_key
        return LockNeeds(
            models=self._models() if self._source.from_model_id else (),
            images=(key,) if key else (),
        )

    def bind(self, scope: Construct, surroundings: Surroundings) -> ContainerDefinition:
        """Have weights and code staged, and let the role read them.

        Raises:
            ValueError: A variable is a secret, or the weights can't lie beside code.
        """
        from sagemaker_model.checks.code_subject import CodeSubject

        refuse_secrets(scope, self.env or {})
        image = self._image.locked(surroundings.lock).bind(scope, region=surroundings.region)
        wanted = self._wanted(image, surroundings)
        weights = self._source.bind(scope, wanted)
        engine = try_find_engine(image.engine) or Unknown()
        served = self._served(image, surroundings.gpus_of(self.type_name))
        own = engine.environment(served)
        isolated = bool(surroundings.network_isolation) or surroundings.without_egress
        return ContainerDefinition(
            image=image,
            model_data=weights.model_data,
            environment={**own, **(self.env or {})},
            own_environment=own,
            user_environment=self.env or {},
            engine=engine,
            served=served,
            network_isolation=bool(surroundings.network_isolation),
            size_gib=wanted.size_gib,
            statements=(*image.pull, *weights.statements),
            dependencies=weights.dependencies,
            staged=weights.staged,
            code=CodeSubject(
                code=self.code, image=image, isolated=isolated, bundled=self.bundle_requirements
            ),
            known=self._known(engine),
        )

    def _known(self, engine: Engine) -> Known | None:
        """Return what a ready handler answers with models whose files it was written for."""
        handler = ready_handler(self.code_folder)
        if self.model_id is None or not self._source.from_model_id or handler is None:
            return None
        if not isinstance(engine, Toolkit):
            return None
        return known_of_handler(handler, self.model_ids, self.env or {})

    @property
    def _source(self) -> Weights:
        """Where the weights come from."""
        return self.weights or Weights.staged()

    @property
    def _image(self) -> ContainerImage:
        if self.container is not None:
            return ContainerImage.parse(self.container)
        instance = None if is_token(self.type_name) else try_find_instance(self.type_name)
        processor = "cpu" if instance is not None and not instance.gpus else "gpu"
        return default_image(processor)

    def _wanted(self, image: BoundImage, surroundings: Surroundings) -> Wanted:
        models = tuple(surroundings.lock.pin(model) for model in self._models())
        return Wanted(
            models=models,
            listings=surroundings.lock.listings(models),
            code=StagedCode(
                folder=Path(self.code_folder),
                digest=self.code.digest,
                bundle_python=self._bundle_python(image),
            ),
            archive=self.archive,
            hf_token=self.hf_token,
            size_gib=size_of(models or [*map(HubModel, self.model_ids)], surroundings.lock),
            store=self.store,
            staging=self.staging,
            compute_type=self.codebuild_compute_type,
            removal_policy=surroundings.removal_policy,
        )

    def _models(self) -> tuple[HubModel, ...]:
        return () if self.model_id is None else hub_models(self.model_ids, self.revision)

    def _bundle_python(self, image: BoundImage) -> str | None:
        if not self.bundle_requirements:
            return None
        from sagemaker_model.code_folder.image_contents import carried_python

        python = carried_python(image)
        if python is None:
            raise ValueError(
                f"bundle_requirements=True needs to know the Python of the image, which {image.uri}"
                " does not tell; use an image of the table, or put the wheels into the image"
            )
        return python

    def _served(self, image: BoundImage, gpus: int | None) -> ServedModel:
        return ServedModel(
            model_id=", ".join(self.model_ids),
            revision=None,
            mounted=True,
            gpus=gpus,
            version=image.version,
            options=ServingOptions(),
        )
