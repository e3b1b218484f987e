"""Rules about environment variables, read before the container does.

Serving containers ignore variables that they do not know, so a misspelt one fails silently, and
a wrong one fails after twenty minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sagemaker_model.checks.environment_conflicts import given_twice, limits
from sagemaker_model.checks.environment_secrets import is_secret, shown
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.engine.tgi import Tgi
from sagemaker_model.engine.variable_names import is_own, is_read, meant, prefix_of, same_option
from sagemaker_model.tokens import is_token

# ContainerDefinition.Environment in the SageMaker API reference.
_KEY = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_MAX_ENTRIES = 100
_MAX_KEY = 1024
_MAX_VALUE = 1024
_MAX_TOTAL = 32 * 1024

_FIXED = frozenset({"HOSTNAME", "PORT", "SAGEMAKER_BIND_TO_PORT"})
_FIXED_FLAGS = frozenset({"HOST", "PORT"})


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

    def merged(self) -> dict[str, str]:
        """Return all variables whose values are known at synth."""
        tokens = self.user.keys() - self.texts().keys()
        own = {key: value for key, value in self.rendered.items() if key not in tokens}
        return own | self.texts()


@rule(
    "environment-name",
    Severity.ERROR,
    "A variable has a name that SageMaker refuses.",
    fix="Use letters, digits and underscores, and no digit first.",
)
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


@rule(
    "environment-size",
    Severity.ERROR,
    "The environment is larger than SageMaker takes.",
    fix="Put long settings into a file beside the weights.",
)
def environment_size(environment: Environment) -> Iterator[Problem]:
    """Refuse more than SageMaker takes."""
    merged = environment.merged()
    count = len(environment.rendered.keys() | environment.user.keys())
    total = sum(len(key.encode()) + len(value.encode()) for key, value in merged.items())
    sizes = [
        (f"env.{key}", len(value.encode()), _MAX_VALUE, "bytes")
        for key, value in environment.texts().items()
    ]
    sizes += [("env", count, _MAX_ENTRIES, "variables"), ("env", total, _MAX_TOTAL, "bytes")]
    for path, size, most, unit in sizes:
        if size > most:
            yield Problem(
                path,
                "is larger than SageMaker takes",
                got=f"{size} {unit}",
                allowed=f"at most {most} {unit}",
                fix="put long settings into a file beside the weights",
            )


@rule(
    "environment-misspelt",
    Severity.ERROR,
    "A variable is misspelt, so nothing reads it.",
    fix="Take the suggested name.",
)
def environment_misspelt(environment: Environment) -> Iterator[Problem]:
    """Find names that nothing reads but that are close to one that the engine reads."""
    engine = environment.engine
    for key in environment.user:
        instead = None if is_read(engine, key) or _other(engine, key) else meant(engine, key)
        if instead is not None:
            yield Problem(
                f"env.{key}",
                f"is read by nothing in {engine.title}, which would ignore it or refuse to start",
                fix=f"did you mean {instead}?",
            )


@rule(
    "environment-of-another-engine",
    Severity.WARNING,
    "A variable belongs to another engine.",
    fix="Take this engine's name for it, if it has one.",
)
def environment_of_another_engine(environment: Environment) -> Iterator[Problem]:
    """Find variables of another engine, which this one does not read."""
    engine = environment.engine
    for key in environment.user:
        other = None if is_read(engine, key) else _other(engine, key)
        if other is not None:
            instead = same_option(engine, other, key)
            yield Problem(
                f"env.{key}",
                f"is a variable of {other.title}; it has no effect on {engine.title}",
                fix=f"use {instead}" if instead else "leave it out",
            )


@rule(
    "environment-holds-a-secret",
    Severity.ERROR,
    "A variable holds what looks like a secret.",
    fix="Stage the weights, and have the container read other secrets by their ARN.",
)
def environment_holds_a_secret(environment: Environment) -> Iterator[Problem]:
    """Refuse secrets: whoever may describe the model can read its environment."""
    for key, value in environment.user.items():
        if is_secret(key, value):
            yield Problem(
                f"env.{key}",
                "holds what looks like a secret, which the template and DescribeModel would show",
                fix="use weights from S3 for a model that needs a token; have the container read "
                "other secrets from Secrets Manager by their ARN",
            )


@rule(
    "environment-model-twice",
    Severity.ERROR,
    "A variable names another model than is deployed.",
    fix="Leave the variable out; give `model_id` and `revision`.",
)
def environment_model_twice(environment: Environment) -> Iterator[Problem]:
    """Find a model named in the environment beside the one that is deployed."""
    engine, rendered = environment.engine, environment.rendered
    for key, value in environment.texts().items():
        named = key in engine.model_variables and (environment.mounted or key in rendered)
        if named and value != rendered.get(key):
            yield Problem(
                f"env.{key}",
                "names a model although the weights are given, and would be served instead of them"
                if environment.mounted
                else "names another model or revision than is deployed",
                got=shown(key, value),
                fix="leave it out, and name the model by model_id and revision",
            )


@rule(
    "environment-overrides",
    Severity.INFO,
    "A variable replaces one that the library sets.",
    fix="Nothing, if you meant it.",
)
def environment_overrides(environment: Environment) -> Iterator[Problem]:
    """Tell where a variable of the user replaces one that the library set."""
    rendered = environment.rendered
    for key, value in environment.texts().items():
        replaced = key in rendered and key not in environment.engine.model_variables
        if replaced and value != rendered[key]:
            yield Problem(
                f"env.{key}",
                f"replaces {rendered[key]!r}, which the library would set",
                got=shown(key, value),
            )


@rule(
    "environment-port",
    Severity.WARNING,
    "A variable moves the container off its port.",
    fix="Leave the variable out.",
)
def environment_port(environment: Environment) -> Iterator[Problem]:
    """Find an address or port that is not SageMaker's."""
    engine = environment.engine
    fixed = _FIXED | {prefix + flag for prefix in engine.prefixes for flag in _FIXED_FLAGS}
    for key in sorted(fixed & environment.user.keys()):
        yield Problem(
            f"env.{key}",
            "moves the server, but SageMaker calls it on port 8080 of every address only",
            fix="leave it out",
        )


