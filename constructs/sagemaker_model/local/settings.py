"""What the emulator's process is told, as environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PREFIX = "SAGEMAKER_MODEL_LOCAL_"


@dataclass(frozen=True)
class Settings:
    """How one local AWS runs.

    Args:
        state: Folder of all that it keeps: logs, builds, what endpoints serve.
        serving_python: Interpreter of the environment that serves models with Hugging Face's
            inference toolkit. Default: none, and toolkit endpoints fail and say so.
        llm_python: Interpreter of an environment with ``transformers[serving]``, which then answers
            chats for LLM engines. Default: none, and a stand-in answers.
        build_python: Interpreter that builds run as ``python``. Default: the emulator's own.
        hub: URL of the Hugging Face Hub of builds and workers. Default: the real Hub.
        node_path: Folder ``node_modules`` with the AWS SDK, which Lambda's Node.js brings.
            Default: none, and functions that import it fail.
        time_factor: What AWS's waits and time-outs are divided by. Default: 20, a minute becomes
            three seconds.
        build_slots: How many builds run at once in an account and Region, the others wait.
            Default: 20.
        auth: Whether IAM is enforced. Default: it is not, any credentials may do all.
        certificate: File of the certificate that the emulator shows. Default: plain HTTP.
        key: File of the certificate's key.
        faults: Whether requests can be made to fail by command. Default: they can't.
    """

    state: Path
    serving_python: Path | None = None
    llm_python: Path | None = None
    build_python: Path | None = None
    hub: str | None = None
    node_path: Path | None = None
    time_factor: float = 20.0
    build_slots: int = 20
    auth: bool = False
    certificate: Path | None = None
    key: Path | None = None
    faults: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings.

        Args:
            environment: The variables, named ``SAGEMAKER_MODEL_LOCAL_STATE`` and so on. Default:
                those of this process.

        Raises:
            ValueError: No state folder is named, or a value is not of its kind.
        """
        given = {
            each.name: environment[PREFIX + each.name.upper()]
            for each in fields(cls)
            if environment.get(PREFIX + each.name.upper())
        }
        if "state" not in given:
            raise ValueError(f"{PREFIX}STATE is not set: name the folder that the local AWS keeps")
        return cls(
            state=Path(given["state"]),
            serving_python=_path(given, "serving_python"),
            llm_python=_path(given, "llm_python"),
            build_python=_path(given, "build_python"),
            hub=given.get("hub"),
            node_path=_path(given, "node_path"),
            time_factor=float(given.get("time_factor", cls.time_factor)),
            build_slots=int(given.get("build_slots", cls.build_slots)),
            auth=given.get("auth") == "1",
            certificate=_path(given, "certificate"),
            key=_path(given, "key"),
            faults=given.get("faults") == "1",
        )

    def to_environment(self) -> dict[str, str]:
        """Return the variables that tell a process these settings."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            PREFIX + name.upper(): "1" if value is True else str(value)
            for name, value in told.items()
            if value is not None and value is not False
        }

    def wait(self, seconds: float, at_least: float = 0.0) -> float:
        """Return how long a wait of AWS lasts here.

        Args:
            seconds: How long it lasts on AWS.
            at_least: What it is never shorter than, in seconds.
        """
        return max(seconds / self.time_factor, at_least)


def _path(given: Mapping[str, str], name: str) -> Path | None:
    return Path(given[name]) if name in given else None
