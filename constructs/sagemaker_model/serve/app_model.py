"""The models of a synthesized app, as far as its templates tell before they are deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sagemaker_model.instance.table import try_find_instance
from sagemaker_model.local.serving.limits import ASYNCHRONOUS, REAL_TIME, SERVERLESS, RequestLimits
from sagemaker_model.preflight.values import known_text, pseudo_parameters

ANY_REGION = "us-east-1"
"""As which addresses are read that hold a Region where nobody said it."""
_STACK = "aws:cloudformation:stack"
_STAGE = "cdk:cloud-assembly"
_MODEL = "AWS::SageMaker::Model"
_CONFIG = "AWS::SageMaker::EndpointConfig"
_ENDPOINT = "AWS::SageMaker::Endpoint"
_COMPONENT = "AWS::SageMaker::InferenceComponent"
_PROJECT = "AWS::CodeBuild::Project"
_ASSET = re.compile(r"([0-9a-f]{64})\.zip")

Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppModel:
    """A model of an app.

    Args:
        path: Path of its construct, such as ``Chat/Model``.
        region: Region that it is deployed to; None where nobody said it.
        image: URI of its image; None for a model package, or where only the deployment tells.
        model_package: Whether it is a model package, which brings an image of its own.
        environment: Variables of its container.
        untold: Names of the variables that only the deployment tells.
        instance_type: Type of its instances; None where there are none, or nobody knows it.
        gpus: GPUs that the container gets.
        limits: What its hosting allows of a request.
        model_data: Where its files are in S3; None where there are none, or where only the
            deployment tells.
        staging: What the build that stages its files is told, such as ``MODEL_ID``; None where
            none does.
        folders: Folders of this machine that the build takes: ``code`` and ``weights``.
    """

    path: str
    region: str | None = None
    image: str | None = None
    model_package: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    instance_type: str | None = None
    gpus: int = 0
    limits: RequestLimits = REAL_TIME
    model_data: str | None = None
    staging: Mapping[str, str] | None = None
    folders: Mapping[str, Path] = field(default_factory=dict)


def models_in(assembly: Path, region: str | None = None) -> list[AppModel]:
    """Return the models of an assembly, in the order of its manifest.

    Args:
        assembly: Folder that ``cdk synth --no-staging`` wrote; its stages are looked into.
        region: Region of the stacks that leave theirs open. Default: none, and addresses that
            hold it are read as in any.
    """
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    found: list[AppModel] = []
    for artifact in manifest["artifacts"].values():
        properties = artifact.get("properties", {})
        if artifact["type"] == _STACK:
            template = json.loads((assembly / properties["templateFile"]).read_text("utf-8"))
            account, _, own = artifact.get("environment", "").removeprefix("aws://").partition("/")
            where = region if own in {"", "unknown-region"} else own
            found += _Template(template, account, where, _assets(assembly, properties)).models()
        elif artifact["type"] == _STAGE:
            found += models_in(assembly / properties["directoryName"], region)
    return found


def choose_model(models: list[AppModel], path: str | None) -> AppModel:
    """Return the model that somebody means.

    Args:
        models: Those of the app.
        path: Its path, or the end of it; None where there is one model.

    Raises:
        ValueError: None is meant, or several are.
    """
    meant = [
        each for each in models if path is None or f"/{each.path}".endswith(f"/{path.strip('/')}")
    ]
    if len(meant) == 1:
        return meant[0]
    paths = ", ".join(each.path for each in meant or models)
    if not models:
        raise ValueError("the app has no model; add a SageMakerModel to one of its stacks")
    if meant:
        raise ValueError(f"there are several models; name one with --model: {paths}")
    raise ValueError(f"the app has no model {path!r}; it has {paths}")


def source_of(model: AppModel) -> str | None:
    """Return where a model's files are in S3; None where its container downloads them itself.

    Args:
        model: The model, whose files are neither the Hub's nor in a folder.

    Raises:
        ValueError: Only the deployment tells.
    """
    source = (model.staging or {}).get("SOURCE", model.model_data)
    if source is None and model.staging is not None:
        raise ValueError(
            f"where the files of {model.path} are in S3 is known to the deployment only; give the "
            "address with --weights s3://…, or a folder that has them"
        )
    return source


def with_weights(model: AppModel, weights: str | None) -> AppModel:
    """Return a model with files from elsewhere.

    Args:
        model: The model.
        weights: A folder, or an address in S3; None leaves them.

    Raises:
        ValueError: There is no such folder.
    """
    if weights is None:
        return model
    folders = {name: each for name, each in model.folders.items() if name != "weights"}
    if weights.startswith("s3://"):
        return replace(model, staging=None, model_data=weights, folders=folders)
    folder = Path(weights)
    if not folder.is_dir():
        raise ValueError(f"there is no folder {weights!r}; give one that has the model's files")
    folders["weights"] = folder.absolute()
    return replace(model, staging=None, model_data=None, folders=folders)


@dataclass(frozen=True)
class _Template:
    """A template, and where it goes."""

    template: Mapping[str, Any]
    account: str
    region: str | None
    assets: Mapping[str, Path]

    def models(self) -> Iterator[AppModel]:
        for name, resource in self._of_type(_MODEL):
            yield self._model(name, resource)

    def _model(self, name: str, resource: Resource) -> AppModel:
        container = resource["Properties"].get("PrimaryContainer", {})
        source = container.get("ModelDataSource", {}).get("S3DataSource", {})
        data = source.get("S3Uri", container.get("ModelDataUrl"))
        environment = {
            key: self._text(value) for key, value in container.get("Environment", {}).items()
        }
        project = self._project(data)
        variant, gpus, limits = self._hosting(name)
        kind = variant.get("InstanceType")
        instance = try_find_instance(kind) if isinstance(kind, str) else None
        return AppModel(
            path=_path(name, resource),
            region=self.region,
            image=self._text(container.get("Image")),
            model_package="ModelPackageName" in container,
            environment={key: value for key, value in environment.items() if value is not None},
            untold=tuple(key for key, value in environment.items() if value is None),
            instance_type=kind if isinstance(kind, str) else None,
            gpus=gpus if gpus is not None else (instance.gpus if instance else 0),
            limits=limits,
            model_data=self._text(data),
            staging=None if project is None else self._variables(project),
            folders={} if project is None else self._folders(project),
        )

    def _hosting(self, model: str) -> tuple[Mapping[str, Any], int | None, RequestLimits]:
        """Return the variant that a model runs in, its own GPUs, and what is allowed there."""
        gpus: int | None = None
        wanted = model
        for _, component in self._of_type(_COMPONENT):
            told = component["Properties"]
            specification = told.get("Specification", {})
            if _names(specification.get("ModelName")) == model:
                needs = specification.get("ComputeResourceRequirements", {})
                gpus = int(needs.get("NumberOfAcceleratorDevicesRequired", 0))
                endpoint = self._resource(_ENDPOINT, told.get("EndpointName"))
                wanted = _names(endpoint.get("EndpointConfigName")) or model
        for name, config in self._of_type(_CONFIG):
            for variant in config["Properties"].get("ProductionVariants", []):
                if wanted in {name, _names(variant.get("ModelName"))}:
                    return variant, gpus, _limits(config["Properties"], variant)
        return {}, gpus, REAL_TIME

    def _project(self, data: object) -> Resource | None:
        """Return the build that writes to where a model reads."""
        if data is None:
            return None
        for _, project in self._of_type(_PROJECT):
            told = _environment(project).get("DESTINATION")
            if told is not None and _starts_with(data, told):
                return project
        return None

    def _variables(self, project: Resource) -> dict[str, str]:
        told = {name: self._text(value) for name, value in _environment(project).items()}
        return {name: value for name, value in told.items() if value is not None}

    def _folders(self, project: Resource) -> dict[str, Path]:
        found = {}
        for source in project["Properties"].get("SecondarySources", []):
            digest = _ASSET.search(json.dumps(source["Location"]))
            if digest and digest[1] in self.assets:
                found[str(source["SourceIdentifier"])] = self.assets[digest[1]]
        return found

    def _text(self, value: object) -> str | None:
        names = pseudo_parameters(self.account, self.region or ANY_REGION)
        if not self.account.isdigit():
            del names["AWS::AccountId"]
        return known_text(value, names, self.template.get("Mappings", {}))

    def _resource(self, kind: str, reference: object) -> Mapping[str, Any]:
        name = _names(reference)
        return next(
            (each.get("Properties", {}) for found, each in self._of_type(kind) if found == name), {}
        )

    def _of_type(self, kind: str) -> Iterator[tuple[str, Resource]]:
        for name, resource in self.template.get("Resources", {}).items():
            if resource["Type"] == kind:
                yield name, resource


def _assets(assembly: Path, stack: Mapping[str, Any]) -> dict[str, Path]:
    """Return where the assets of a stack come from, by their digests."""
    file = assembly / f"{stack['templateFile'].removesuffix('.template.json')}.assets.json"
    if not file.is_file():
        return {}
    told = json.loads(file.read_text(encoding="utf-8")).get("files", {})
    return {name: assembly / each["source"]["path"] for name, each in told.items()}


def _environment(project: Resource) -> dict[str, object]:
    variables = project["Properties"].get("Environment", {}).get("EnvironmentVariables", [])
    return {each["Name"]: each["Value"] for each in variables if each.get("Type") == "PLAINTEXT"}


def _starts_with(value: object, start: object) -> bool:
    """Tell whether an address is another one, or an archive below it.

    >>> _starts_with({"Fn::Join": ["", ["a", "/b/c.gz"]]}, {"Fn::Join": ["", ["a", "/b/"]]})
    True
    """
    match value, start:
        case {"Fn::Join": [_, [*head, str(last)]]}, {"Fn::Join": [_, [*other, str(end)]]}:
            return head == other and last.startswith(end)
        case str(), str():
            return value.startswith(start)
    return False


def _names(reference: object) -> str | None:
    """Return the logical id that a value refers to."""
    match reference:
        case {"Fn::GetAtt": [str(name), _]} | {"Ref": str(name)}:
            return name
    return None


def _limits(config: Mapping[str, Any], variant: Mapping[str, Any]) -> RequestLimits:
    if "ServerlessConfig" in variant:
        return SERVERLESS
    return ASYNCHRONOUS if "AsyncInferenceConfig" in config else REAL_TIME


def _path(name: str, resource: Resource) -> str:
    path: str = resource.get("Metadata", {}).get("aws:cdk:path", name)
    return path.rpartition("/")[0] or path
