"""CreateEndpoint and its like: endpoints, and the states that they go through.

Creating → InService or Failed; Updating → InService, by way of RollingBack where what is new does
not serve: the old fleet answers until the new one does, and goes on where it doesn't. Source: the
API reference of DescribeEndpoint and the developer guide's "Blue/Green Deployments".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.sagemaker.endpoint_configs import ENDPOINT_CONFIGS
from sagemaker_model.local.sagemaker.fleet import Fleet, LaunchError, launch
from sagemaker_model.local.sagemaker.models import untagged
from sagemaker_model.local.sagemaker.records import Record, Records
from sagemaker_model.local.settings import Settings

ENDPOINTS = Records("endpoint", "endpoint", "Endpoint")
_BETWEEN = {"Creating", "Updating", "RollingBack", "SystemUpdating", "Deleting"}
# How long a change is seen in between at least, in AWS's seconds: callers must meet that here too.
_CHANGES_TAKE = 10.0
_fleets = scope.store()
_changing = threading.Lock()


def create_endpoint(request: Mapping[str, Any], settings: Settings) -> Record:
    """Begin to serve a configuration."""
    config = ENDPOINT_CONFIGS.get(request["EndpointConfigName"])
    now = time.time()
    record = ENDPOINTS.add(request, EndpointStatus="Creating", LastModifiedTime=now)

    def create() -> None:
        try:
            fleet = launch(request["EndpointName"], config, settings)
        except LaunchError as error:
            _become(record, "Failed", FailureReason=str(error))
        else:
            _serve(record, config, fleet)

    _begin(create, record, settings)
    return {"EndpointArn": record["EndpointArn"]}


def update_endpoint(request: Mapping[str, Any], settings: Settings) -> Record:
    """Begin to serve another configuration in place of the one that is served."""
    record = ENDPOINTS.get(request["EndpointName"])
    config = ENDPOINT_CONFIGS.get(request["EndpointConfigName"])
    _refuse_between(record, "update")
    _become(record, "Updating")
    record.pop("FailureReason", None)

    def update() -> None:
        try:
            fleet = launch(request["EndpointName"], config, settings)
        except LaunchError as error:
            _become(record, "RollingBack")
            _become(record, "InService", FailureReason=str(error))
        else:
            _serve(record, config, fleet)

    _begin(update, record, settings)
    return {"EndpointArn": record["EndpointArn"]}


def describe_endpoint(request: Mapping[str, Any]) -> Record:
    """Tell all of an endpoint but its tags."""
    return untagged(ENDPOINTS.get(request["EndpointName"]))


def delete_endpoint(request: Mapping[str, Any]) -> Record:
    """Stop serving; an endpoint that is being made is not deleted before it is."""
    record = ENDPOINTS.get(request["EndpointName"])
    _refuse_between(record, "delete")
    fleet = _fleets.pop(request["EndpointName"], None)
    ENDPOINTS.remove(request["EndpointName"])
    if fleet is not None:
        fleet.retire(patience=0)
    return {}


def list_endpoints(request: Mapping[str, Any]) -> Record:
    """Tell the endpoints whose names contain a text, and that have a status."""
    wanted, status = request.get("NameContains", "").lower(), request.get("StatusEquals")
    members = (
        "EndpointName",
        "EndpointArn",
        "CreationTime",
        "LastModifiedTime",
        "EndpointStatus",
    )
    return {
        "Endpoints": ENDPOINTS.listed(
            members,
            lambda each: (
                wanted in each["EndpointName"].lower() and status in {None, each["EndpointStatus"]}
            ),
        )
    }


@contextmanager
def fleet_of(name: str) -> Iterator[Fleet | None]:
    """Keep an endpoint's fleet until a request is answered; None where nothing serves yet.

    Args:
        name: Name of the endpoint.
    """
    with ExitStack() as kept:
        with _changing:
            fleet: Fleet | None = _fleets.get(name)
            if fleet is not None:
                kept.enter_context(fleet.at_work())
        yield fleet


def _serve(record: Record, config: Mapping[str, Any], fleet: Fleet) -> None:
    with _changing:
        old = _fleets.get(record["EndpointName"])
        _fleets[record["EndpointName"]] = fleet
        record["EndpointConfigName"] = config["EndpointConfigName"]
        record["ProductionVariants"] = [_summary(each) for each in config["ProductionVariants"]]
    if old is not None:
        old.retire()
    _become(record, "InService")


def _summary(variant: Mapping[str, Any]) -> Record:
    count = variant.get("InitialInstanceCount", 1)
    weight = variant.get("InitialVariantWeight", 1.0)
    told = {
        "VariantName": variant["VariantName"],
        "CurrentWeight": weight,
        "DesiredWeight": weight,
        "CurrentInstanceCount": count,
        "DesiredInstanceCount": count,
    }
    if "ServerlessConfig" in variant:
        told["CurrentServerlessConfig"] = variant["ServerlessConfig"]
    return told


def _begin(change: Callable[[], None], record: Record, settings: Settings) -> None:
    def run() -> None:
        time.sleep(settings.wait(_CHANGES_TAKE))
        try:
            change()
        except Exception as error:  # a mistake of ours must not leave the endpoint in between
            _become(record, "Failed", FailureReason=f"the local AWS failed: {error!r}")
            raise

    scope.in_background(run, f"endpoint-{record['EndpointName']}")


def _become(record: Record, status: str, **more: str) -> None:
    record.update(more, EndpointStatus=status, LastModifiedTime=time.time())


def _refuse_between(record: Record, verb: str) -> None:
    status = record["EndpointStatus"]
    if status in _BETWEEN:
        raise ApiError(
            "ValidationException",
            f'Cannot {verb} in-progress endpoint "{record["EndpointArn"]}": it is {status}.',
        )
