"""A build's environment variables: where they come from, and which of two wins.

Source: "Environment variables in build environments",
https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, cast, get_args

Kind = Literal["PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER"]
_SEGMENTS_OF_ARN = 7
_QUALIFIERS = 3
_RESERVED = "CODEBUILD_"


class VariableError(ValueError):
    """A variable whose value can't be had."""


@dataclass(frozen=True)
class Variable:
    """An environment variable as it was declared.

    Args:
        name: Its name.
        value: Its value, or what names it in Parameter Store or Secrets Manager.
        kind: Where the value is.
    """

    name: str
    value: str
    kind: Kind = "PLAINTEXT"

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Variable:
        """Read one as the API has it.

        Args:
            data: ``name``, ``value`` and ``type``; without the last it is plain text.

        Raises:
            VariableError: Its type is none that CodeBuild has.
        """
        kind = data.get("type", "PLAINTEXT")
        if kind not in get_args(Kind):
            known = ", ".join(get_args(Kind))
            raise VariableError(f"variable {data['name']} has type {kind!r}; give one of {known}")
        return cls(data["name"], data.get("value", ""), cast("Kind", kind))


@dataclass(frozen=True)
class SecretReference:
    """A value in Secrets Manager.

    Args:
        secret: The secret's name or ARN.
        key: Key in the secret's JSON object; empty for the whole text.
        stage: Stage of the version; empty for the current one.
        version: Id of the version; empty for that of the stage.
    """

    secret: str
    key: str = ""
    stage: str = ""
    version: str = ""

    @classmethod
    def parse(cls, text: str) -> SecretReference:
        """Read ``secret-id:json-key:version-stage:version-id``; all but the first may be missing.

        Args:
            text: The value of a variable of type SECRETS_MANAGER.

        Raises:
            VariableError: It has more parts than that.
        """
        parts = text.split(":")
        of_secret = _SEGMENTS_OF_ARN if text.startswith("arn:") else 1
        secret, rest = ":".join(parts[:of_secret]), parts[of_secret:]
        if len(rest) > _QUALIFIERS:
            raise VariableError(
                f"{text!r} names no secret; write secret-id:json-key:version-stage:version-id"
            )
        return cls(secret, *rest)


class Vault(Protocol):
    """What the build's role may read."""

    def secret(self, reference: SecretReference) -> str:
        """Return the text of a secret.

        Args:
            reference: What is wanted of it.
        """
        ...

    def parameters(self, names: Iterable[str]) -> Mapping[str, str]:
        """Return the values of those parameters that there are, by name.

        Args:
            names: The parameters' names.
        """
        ...


@dataclass(frozen=True)
class Resolved:
    """Variables with their values.

    Args:
        values: Values by name.
        secrets: Values that no log may show.
    """

    values: Mapping[str, str]
    secrets: tuple[str, ...]


def merge(*layers: Iterable[Variable]) -> dict[str, Variable]:
    """Return the variables that a build gets, by name.

    Names that begin with ``CODEBUILD_`` are CodeBuild's own and are left out.

    Args:
        layers: Variables, the weakest first: the buildspec's, the project's (in which those of
            the StartBuild call stand already).
    """
    return {
        variable.name: variable
        for layer in layers
        for variable in layer
        if not variable.name.startswith(_RESERVED)
    }


def override(
    variables: Iterable[Mapping[str, str]], overrides: Iterable[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Return a project's variables with those of a StartBuild call over them, as the API has them.

    Args:
        variables: The project's.
        overrides: The call's; they replace those with the same name, or come after.
    """
    both = [*variables, *overrides]
    return [
        {"type": "PLAINTEXT", **each} for each in {each["name"]: each for each in both}.values()
    ]


def resolve(variables: Mapping[str, Variable], vault: Vault) -> Resolved:
    """Read the values of all variables.

    Values from Parameter Store and Secrets Manager are hidden in CodeBuild's logs ("Data
    protection in AWS CodeBuild").

    Args:
        variables: Variables by name.
        vault: Where the values that are not plain text are read.

    Raises:
        VariableError: There is no such parameter or key.
    """
    plain = {name: each.value for name, each in variables.items() if each.kind == "PLAINTEXT"}
    secret = _parameters(variables, vault) | _secrets(variables, vault)
    return Resolved({**plain, **secret}, tuple(value for value in secret.values() if value.strip()))


def _parameters(variables: Mapping[str, Variable], vault: Vault) -> dict[str, str]:
    wanted = {
        name: each.value for name, each in variables.items() if each.kind == "PARAMETER_STORE"
    }
    if not wanted:
        return {}
    found = vault.parameters(sorted(set(wanted.values())))
    if missing := sorted(set(wanted.values()) - found.keys()):
        raise VariableError(f"parameter does not exist: {', '.join(missing)}")
    return {name: found[parameter] for name, parameter in wanted.items()}


def _secrets(variables: Mapping[str, Variable], vault: Vault) -> dict[str, str]:
    return {
        name: _secret(SecretReference.parse(each.value), vault)
        for name, each in variables.items()
        if each.kind == "SECRETS_MANAGER"
    }


def _secret(reference: SecretReference, vault: Vault) -> str:
    text = vault.secret(reference)
    if not reference.key:
        return text
    try:
        members = json.loads(text)
    except ValueError:
        members = None
    if not isinstance(members, dict) or reference.key not in members:
        raise VariableError(
            f"secret {reference.secret} has no JSON key {reference.key!r}; name one that it has"
        )
    value = members[reference.key]
    return value if isinstance(value, str) else json.dumps(value)
