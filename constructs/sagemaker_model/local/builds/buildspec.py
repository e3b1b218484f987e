"""A buildspec as data.

Source: "Build specification reference for CodeBuild",
https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

import yaml

from .variables import Kind, Variable

OnFailure = Literal["ABORT", "CONTINUE"]
PHASES = ("install", "pre_build", "build", "post_build")
_SHELLS = ("bash", "/bin/sh", "sh")
_NOT_EMULATED = frozenset({"artifacts", "cache", "reports"})
_OF_SPEC = frozenset({"version", "env", "phases"}) | _NOT_EMULATED
_OF_ENV = frozenset(
    {"shell", "variables", "parameter-store", "secrets-manager", "exported-variables"}
)
_OF_PHASE = frozenset({"commands", "finally", "on-failure", "runtime-versions"})
_KINDS: Mapping[str, Kind] = {
    "variables": "PLAINTEXT",
    "parameter-store": "PARAMETER_STORE",
    "secrets-manager": "SECRETS_MANAGER",
}


class BuildspecError(ValueError):
    """A buildspec that can't be run."""


@dataclass(frozen=True)
class Phase:
    """What one phase runs.

    Args:
        commands: Commands, one after the other until one fails.
        finally_: Commands that run after them, whether they failed or not.
        on_failure: What follows a failed command. Default: what is usual after this phase.
    """

    commands: tuple[str, ...] = ()
    finally_: tuple[str, ...] = ()
    on_failure: OnFailure | None = None


@dataclass(frozen=True)
class Buildspec:
    """What a build runs.

    Args:
        phases: Phases by name, in the order in which they run; those without commands too.
        variables: Environment variables that it sets.
        exported: Names of variables whose last values the build tells.
        shell: The shell that runs all commands.
        runtimes: Versions of languages that it wants, by name.
        not_emulated: Its parts that have no effect here.
    """

    phases: Mapping[str, Phase]
    variables: tuple[Variable, ...] = ()
    exported: tuple[str, ...] = ()
    shell: str = "sh"
    runtimes: Mapping[str, str] = field(default_factory=dict)
    not_emulated: tuple[str, ...] = ()


def parse(text: str) -> Buildspec:
    """Read a buildspec of version 0.2.

    Args:
        text: YAML, or JSON, which is YAML too.

    Raises:
        BuildspecError: It is no YAML, or has a part that is unknown or can't be run here.
    """
    spec = _mapping("the buildspec", _load(text), _OF_SPEC)
    _check_version(spec.get("version"))
    env = _mapping("env", spec.get("env"), _OF_ENV)
    phases = _mapping("phases", spec.get("phases"), frozenset(PHASES))
    if not phases:
        raise BuildspecError(f"the buildspec has no phases; give one of {_list(PHASES)}")
    install = _mapping("phases/install", phases.get("install"), _OF_PHASE)
    return Buildspec(
        phases={name: _phase(name, phases.get(name)) for name in PHASES},
        variables=tuple(_variables(env)),
        exported=_strings("env/exported-variables", env.get("exported-variables")),
        shell=_shell(env.get("shell", "sh")),
        runtimes=_texts("phases/install/runtime-versions", install.get("runtime-versions")),
        not_emulated=tuple(sorted(_NOT_EMULATED & spec.keys())),
    )


def _load(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BuildspecError(f"the buildspec is no YAML: {error}") from None


def _check_version(version: object) -> None:
    if str(version) != "0.2":
        raise BuildspecError(
            f"the buildspec has version {version!r}; write version: 0.2, in which all commands "
            "share one shell"
        )


def _phase(name: str, data: object) -> Phase:
    where = f"phases/{name}"
    phase = _mapping(where, data, _OF_PHASE)
    if "runtime-versions" in phase and name != "install":
        raise BuildspecError(f"{where} has runtime-versions, which only install may have")
    return Phase(
        commands=_strings(f"{where}/commands", phase.get("commands")),
        finally_=_strings(f"{where}/finally", phase.get("finally")),
        on_failure=_on_failure(where, phase.get("on-failure")),
    )


def _on_failure(where: str, told: object) -> OnFailure | None:
    if told is not None and told not in get_args(OnFailure):
        raise BuildspecError(
            f"{where}/on-failure is {told!r}; the local CodeBuild knows ABORT and CONTINUE"
        )
    return cast("OnFailure | None", told)


def _variables(env: Mapping[str, object]) -> list[Variable]:
    return [
        Variable(name, value, kind)
        for part, kind in _KINDS.items()
        for name, value in _texts(f"env/{part}", env.get(part)).items()
    ]


def _shell(told: object) -> str:
    if told not in _SHELLS:
        raise BuildspecError(f"env/shell is {told!r}; give one of {_list(_SHELLS)}")
    return str(told)


def _mapping(where: str, data: object, known: frozenset[str]) -> Mapping[str, object]:
    found = _any_mapping(where, data)
    if unknown := sorted(found.keys() - known):
        raise BuildspecError(
            f"{where} has {_list(unknown)}, which the local CodeBuild does not know; "
            f"it knows {_list(sorted(known))}"
        )
    return found


def _any_mapping(where: str, data: object) -> Mapping[str, object]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise BuildspecError(f"{where} must be a mapping, got {data!r}")
    return {str(name): value for name, value in data.items()}


def _texts(where: str, data: object) -> dict[str, str]:
    found = _any_mapping(where, data)
    for name, value in found.items():
        if isinstance(value, (dict, list)) or value is None:
            raise BuildspecError(f"{where}/{name} must be a string, got {value!r}")
    return {name: _text(value) for name, value in found.items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _strings(where: str, data: object) -> tuple[str, ...]:
    items = [data] if isinstance(data, str) else data
    if items is None:
        return ()
    if not isinstance(items, list):
        raise BuildspecError(f"{where} must be a list of strings, got {items!r}")
    for number, item in enumerate(items, 1):
        if not isinstance(item, str):
            raise BuildspecError(
                f"{where}[{number}] must be a string, got {item!r}; quote a command that has "
                "a colon and a blank"
            )
    return tuple(items)


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
