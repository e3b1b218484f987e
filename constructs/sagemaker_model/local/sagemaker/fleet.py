"""The containers that an endpoint runs, and the requests that they are at work on.

One worker answers for a variant, whatever its instance count: a machine has no more to give.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sagemaker_model.local.emulator import authorization, credentials, faults, logs, scope
from sagemaker_model.local.emulator.services import ApiError
from sagemaker_model.local.permissions.calls import Place, documented_calls
from sagemaker_model.local.sagemaker.models import MODELS, containers
from sagemaker_model.local.serving import worker as workers
from sagemaker_model.local.serving.container import ContainerDefinition
from sagemaker_model.local.serving.model_data import discard
from sagemaker_model.local.serving.worker import ServingError, Worker
from sagemaker_model.local.settings import Settings

PRINCIPAL = "sagemaker.amazonaws.com"
LOG_GROUPS = "/aws/sagemaker/Endpoints"
COMPONENT_LOG_GROUPS = "/aws/sagemaker/InferenceComponents"
# SageMaker waits up to an hour for a container (ProductionVariant,
# ContainerStartupHealthCheckTimeoutInSeconds); loading takes a while here too.
_LONGEST_START = 3600
_LEAST_START = 120.0
_LOOK_EVERY = 0.05
_running: set[Host] = set()


class LaunchError(Exception):
    """A container that does not serve; the message is the endpoint's FailureReason."""


@dataclass(frozen=True, eq=False)
class Host:
    """A worker and the folder that its files are in.

    Args:
        worker: What answers.
        folder: The folder, which is removed when the worker has stopped.
    """

    worker: Worker
    folder: Path

    def retire(self) -> None:
        """Stop the worker and remove its files."""
        self.worker.stop()
        _running.discard(self)
        discard(self.folder)


@dataclass
class Fleet:
    """What answers for one state of an endpoint.

    Args:
        hosts: What each variant runs on, by the variant's name.
    """

    hosts: Mapping[str, Host]
    _busy: int = 0
    _idle: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep the workers until a request is answered."""
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def retire(self, patience: float = 60.0) -> None:
        """Stop the workers when their last request is answered.

        Args:
            patience: How long requests are waited for, in seconds. Default: 60, the longest that
                SageMaker lets a request take.
        """
        with self._idle:
            self._idle.wait_for(lambda: self._busy == 0, timeout=patience)
        for each in self.hosts.values():
            each.retire()

    def worker(self, name: str) -> Worker | None:
        """Return the worker of a variant or component; None where there is none.

        Args:
            name: The variant's or component's name.
        """
        host = self.hosts.get(name)
        return host.worker if host is not None else None


def launch(endpoint: str, config: Mapping[str, Any], settings: Settings) -> Fleet:
    """Start what a configuration names, and wait until all of it serves.

    Args:
        endpoint: Name of the endpoint.
        config: The endpoint configuration.
        settings: How this local AWS runs.

    Raises:
        LaunchError: A container does not serve; those that did were stopped.
    """
    started: dict[str, Host] = {}
    try:
        for variant in config["ProductionVariants"]:
            if variant.get("ModelName"):
                model, name = MODELS.get(variant["ModelName"]), variant["VariantName"]
                role = model["ExecutionRoleArn"]
                ask(endpoint, model, config, role)
                group = f"{LOG_GROUPS}/{endpoint}"
                started[name] = start_model(endpoint, model, name, role, settings, log_group=group)
        for variant in config["ProductionVariants"]:
            if variant["VariantName"] in started:
                await_ready(started[variant["VariantName"]].worker, variant, settings)
    except LaunchError:
        Fleet(started).retire(patience=0)
        raise
    return Fleet(started)


def ask(endpoint: str, model: Mapping[str, Any], config: Mapping[str, Any], role: str) -> None:
    """Ask IAM for what SageMaker does as the role besides reading S3, where IAM is enforced.

    Args:
        endpoint: Name of the endpoint.
        model: What CreateModel told of its model.
        config: The endpoint configuration.
        role: The execution role.

    Raises:
        LaunchError: The role may not do one of them.
    """
    place = Place(scope.account(), scope.region())
    for call in documented_calls(model, config, endpoint=endpoint, place=place):
        if call.local == "asks":
            try:
                authorization.check(role, call.action, call.resource, call.context)
            except authorization.AccessDeniedError as error:
                raise LaunchError(str(error)) from error


def start_model(
    endpoint: str,
    model: Mapping[str, Any],
    name: str,
    role: str,
    settings: Settings,
    *,
    log_group: str,
) -> Host:
    """Start a model's first container.

    Args:
        endpoint: Name of the endpoint.
        model: What CreateModel told of it.
        name: The variant or inference component that it is.
        role: The execution role.
        settings: How this local AWS runs.
        log_group: Where what it says is written.

    Raises:
        LaunchError: It could not be started.
    """
    definition = ContainerDefinition.from_request(
        containers(model)[0], name, isolated=bool(model.get("EnableNetworkIsolation"))
    )
    instance = uuid.uuid4().hex[:17]
    folder = settings.state / "endpoints" / endpoint / f"{name}-{instance[:8]}"
    folder.mkdir(parents=True)
    stream = f"{name}/i-{instance}"

    def log(line: str) -> None:
        logs.append(log_group, stream, [line])

    _fail_on_command(endpoint, name, log)
    try:
        held = credentials.assume(role, "SageMaker", PRINCIPAL).environment()
        worker = workers.start(
            definition, folder=folder, aws=held, log=scope.bound(log), settings=settings
        )
    except (ServingError, ApiError) as error:
        raise LaunchError(str(error)) from error
    host = Host(worker, folder)
    _running.add(host)
    return host


def _fail_on_command(endpoint: str, name: str, log: Callable[[str], None]) -> None:
    fault = faults.met_by_container(endpoint)
    if fault is None:
        return
    told = fault.answer or {}
    for line in told.get("log", ()):
        log(line)
    raise LaunchError(told.get("reason") or _not_ready(name))


def retire_all() -> None:
    """Stop whatever still runs: the local AWS ends."""
    for each in list(_running):
        each.retire()


def await_ready(worker: Worker, variant: Mapping[str, Any], settings: Settings) -> None:
    """Wait until a worker answers the health check.

    Args:
        worker: The worker.
        variant: Its variant, with the time that it may take to start.
        settings: How this local AWS runs.

    Raises:
        LaunchError: It ended, or it took too long.
    """
    name = variant.get("VariantName", "AllTraffic")
    allowed = variant.get("ContainerStartupHealthCheckTimeoutInSeconds", _LONGEST_START)
    deadline = time.monotonic() + settings.wait(allowed, at_least=_LEAST_START)
    while not worker.ready():
        ended = worker.exited()
        if ended is not None or time.monotonic() > deadline:
            worker.stop()
            raise LaunchError(_not_ready(name) + _because(ended))
        time.sleep(_LOOK_EVERY)


def _not_ready(variant: str) -> str:
    return (
        f"The primary container for production variant {variant} did not pass the ping health "
        "check. Please check CloudWatch logs for this endpoint."
    )


def _because(ended: str | None) -> str:
    return f" (It ended: {ended})" if ended else ""
