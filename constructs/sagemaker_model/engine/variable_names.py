"""What is known of a variable's name: who reads it, and which name was probably meant."""

from __future__ import annotations

from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.shared_variables import SHARED_PREFIXES, SHARED_VARIABLES
from sagemaker_model.spelling import close_names

_SIMILAR = 0.84
_SHORTEST = 5
_FURTHEST = 2
# What LMI reads behind these is open.
_OPEN_PREFIXES = frozenset({"ARGS_", "SERVING_"})
_OLDEST = "0"
_OPPOSITES = ({"DISABLE", "ENABLE"}, {"MAX", "MIN"})


def is_read(engine: Engine, name: str) -> bool:
    """Say whether anything in the container reads *name*, as far as that is known."""
    return name in SHARED_VARIABLES or name.startswith(SHARED_PREFIXES) or is_own(engine, name)


def is_own(engine: Engine, name: str) -> bool:
    """Say whether *name* is one of the variables of *engine* itself."""
    if name in engine.variables | engine.model_variables:
        return True
    prefix = prefix_of(engine, name)
    if prefix is None:
        return False
    flag, flags = name.removeprefix(prefix), engine.flags()
    if prefix in _OPEN_PREFIXES or not flags:
        return True
    # A switch that is on is turned off by NO_ before its name.
    return flag in flags or flag.removeprefix("NO_") in flags


def prefix_of(engine: Engine, name: str) -> str | None:
    """Return the beginning by which *engine* hands *name* on to its server."""
    return next((prefix for prefix in engine.prefixes if name.startswith(prefix)), None)


def meant(engine: Engine, name: str) -> str | None:
    """Return the variable of *engine* that *name* probably is a misspelling of."""
    prefix = prefix_of(engine, name)
    if prefix is not None:
        flag = _closest(name.removeprefix(prefix), engine.flags())
        return flag and prefix + flag
    upper = name.upper()
    flags = {prefix + flag for prefix in engine.prefixes for flag in engine.flags()}
    without_prefix = [prefix + upper for prefix in engine.prefixes if prefix + upper in flags]
    if "_" in upper and without_prefix:
        return without_prefix[0]
    known = engine.variables | engine.model_variables | SHARED_VARIABLES | flags
    return _closest(upper, {each for each in known if _comparable(each, upper)})


def same_option(engine: Engine, other: Engine, name: str) -> str | None:
    """Return the variable of *engine* for the neutral option that *name* is in *other*."""
    names = {
        other.option_variables(version)[option]: option
        for version in (_OLDEST, None)
        for option in other.option_variables(version)
    }
    twins = {name, *(twin for twins in other.aliases if name in twins for twin in twins)}
    option = next((names[twin] for twin in sorted(twins) if twin in names), "")
    return engine.option_variables(None).get(option)


def _closest(name: str, known: set[str] | frozenset[str]) -> str | None:
    close = close_names(name, known, cutoff=_SIMILAR, most=3)
    return next((each for each in close if not _opposite(name, each)), None)


def _comparable(name: str, other: str) -> bool:
    """Say whether likeness means anything: short names are alike by chance."""
    return len(name) >= _SHORTEST and abs(len(name) - len(other)) <= _FURTHEST


def _opposite(name: str, other: str) -> bool:
    differing = set(name.split("_")) ^ set(other.split("_"))
    return any(pair <= differing for pair in _OPPOSITES)
