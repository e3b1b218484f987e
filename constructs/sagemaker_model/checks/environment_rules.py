"""Read a container's environment before the container does.

Serving containers ignore variables that they do not know, so a misspelt one fails silently, and
a wrong one fails after twenty minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.engine.shared_variables import SHARED_PREFIXES, SHARED_VARIABLES
from sagemaker_model.tokens import is_token

# ContainerDefinition.Environment in the SageMaker API reference.
_KEY = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_MAX_ENTRIES = 100
_MAX_KEY = 1024
_MAX_VALUE = 1024
_MAX_TOTAL = 32 * 1024

_SECRET = re.compile(
    r"\bhf_[A-Za-z0-9]{20,}|\bhf_oauth_|\bAKIA[0-9A-Z]{16}\b|\bsk-[A-Za-z0-9]{20,}"
    r"|\{\{resolve:(secretsmanager|ssm-secure)"
)
_FIXED = frozenset({"HOSTNAME", "PORT", "SAGEMAKER_BIND_TO_PORT"})
_SIMILAR = 0.84


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the rules read.

    Args:
        engine: The engine that reads the variables.
        user: The variables that the user gave.
        rendered: The variables that the library sets; the user's win.
        mounted: Whether the model's files lie at ``/opt/ml/model``.
    """

    engine: Engine
    user: Mapping[str, object]
    rendered: Mapping[str, str]
    mounted: bool

    def texts(self) -> dict[str, str]:
        """Return the user's values that are text and known at synth."""
        return {
            key: value
            for key, value in self.user.items()
            if isinstance(value, str) and not is_token(value)
        }


@rule("environment-name", Severity.ERROR, "A variable has a name that SageMaker refuses.")
def environment_name(environment: Environment) -> Iterator[Problem]:
    """Refuse names that SageMaker refuses."""
    for key in environment.user:
        if not _KEY.fullmatch(key) or len(key) > _MAX_KEY:
            yield Problem(
                "env",
                "a variable has a name that SageMaker refuses",
                got=repr(key),
                allowed="letters, digits and underscores, not beginning with a digit",
                fix="rename it",
            )


@rule("environment-size", Severity.ERROR, "The environment is larger than SageMaker takes.")
def environment_size(environment: Environment) -> Iterator[Problem]:
    """Refuse more than SageMaker takes."""
    merged = {**environment.rendered, **environment.texts()}
    total = sum(len(key.encode()) + len(value.encode()) for key, value in merged.items())
    sizes = [
        (f"env.{key}", len(value.encode()), _MAX_VALUE, "bytes")
        for key, value in environment.texts().items()
    ]
    sizes += [("env", len(merged), _MAX_ENTRIES, "variables"), ("env", total, _MAX_TOTAL, "bytes")]
    for path, size, most, unit in sizes:
        if size > most:
            yield Problem(
                path,
                "is larger than SageMaker takes",
                got=f"{size} {unit}",
                allowed=f"at most {most} {unit}",
                fix="put long settings into a file beside the weights",
            )


@rule("environment-misspelt", Severity.ERROR, "A variable is misspelt, so nothing reads it.")
def environment_misspelt(environment: Environment) -> Iterator[Problem]:
    """Find names that nothing reads but that are close to one that the engine reads."""
    for key in environment.user:
        if _is_known(environment.engine, key):
            continue
        meant = _closest(environment.engine, key)
        if meant is not None:
            yield Problem(
                f"env.{key}",
                f"{environment.engine.title} does not read this variable and would ignore it",
                fix=f"did you mean {meant}?",
            )


@rule("environment-of-another-engine", Severity.WARNING, "A variable belongs to another engine.")
def environment_of_another_engine(environment: Environment) -> Iterator[Problem]:
    """Find variables of another engine, which this one does not read."""
    for key in environment.user:
        if _is_known(environment.engine, key) or _closest(environment.engine, key):
            continue
        other = next((engine for engine in ENGINES if _is_own(engine, key)), None)
        if other is not None and environment.engine.name != "unknown":
            instead = _same_option(environment.engine, other, key)
            yield Problem(
                f"env.{key}",
                f"is a variable of {other.title}; {environment.engine.title} does not read it",
                fix=f"use {instead}" if instead else "leave it out",
            )


@rule("environment-holds-a-secret", Severity.ERROR, "A variable holds what looks like a secret.")
def environment_holds_a_secret(environment: Environment) -> Iterator[Problem]:
    """Refuse secrets: whoever may describe the model can read its environment."""
    for key, value in environment.user.items():
        if isinstance(value, str) and _SECRET.search(value):
            yield Problem(
                f"env.{key}",
                "holds what looks like a secret, which the template and DescribeModel would show",
                fix="use weights from S3 for a model that needs a token; have the container read "
                "other secrets from Secrets Manager by their ARN",
            )


@rule("environment-model-twice", Severity.ERROR, "A variable names another model than is deployed.")
def environment_model_twice(environment: Environment) -> Iterator[Problem]:
    """Find a model named in the environment beside the one that is deployed."""
    for key in sorted(environment.engine.model_variables & environment.user.keys()):
        value = environment.user[key]
        if environment.mounted and value != environment.rendered.get(key):
            yield Problem(
                f"env.{key}",
                "names a model although the weights are given, and would be served instead of them",
                got=str(value),
                fix="leave it out",
            )


