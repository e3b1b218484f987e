"""AWS around CodeBuild, in memory, and a CodeBuild that runs on it."""

from __future__ import annotations

import io
import os
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from botocore.exceptions import ClientError

from sagemaker_model.local.builds.failures import PhaseError
from sagemaker_model.local.builds.preparation import Machine
from sagemaker_model.local.builds.service import CodeBuild
from sagemaker_model.local.builds.service_role import ServiceRole
from sagemaker_model.local.builds.variables import SecretReference

ROLE = "arn:aws:iam::123456789012:role/build"
PLAIN = {
    "type": "LINUX_CONTAINER",
    "image": "aws/codebuild/standard:7.0",
    "computeType": "BUILD_GENERAL1_SMALL",
}


@dataclass
class Role:
    """What a build does as its role; actions in *denied* are refused."""

    objects: dict[str, bytes] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    logged: dict[str, list[str]] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def environment(self) -> Mapping[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "ASIA1234",
            "AWS_SECRET_ACCESS_KEY": "key-of-the-role",
            "AWS_SESSION_TOKEN": "token-of-the-role",
            "AWS_REGION": "us-east-1",
        }

    def download(self, bucket: str, key: str, version: str | None, file: Path) -> None:
        name = f"{bucket}/{key}" + (f"@{version}" if version else "")
        self._may("s3:GetObject", name)
        if name not in self.objects:
            raise _error("NoSuchKey", "The specified key does not exist.", "GetObject")
        file.write_bytes(self.objects[name])

    def secret(self, reference: SecretReference) -> str:
        self._may("secretsmanager:GetSecretValue", reference.secret)
        return self.secrets[reference.secret]

    def parameters(self, names: Iterable[str]) -> Mapping[str, str]:
        self._may("ssm:GetParameters", ",".join(names))
        return self.known

    def open_log(self, group: str, stream: str) -> Callable[[Sequence[str]], None]:
        self._may("logs:CreateLogStream", group)
        lines = self.logged.setdefault(f"{group}/{stream}", [])

        def append(more: Sequence[str]) -> None:
            self._may("logs:PutLogEvents", group)
            lines.extend(more)

        return append

    def _may(self, action: str, resource: str) -> None:
        self.asked.append(f"{action} {resource}")
        if action in self.denied:
            raise _error("AccessDenied", f"not authorized to perform: {action}", action)


class Cloud:
    """One account and Region."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.sessions: list[str] = []
        self.here = "us-east-1"

    def account(self) -> str:
        return "123456789012"

    def region(self) -> str:
        return self.here

    def store(self) -> MutableMapping[str, Any]:
        return {}

    def in_background(self, work: Callable[[], None], name: str) -> threading.Thread:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        return thread

    def assume(self, build: Mapping[str, Any], session: str) -> ServiceRole:
        role = build["serviceRole"]
        if role != ROLE:
            raise PhaseError(
                "ACCESS_DENIED", f"not authorized to perform: sts:AssumeRole on {role}"
            )
        self.sessions.append(session)
        return self.role


class Waits:
    """Waits last no longer than they must."""

    def wait(self, seconds: float, at_least: float = 0.0) -> float:
        return min(seconds, at_least)


class Builder:
    """A CodeBuild with one project after the other."""

    def __init__(self, folder: Path, *, slots: int = 20, shortest: float = 60.0) -> None:
        self.role = Role()
        self.cloud = Cloud(self.role)
        self.folder = folder
        host = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "MINE": "not for builds"}
        machine = Machine(folder, host, defaults={"HF_ENDPOINT": "http://127.0.0.1:1"})
        self.service = CodeBuild(self.cloud, machine, slots, Waits(), shortest)

    def project(self, buildspec: str, name: str = "one", **members: Any) -> None:
        source = members.pop("source", {"type": "NO_SOURCE"})
        told = {
            "name": name,
            "source": {**source, "buildspec": buildspec},
            "environment": {**PLAIN, **members.pop("environment", {})},
            "serviceRole": ROLE,
            **members,
        }
        self.service.call("CreateProject", told)

    def start(self, project: str = "one", **overrides: Any) -> str:
        told = {"projectName": project, **overrides}
        return str(self.service.call("StartBuild", told)["build"]["id"])

    def build(self, name: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.service.call("BatchGetBuilds", {"ids": [name]})["builds"]
        return found[0]

    def wait(self, name: str) -> dict[str, Any]:
        return self.until(name, lambda build: build["buildComplete"])

    def until(self, name: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while not condition(build := self.build(name)):
            assert time.monotonic() < deadline, build
            threading.Event().wait(0.01)
        return build

    def run(self, buildspec: str, **members: Any) -> dict[str, Any]:
        self.project(buildspec, **members)
        return self.wait(self.start())

    def printed(self, build: Mapping[str, Any]) -> list[str]:
        """Return what commands printed, without CodeBuild's own lines."""
        lines = (self.folder / f"{build['id'].split(':')[1]}.log").read_text().splitlines()
        return [line for line in lines if not line.startswith("[Container]")]


def phases(build: Mapping[str, Any]) -> dict[str, str]:
    """Return what became of each phase."""
    return {each["phaseType"]: each.get("phaseStatus", "") for each in build["phases"]}


def reason(build: Mapping[str, Any]) -> str:
    """Return what a build's phases say of its failure."""
    contexts = [context for phase in build["phases"] for context in phase.get("contexts", ())]
    return "; ".join(f"{c['statusCode']}: {c['message']}" for c in contexts if c["statusCode"])


def archive(**files: str) -> bytes:
    """Return a ZIP archive; names hold ``__`` for a dot."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "."), text)
    return body.getvalue()


def spec(*commands: str, phase: str = "build", **phases: Sequence[str]) -> str:
    """Return a buildspec with the commands of one phase, or of several."""
    told = {phase: list(commands), **phases} if commands else phases
    return str(
        {
            "version": "0.2",
            "phases": {name: {"commands": list(each)} for name, each in told.items()},
        }
    )


def lives(pid: int) -> bool:
    """Return whether a process runs: one that ended and waits for its parent does not."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _error(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)
