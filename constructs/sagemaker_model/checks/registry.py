"""The registry: every rule there is, found by where it stands.

A rule is registered by being written: a function under ``@rule`` in a file ``checks/*_rules.py``.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from sagemaker_model import checks
from sagemaker_model.checks.rule import Rule

_SUBJECT = "Rules about "


@dataclass(frozen=True, slots=True)
class Topic:
    """The rules of one file.

    Args:
        name: Name of the file.
        title: What the rules are about.
        rules: The rules, in their order in the file.
    """

    name: str
    title: str
    rules: tuple[Rule[Any], ...]


@cache
def topics() -> tuple[Topic, ...]:
    """Return all rules by what they are about.

    Raises:
        ValueError: The docstring of a file does not tell what its rules are about.
    """
    names = [each.name for each in pkgutil.iter_modules(checks.__path__)]
    return tuple(_topic(name) for name in names if name.endswith("_rules"))


def _topic(name: str) -> Topic:
    module = import_module(f"{checks.__name__}.{name}")
    title = (module.__doc__ or "").splitlines()[0].removesuffix(".")
    if not title.startswith(_SUBJECT):
        raise ValueError(f"the docstring of {name}.py must begin with {_SUBJECT!r}, got {title!r}")
    rules = [
        member
        for member in vars(module).values()
        if isinstance(member, Rule) and member.topic == name
    ]
    return Topic(name, title.removeprefix(_SUBJECT), tuple(rules))


@cache
def rules() -> Mapping[str, Rule[Any]]:
    """Return all rules by their ids.

    Raises:
        ValueError: Two rules have one id.
    """
    found: dict[str, Rule[Any]] = {}
    for rule in (each for topic in topics() for each in topic.rules):
        if rule.id in found:
            raise ValueError(f"two rules have the id {rule.id!r}; give one another")
        found[rule.id] = rule
    return found
