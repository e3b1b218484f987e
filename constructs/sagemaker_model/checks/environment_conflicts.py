"""Find variables that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sagemaker_model.checks.rule import Problem
from sagemaker_model.engine.engine import Engine

# Limit → what it must not be less than, and by how much more; source: the validation in
# launcher/src/main.rs of huggingface/text-generation-inference.
_INPUT = ("MAX_INPUT_TOKENS", "MAX_INPUT_LENGTH")
_LIMITS = (
    ("MAX_TOTAL_TOKENS", _INPUT, 1),
    ("MAX_BATCH_PREFILL_TOKENS", _INPUT, 0),
    ("MAX_BATCH_TOTAL_TOKENS", ("MAX_TOTAL_TOKENS",), 0),
)


def given_twice(
    engine: Engine, user: Mapping[str, object], merged: Mapping[str, str], *, mounted: bool
) -> Iterator[Problem]:
    """Find one setting given by two names, of which the engine obeys only one."""
    for twins in engine.aliases:
        names = sorted(twins & merged.keys())
        given = sorted(twins & user.keys())
        # Where files are mounted a second model is told of by a rule of its own.
        told = mounted and twins & engine.model_variables
        if given and not told and len({merged[name] for name in names}) > 1:
            others = [name for name in names if name != given[-1]]
            yield Problem(
                f"env.{given[-1]}",
                f"and {', '.join(others)} are names of one setting with different values, of "
                f"which {engine.title} obeys one",
                fix=f"give {others[0]} alone, or the serving option",
            )


def limits(merged: Mapping[str, str]) -> Iterator[Problem]:
    """Find limits of TGI that contradict each other, which it refuses when it starts."""
    if all(name in merged for name in _INPUT):
        yield _refused(_INPUT[1], f"and {_INPUT[0]} are the same setting, given twice")
    for name, others, more in _LIMITS:
        value, other = _number(merged, name), _number(merged, *others)
        if value is not None and other is not None and value < other + more:
            least = f"at least {other + more}"
            yield _refused(name, f"is less than {others[0]} allows", str(value), least)
    if "DTYPE" in merged and merged.keys() & {"QUANTIZE", "HF_MODEL_QUANTIZE"}:
        yield _refused("DTYPE", "can't be given together with a quantization")


def _refused(name: str, what: str, got: str = "", allowed: str = "") -> Problem:
    fix = "give one of them, or none: TGI refuses to start otherwise"
    return Problem(f"env.{name}", what, got, allowed, fix)


def _number(values: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        text = values.get(name, "")
        if text.isdecimal():
            return int(text)
    return None
