"""Read models from an app's context, so that deploying one needs no Python.

``app.py`` takes one model from ``-c model_id=… -c instance_type=… …`` or several from the list
``models`` in ``cdk.json``; both have the same keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Required, TypedDict, cast

from sagemaker_model.code_folder.ready_handlers import ReadyHandlers
from sagemaker_model.deployment.container import Container
from sagemaker_model.deployment.custom_inference import CustomInference
from sagemaker_model.deployment.deployment import Deployment
from sagemaker_model.deployment.model_package import ModelPackage
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.image.container_image import ContainerImage
from sagemaker_model.image.container_images import ContainerImages
from sagemaker_model.spelling import did_you_mean
from sagemaker_model.stack_name import stack_name_of
from sagemaker_model.staging.artifact_store import ArtifactStore
from sagemaker_model.weights.hub_model import hub_models
from sagemaker_model.weights.weights import Weights

LIST_KEY = "models"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """One model as the context describes it.

    Args:
        model_id: Hugging Face model id, or the name of a model package; with *code_folder* also
            a list of ids.
        instance_type: Instance type.
        name: Name of the stack. Default: made of the model's id.
        packages: ARN of a model package, or Region → ARN. Default: none; the model is served
            by a container.
        container: ``"repository:tag"``, a URI, or a name of ``ContainerImages``. Default: the
            default of ``Container``.
        revision: Commit, tag or branch; for several models an object by model id.
            Default: the default branch.
        weights: S3 URI of the weights. Default: the container downloads them from the Hub, and
            with *code_folder* or *hf_token* they are staged.
        code_folder: Folder with inference code of your own, or a name of ``ReadyHandlers``.
            Default: none.
        hf_token: Name or ARN of the secret with the Hub token. Default: none.
        env: The container's variables. Default: none.
        serving: Serving options by name. Default: the engine's own.
        vpc_id: Id of an existing VPC. Default: none.
        instance_count: Number of instances. Default: 1.
        endpoint_name: Name of the endpoint. Default: CloudFormation makes one up.
        encrypt: Whether the stack makes a KMS key for the instances' volumes. Default: no.
    """

    model_id: str | list[str]
    instance_type: str
    name: str = ""
    packages: str | dict[str, str] | None = None
    container: str | None = None
    revision: str | dict[str, str] | None = None
    weights: str | None = None
    code_folder: str | None = None
    hf_token: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    serving: dict[str, object] = field(default_factory=dict)
    vpc_id: str | None = None
    instance_count: int = 1
    endpoint_name: str | None = None
    encrypt: bool = False

    @property
    def stack_name(self) -> str:
        """Name of the model's stack: what CloudFormation takes, made of the model's id."""
        return stack_name_of(self.name or self.model_ids[0].rpartition("/")[2])

    @property
    def model_ids(self) -> list[str]:
        """The models, mostly one."""
        return self.model_id if isinstance(self.model_id, list) else [self.model_id]

    @property
    def stages(self) -> bool:
        """Whether weights are staged, so that there must be a place for them."""
        return bool(self.code_folder or self.hf_token)

    def deployment(self, store: ArtifactStore | None = None) -> Deployment:
        """Return what is deployed.

        Args:
            store: Where staged weights lie. Default: a bucket of the model's own stack.

        Raises:
            ValueError: The settings contradict each other, or one can't be right.
        """
        if self.packages is not None:
            return self._model_package(self.packages)
        if self.code_folder is not None:
            return self._custom_inference(self.code_folder, store)
        (model,) = hub_models([self._one_model()], self.revision)
        return Container(
            model_id=model.model_id,
            instance_type=self.instance_type,
            container=_image(self.container),
            revision=model.revision,
            weights=self._weights(),
            hf_token=self.hf_token,
            env=self.env,
            serving=_serving(self.serving),
            store=store,
        )

    def _custom_inference(self, code_folder: str, store: ArtifactStore | None) -> CustomInference:
        if self.serving:
            raise ValueError(
                f"serving of the model {self.model_id!r} can't be given together with code_folder: "
                "your own code decides how the model is served; leave one of them out"
            )
        return CustomInference(
            model_id=self.model_ids,
            instance_type=self.instance_type,
            code_folder=_code_folder(code_folder),
            container=_image(self.container),
            revision=self.revision,
            weights=self._weights(),
            hf_token=self.hf_token,
            env=self.env,
            store=store,
        )

    def _model_package(self, packages: str | dict[str, str]) -> ModelPackage:
        given = ("container", "revision", "weights", "env", "serving", "code_folder", "hf_token")
        for name in given:
            if getattr(self, name):
                raise ValueError(
                    f"{name} of the model {self.model_id!r} can't be given together with packages: "
                    "a model package brings its own container and weights; leave one of them out"
                )
        return ModelPackage(
            model_id=self._one_model(), instance_type=self.instance_type, packages=packages
        )

    def _weights(self) -> Weights | None:
        return Weights.from_s3(self.weights) if self.weights else None

    def _one_model(self) -> str:
        if len(self.model_ids) > 1:
            raise ValueError(
                f"model_id names several models, {self.model_ids}, which only code_folder serves "
                "on one endpoint; give it, or describe each model apart"
            )
        return self.model_ids[0]


class _Values(TypedDict, total=False):
    """The settings with their types, once each has been checked."""

    model_id: Required[str | list[str]]
    instance_type: Required[str]
    name: str
    packages: str | dict[str, str] | None
    container: str | None
    revision: str | dict[str, str] | None
    weights: str | None
    code_folder: str | None
    hf_token: str | None
    env: dict[str, str]
    serving: dict[str, object]
    vpc_id: str | None
    instance_count: int
    endpoint_name: str | None
    encrypt: bool


KEYS = tuple(each.name for each in fields(ModelSettings))


def read_models(get: Callable[[str], object]) -> list[ModelSettings]:
    """Return the models that an app's context describes.

    Args:
        get: Gives the context's value of a key, or None: ``app.node.try_get_context``.

    Raises:
        ValueError: The context has no model, or a setting that can't be right.
    """
    one = {key: value for key in KEYS if (value := get(key)) is not None}
    if one:
        return [_settings(one, "the context")]
    models = _from_json(get(LIST_KEY), list, LIST_KEY)
    if not isinstance(models, Sequence) or not models:
        raise ValueError(
            "the context describes no model; give one with -c model_id=org/name -c "
            f"instance_type=ml.g5.2xlarge, or a list of them as {LIST_KEY!r} in cdk.json"
        )
    settings = [_settings(each, f"{LIST_KEY}[{index}]") for index, each in enumerate(models)]
    _check_stack_names(settings)
    return settings


def _settings(given: object, where: str) -> ModelSettings:
    if not isinstance(given, Mapping):
        raise ValueError(f"{where} must be an object with the keys of a model, got {given!r}")  # noqa: TRY004
    _check_keys(given, KEYS, where)
    for key in ("model_id", "instance_type"):
        if not given.get(key):
            raise ValueError(f"{where} has no {key}; add it")
    values = {key: _value(key, value, where) for key, value in given.items() if value is not None}
    return ModelSettings(**cast("_Values", values))


def _check_keys(given: Mapping[str, object], known: Sequence[str], where: str) -> None:
    for key in given:
        if key not in known:
            hint = did_you_mean(str(key), known)
            raise ValueError(
                f"{where} has the unknown key {key!r}; {hint}known: {', '.join(known)}"
            )


def _serving(given: Mapping[str, object]) -> ServingOptions:
    _check_keys(given, [each.name for each in fields(ServingOptions)], "serving")
    # JSON is untyped; what is not a number where one belongs is refused by ServingOptions.
    return ServingOptions(**cast("dict[str, Any]", given))


def _value(key: str, value: object, where: str) -> object:
    """Return a value of the right type; ``-c`` gives everything as text."""
    json_text = isinstance(value, str) and value.lstrip().startswith(("{", "["))
    if key in {"env", "serving"} or (key in {"packages", "revision"} and json_text):
        return _from_json(value, dict, f"{key} of {where}")
    if key == "model_id" and (json_text or isinstance(value, list)):
        return [str(each) for each in cast("list[object]", _from_json(value, list, key))]
    if key in {"packages", "revision"} and isinstance(value, dict):
        return value
    if key == "instance_count":
        return _number(value, f"{key} of {where}")
    if key == "encrypt":
        return _boolean(value, f"{key} of {where}")
    if key != "packages" and not isinstance(value, str):
        raise ValueError(f"{key} of {where} must be text, got {value!r}")
    return value


def _from_json(value: object, wanted: type, where: str) -> object:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"{where} must be JSON, got {value!r}: {error}") from error
    if value is not None and not isinstance(value, wanted):
        kind = "a list" if wanted is list else "an object"
        raise ValueError(f"{where} must be {kind}, got {value!r}")
    return value


def _number(value: object, where: str) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise ValueError(f"{where} must be a whole number, got {value!r}") from None


def _boolean(value: object, where: str) -> bool:
    text = str(value).lower()
    if text not in {"true", "false"}:
        raise ValueError(f"{where} must be true or false, got {value!r}")
    return text == "true"


def _image(name: str | None) -> ContainerImage | str | None:
    """Return the image of a name of ``ContainerImages``; anything else is an image's own name."""
    constant = (name or "").removeprefix("ContainerImages.")
    known = getattr(ContainerImages, constant, None) if constant.isidentifier() else None
    return known if isinstance(known, ContainerImage) else name


def _code_folder(name: str) -> str:
    """Return the folder of a name of ``ReadyHandlers``; anything else is a folder itself."""
    known = getattr(ReadyHandlers, name, None) if name.isidentifier() else None
    return known if isinstance(known, str) else name


def _check_stack_names(settings: Sequence[ModelSettings]) -> None:
    names = [each.stack_name for each in settings]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"two models would have the stack {twice[0]!r}; give one of them another name"
        )
