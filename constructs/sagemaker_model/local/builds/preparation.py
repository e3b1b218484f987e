"""What a build has before its first command: its sources, its buildspec, its variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from .buildspec import Buildspec, BuildspecError, parse
from .failures import PhaseError
from .log import BuildLog
from .service_role import ServiceRole, told_by
from .source import read_buildspec, sources_of, unpack
from .variables import Resolved, Variable, VariableError, merge, resolve
from .workspace import Workspace, reach_loopback

_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Machine:
    """What a build finds.

    Args:
        folder: Folder for the builds' folders and logs.
        host: Variables of this machine.
        python: Interpreter whose packages builds find. Default: this one.
        defaults: Variables that a build has unless its project gives them. Default: none.
    """

    folder: Path
    host: Mapping[str, str]
    python: Path | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A build that can run.

    Args:
        spec: Its buildspec.
        environment: The environment of its first command.
    """

    spec: Buildspec
    environment: Mapping[str, str]


def prepare(
    build: Mapping[str, Any],
    workspace: Workspace,
    machine: Machine,
    role: ServiceRole,
    log: BuildLog,
) -> Prepared:
    """Fetch what a build needs.

    Args:
        build: The build's record, as the API has it.
        workspace: Where its sources are put.
        machine: What it finds.
        role: Reads sources, parameters and secrets.
        log: Takes what is told of it, and hides the secrets from here on.

    Raises:
        PhaseError: Something can't be had, or the buildspec can't be run.
    """
    told = _unpack_all(build, workspace, role)
    primary = workspace.source("")
    log.say(f"CODEBUILD_SRC_DIR={primary}")
    spec = _parse(read_buildspec(build["source"].get("buildspec"), primary, role))
    _tell(spec, log)
    resolved = _resolve(spec, build, role)
    as_role = role.environment()
    log.hide([*resolved.secrets, *(as_role.get(name, "") for name in _CREDENTIALS)])
    environment = {
        **workspace.environment(machine.host),
        **machine.defaults,
        **as_role,
        **resolved.values,
        **built_in_variables(build),
        **told,
    }
    return Prepared(spec, reach_loopback(environment))


def built_in_variables(build: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that CodeBuild itself sets, without those of the sources.

    Source: "Environment variables in build environments",
    https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html

    Args:
        build: The build's record, as the API has it.
    """
    return {
        "CODEBUILD_BUILD_ARN": build["arn"],
        "CODEBUILD_BUILD_ID": build["id"],
        "CODEBUILD_BUILD_IMAGE": build["environment"].get("image", ""),
        "CODEBUILD_BUILD_NUMBER": str(build["buildNumber"]),
        "CODEBUILD_BUILD_SUCCEEDING": "1",
        "CODEBUILD_INITIATOR": build["initiator"],
        "CODEBUILD_KMS_KEY_ID": build.get("encryptionKey", ""),
        "CODEBUILD_LOG_PATH": build["logs"]["streamName"],
        "CODEBUILD_START_TIME": str(int(build["startTime"] * 1000)),
    }


def _unpack_all(
    build: Mapping[str, Any], workspace: Workspace, role: ServiceRole
) -> dict[str, str]:
    told: dict[str, str] = {}
    for source in sources_of(build):
        folder = workspace.source(source.name)
        folder.mkdir()
        unpack(source, folder, role)
        told |= source.variables(folder)
    return told


def _parse(text: str) -> Buildspec:
    try:
        return parse(text)
    except BuildspecError as error:
        raise PhaseError("YAML_FILE_ERROR", str(error)) from None


def _resolve(spec: Buildspec, build: Mapping[str, Any], role: ServiceRole) -> Resolved:
    given = build["environment"].get("environmentVariables", ())
    try:
        return resolve(merge(spec.variables, [Variable.of(each) for each in given]), role)
    except (VariableError, ClientError) as error:
        why = told_by(error) if isinstance(error, ClientError) else str(error)
        raise PhaseError("Decrypted Variables Error", why) from None


def _tell(spec: Buildspec, log: BuildLog) -> None:
    if spec.runtimes:
        wanted = ", ".join(f"{name} {version}" for name, version in spec.runtimes.items())
        log.say(f"Runtimes are this machine's own, in place of {wanted}")
    if spec.not_emulated:
        log.say(f"Not emulated, without effect: {', '.join(spec.not_emulated)} of the buildspec")
