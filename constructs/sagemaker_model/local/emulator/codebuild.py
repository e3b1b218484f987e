"""CodeBuild, in place of ministack's, which forgets most of a project and runs no buildspec."""

from __future__ import annotations

import atexit
import json
import os
import threading
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from sagemaker_model.local import limits
from sagemaker_model.local.builds.failures import PhaseError, RequestError
from sagemaker_model.local.builds.preparation import Machine
from sagemaker_model.local.builds.service import CodeBuild
from sagemaker_model.local.builds.service_role import AssumedRole, ServiceRole
from sagemaker_model.local.builds.template import project_from_template
from sagemaker_model.local.emulator import credentials, scope
from sagemaker_model.local.emulator.authorization import AccessDeniedError, check
from sagemaker_model.local.emulator.resources import (
    Properties,
    Resource,
    ResourceType,
    add_resource_type,
)
from sagemaker_model.local.emulator.services import ApiError, Request, Response, add_service
from sagemaker_model.local.permissions.calls import Place, documented_build_calls
from sagemaker_model.local.settings import PREFIX, Settings

_PRINCIPAL = "codebuild.amazonaws.com"
_TARGET = "CodeBuild_20161006."


def install(settings: Settings) -> None:
    """Have CodeBuild run builds on this machine, and stop them when the emulator ends.

    However much time-outs are shortened, a build may take an hour, as it runs no faster here than
    on AWS; ``SAGEMAKER_MODEL_LOCAL_SHORTEST_BUILD`` sets another number of seconds.

    Args:
        settings: How this local AWS runs.
    """
    machine = Machine(
        folder=settings.state / "builds",
        host=dict(os.environ),
        python=settings.build_python,
        defaults={"HF_ENDPOINT": settings.hub} if settings.hub else {},
    )
    shortest = float(os.environ.get(f"{PREFIX}SHORTEST_BUILD", "3600"))
    service = CodeBuild(_Emulator(), machine, settings.build_slots, settings, shortest)
    add_service("codebuild", _answering(service), target_prefix=_TARGET.rstrip("."))
    add_resource_type(_project_type(service))
    atexit.register(service.close)


class _Emulator:
    """The emulator as CodeBuild uses it."""

    def account(self) -> str:
        return scope.account()

    def region(self) -> str:
        return scope.region()

    def store(self) -> MutableMapping[str, Any]:
        return scope.store()

    def in_background(self, work: Callable[[], None], name: str) -> threading.Thread:
        return scope.in_background(work, name)

    def assume(self, build: Mapping[str, Any], session: str) -> ServiceRole:
        role = build["serviceRole"]
        try:
            assumed = credentials.assume(role, session, _PRINCIPAL)
        except ApiError:
            raise PhaseError(
                "ACCESS_DENIED",
                f"CodeBuild is not authorized to perform: sts:AssumeRole on {role}",
            ) from None
        _ask(build, role, session)
        return AssumedRole(assumed.environment())


def _ask(build: Mapping[str, Any], role: str, session: str) -> None:
    """Ask IAM for what CodeBuild does in a VPC.

    Source of the error: "Unexpected EC2 error: UnauthorizedOperation" in "Troubleshooting AWS
    CodeBuild", https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html
    """
    place = Place(scope.account(), scope.region())
    for call in documented_build_calls(build, place=place):
        if call.local == "asks":
            try:
                check(role, call.action, call.resource, call.context, session=session)
            except AccessDeniedError as error:
                raise PhaseError(
                    "VPC_CLIENT_ERROR", f"Unexpected EC2 error: UnauthorizedOperation: {error}"
                ) from None


def _answering(service: CodeBuild) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        operation = request.headers.get("x-amz-target", "").removeprefix(_TARGET)
        told = json.loads(request.body or b"{}")
        limits.check("codebuild", operation, told)
        try:
            body = json.dumps(service.call(operation, told)).encode()
        except RequestError as error:
            raise ApiError(error.code, str(error)) from None
        return Response(200, {"Content-Type": "application/x-amz-json-1.1"}, body)

    return answer


def _project_type(service: CodeBuild) -> ResourceType:
    def create(name: str, properties: Properties) -> Resource:
        return _resource(service.create_project({**_request(properties), "name": name}))

    def update(name: str, properties: Properties) -> Resource:
        return _resource(service.replace_project({**_request(properties), "name": name}))

    return ResourceType(
        name="AWS::CodeBuild::Project",
        create=create,
        update=update,
        delete=lambda name, _: service.projects.delete(name),
        name_property="Name",
        replaced_by=("Name",),
    )


def _request(properties: Properties) -> dict[str, Any]:
    request = project_from_template(properties)
    limits.check("codebuild", "CreateProject", {"name": "any", **request})
    return request


def _resource(project: dict[str, Any]) -> Resource:
    return Resource(project["name"], {"Arn": project["arn"]})