@rule(
    "environment-conflict",
    Severity.ERROR,
    "Variables contradict each other.",
    fix="Keep one of them, and let the limits fit each other.",
)
def environment_conflict(environment: Environment) -> Iterator[Problem]:
    """Find one setting by two names, and limits of TGI that it refuses when it starts."""
    engine, merged = environment.engine, environment.merged()
    yield from given_twice(engine, environment.user, merged, mounted=environment.mounted)
    if isinstance(engine, Tgi):
        yield from limits(merged)


@rule(
    "environment-lines",
    Severity.ERROR,
    "A value has lines where one is read.",
    fix="Write the value in one line.",
)
def environment_lines(environment: Environment) -> Iterator[Problem]:
    """Find values of several lines where the entrypoint reads line by line."""
    for key, value in environment.texts().items():
        if environment.engine.reads_lines and "\n" in value:
            yield Problem(
                f"env.{key}",
                "has several lines, but this image reads its variables line by line",
                fix="write it in one line",
            )


@rule(
    "environment-unknown-flag",
    Severity.WARNING,
    "A variable becomes a flag nobody knows.",
    fix="Correct it; accept it where the server is newer than the list.",
)
def environment_unknown_flag(environment: Environment) -> Iterator[Problem]:
    """Find variables that are handed on as a flag of the server which it does not list."""
    engine = environment.engine
    for key in environment.user:
        unknown = prefix_of(engine, key) is not None and not is_read(engine, key)
        if unknown and meant(engine, key) is None:
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


def _other(engine: Engine, key: str) -> Engine | None:
    """Return the engine that *key* belongs to, if it can be no matter of *engine*."""
    if not engine.families or prefix_of(engine, key) is not None:
        return None
    return next(
        (each for each in ENGINES if is_own(each, key) or prefix_of(each, key) is not None), None
    )