@rule("environment-overrides", Severity.INFO, "A variable replaces one that the library sets.")
def environment_overrides(environment: Environment) -> Iterator[Problem]:
    """Tell where a variable of the user replaces one that the library set."""
    given = environment.user
    for key in sorted(environment.rendered.keys() & given.keys()):
        twice = environment.mounted and key in environment.engine.model_variables
        if given[key] != environment.rendered[key] and not twice:
            yield Problem(
                f"env.{key}",
                f"replaces {environment.rendered[key]!r}, which the library would set",
                got=str(given[key]),
            )


@rule("environment-port", Severity.WARNING, "A variable moves the container off its port.")
def environment_port(environment: Environment) -> Iterator[Problem]:
    """Find an address or port that is not SageMaker's."""
    for key in sorted(_FIXED & environment.user.keys()):
        yield Problem(
            f"env.{key}",
            "SageMaker calls the container on port 8080 of every address, and nowhere else",
            fix="leave it out",
        )


@rule("environment-conflict", Severity.ERROR, "Variables contradict each other.")
def environment_conflict(environment: Environment) -> Iterator[Problem]:
    """Find limits of TGI that contradict each other, which it refuses when it starts."""
    if environment.engine.name != "tgi":
        return
    merged = {**environment.rendered, **environment.texts()}
    names = ("MAX_INPUT_TOKENS", "MAX_INPUT_LENGTH")
    if all(name in merged for name in names):
        yield _conflict(
            "MAX_INPUT_LENGTH", "and MAX_INPUT_TOKENS are the same setting, given twice"
        )
    longest = _number(merged, *names)
    for name, least in (("MAX_TOTAL_TOKENS", 1), ("MAX_BATCH_PREFILL_TOKENS", 0)):
        value = _number(merged, name)
        if longest is not None and value is not None and value < longest + least:
            yield _conflict(name, f"is too small for an input of {longest} tokens", str(value))
    if "DTYPE" in merged and merged.keys() & {"QUANTIZE", "HF_MODEL_QUANTIZE"}:
        yield _conflict("DTYPE", "can't be given together with a quantization")


@rule("environment-lines", Severity.ERROR, "A value has lines where one is read.")
def environment_lines(environment: Environment) -> Iterator[Problem]:
    """Find values of several lines where the entrypoint reads line by line."""
    if environment.engine.name != "huggingface-vllm":
        return
    for key, value in environment.texts().items():
        if "\n" in value:
            yield Problem(
                f"env.{key}",
                "has several lines, but this image reads its variables line by line",
                fix="write it in one line",
            )


@rule("environment-unknown-flag", Severity.WARNING, "A variable becomes a flag nobody knows.")
def environment_unknown_flag(environment: Environment) -> Iterator[Problem]:
    """Find variables that are handed on as a flag of the server which it does not list."""
    engine = environment.engine
    for key in environment.user:
        unknown = _prefix(engine, key) is not None and not _is_known(engine, key)
        if unknown and _closest(engine, key) is None:
            yield Problem(
                f"env.{key}",
                f"becomes a setting of {engine.title} that this version does not know; the server "
                "ignores it or refuses to start",
                fix="acknowledge this if it is a new setting",
            )


ENVIRONMENT_RULES = (
    environment_name,
    environment_size,
    environment_misspelt,
    environment_unknown_flag,
    environment_of_another_engine,
    environment_holds_a_secret,
    environment_model_twice,
    environment_overrides,
    environment_port,
    environment_conflict,
    environment_lines,
)


def _is_known(engine: Engine, key: str) -> bool:
    """Say whether anything in the container reads *key*, as far as that is known."""
    return key in SHARED_VARIABLES or key.startswith(SHARED_PREFIXES) or _is_own(engine, key)


def _is_own(engine: Engine, key: str) -> bool:
    if key in engine.variables | engine.model_variables:
        return True
    prefix = _prefix(engine, key)
    if prefix is None:
        return False
    ending, flags = key.removeprefix(prefix), engine.flags()
    if prefix in {"SERVING_", "ARGS_"} or not flags:
        return True
    # A switch that is on is turned off by NO_ before its name.
    return ending in flags or ending.removeprefix("NO_") in flags


def _prefix(engine: Engine, key: str) -> str | None:
    return next((prefix for prefix in engine.prefixes if key.startswith(prefix)), None)


def _closest(engine: Engine, key: str) -> str | None:
    prefix = _prefix(engine, key)
    if prefix is not None:
        names = [prefix + flag for flag in engine.flags()]
    else:
        names = sorted(engine.variables | engine.model_variables | SHARED_VARIABLES)
    close = get_close_matches(key.upper(), names, n=1, cutoff=_SIMILAR)
    return close[0] if close else None


def _same_option(engine: Engine, other: Engine, key: str) -> str | None:
    """Return this engine's variable for what *key* is in the other's."""
    options = {name: option for option, name in other.option_variables(None).items()}
    return engine.option_variables(None).get(options.get(key, ""))


def _conflict(name: str, what: str, got: str = "") -> Problem:
    return Problem(
        f"env.{name}",
        what,
        got=got,
        fix="give one of them, or none: TGI refuses to start otherwise",
    )


def _number(values: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        if values.get(name, "").isdecimal():
            return int(values[name])
    return None
