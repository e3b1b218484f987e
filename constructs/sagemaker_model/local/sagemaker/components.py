"""CreateInferenceComponent and its like: models that share an endpoint's instances."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.sagemaker.endpoint_configs import ENDPOINT_CONFIGS
from sagemaker_model.local.sagemaker.endpoints import ENDPOINTS
from sagemaker_model.local.sagemaker.fleet import (
    COMPONENT_LOG_GROUPS,
    Fleet,
    LaunchError,
    ask,
    await_ready,
    start_model,
)
from sagemaker_model.local.sagemaker.models import MODELS, untagged
from sagemaker_model.local.sagemaker.records import Record, Records
from sagemaker_model.local.settings import Settings

COMPONENTS = Records("inference-component", "inference component", "InferenceComponent")
_fleets = scope.store()


def create_inference_component(request: Mapping[str, Any], settings: Settings) -> Record:
    """Begin to serve a model on an endpoint that is there."""
    endpoint = ENDPOINTS.get(request["EndpointName"])
    if endpoint["EndpointStatus"] != "InService":
        raise ApiError(
            "ValidationException", f'Endpoint "{endpoint["EndpointArn"]}" is not InService.'
        )
    _model_of(request)
    now = time.time()
    record = COMPONENTS.add(
        request,
        EndpointArn=endpoint["EndpointArn"],
        InferenceComponentStatus="Creating",
        LastModifiedTime=now,
    )
    _begin(record, request, settings, on_failure="Failed")
    return {"InferenceComponentArn": record["InferenceComponentArn"]}


def update_inference_component(request: Mapping[str, Any], settings: Settings) -> Record:
    """Begin to serve another model, or another number of copies of it."""
    record = COMPONENTS.get(request["InferenceComponentName"])
    if not request.get("Specification") and not request.get("RuntimeConfig"):
        raise ApiError("ValidationException", "Specification or RuntimeConfig is needed.")
    record["InferenceComponentStatus"] = "Updating"
    _begin(record, {**record, **request}, settings, on_failure="InService")
    return {"InferenceComponentArn": record["InferenceComponentArn"]}


def update_inference_component_runtime_config(
    request: Mapping[str, Any], settings: Settings
) -> Record:
    """Begin to serve another number of copies."""
    return update_inference_component(
        {**request, "RuntimeConfig": request["DesiredRuntimeConfig"]}, settings
    )


def describe_inference_component(request: Mapping[str, Any]) -> Record:
    """Tell all of a component, with the copies that it has."""
    record = untagged(COMPONENTS.get(request["InferenceComponentName"]))
    copies = record.get("RuntimeConfig", {}).get("CopyCount", 1)
    serves = record["InferenceComponentStatus"] == "InService"
    return {
        **record,
        "RuntimeConfig": {"DesiredCopyCount": copies, "CurrentCopyCount": copies if serves else 0},
    }


def delete_inference_component(request: Mapping[str, Any]) -> Record:
    """Stop serving a component; one that has adapters is not deleted before them.

    Raises:
        ApiError: It has adapters.
    """
    name = request["InferenceComponentName"]
    if any(_base_of(each) == name for each in list(COMPONENTS.kept.values())):
        raise ApiError(
            "ValidationException",
            f'Inference component "{name}" is a base inference component for one or more '
            "associated inference components.",
        )
    COMPONENTS.remove(name)
    fleet = _fleets.pop(name, None)
    if fleet is not None:
        fleet.retire(patience=0)
    return {}


def list_inference_components(request: Mapping[str, Any]) -> Record:
    """Tell the components of an endpoint, or all."""
    endpoint = request.get("EndpointNameEquals")
    members = (
        "InferenceComponentName",
        "InferenceComponentArn",
        "EndpointName",
        "EndpointArn",
        "VariantName",
        "InferenceComponentStatus",
        "CreationTime",
        "LastModifiedTime",
    )
    return {
        "InferenceComponents": COMPONENTS.listed(
            members, lambda each: endpoint in {None, each["EndpointName"]}
        )
    }


def fleet_of_component(name: str) -> Fleet | None:
    """Return what serves a component; None where nothing does."""
    fleet: Fleet | None = _fleets.get(name)
    return fleet


def _begin(
    record: Record, wanted: Mapping[str, Any], settings: Settings, *, on_failure: str
) -> None:
    def change() -> None:
        try:
            fleet = _launch(wanted, settings)
        except LaunchError as error:
            record.update(InferenceComponentStatus=on_failure, FailureReason=str(error))
            return
        old = _fleets.get(record["InferenceComponentName"])
        _fleets[record["InferenceComponentName"]] = fleet
        changed = ("Specification", "RuntimeConfig")
        record.update({name: wanted[name] for name in changed if name in wanted})
        record.update(InferenceComponentStatus="InService", LastModifiedTime=time.time())
        if old is not None:
            old.retire()

    scope.in_background(change, f"component-{record['InferenceComponentName']}")


def _launch(wanted: Mapping[str, Any], settings: Settings) -> Fleet:
    config = ENDPOINT_CONFIGS.get(ENDPOINTS.get(wanted["EndpointName"])["EndpointConfigName"])
    name, model = wanted["InferenceComponentName"], _model_of(wanted)
    role = config.get("ExecutionRoleArn") or model["ExecutionRoleArn"]
    ask(wanted["EndpointName"], model, config, role)
    group = f"{COMPONENT_LOG_GROUPS}/{name}"
    host = start_model(wanted["EndpointName"], model, name, role, settings, log_group=group)
    await_ready(host.worker, wanted["Specification"].get("StartupParameters", {}), settings)
    return Fleet({name: host})


def _base_of(request: Mapping[str, Any]) -> str | None:
    base: str | None = request.get("Specification", {}).get("BaseInferenceComponentName")
    return base


def _model_of(request: Mapping[str, Any]) -> Mapping[str, Any]:
    specification = request.get("Specification", {})
    if specification.get("ModelName"):
        return MODELS.get(specification["ModelName"])
    base = _base_of(request)
    container = specification.get("Container")
    if base:
        return _model_of(COMPONENTS.get(base))
    if not container:
        raise ApiError(
            "ValidationException",
            "Specification needs a ModelName, a Container or a BaseInferenceComponentName.",
        )
    return {"PrimaryContainer": {**container, "ModelDataUrl": container.get("ArtifactUrl")}}
