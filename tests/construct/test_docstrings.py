"""Every public name, method and argument says what it is."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator

import pytest

import sagemaker_model
from sagemaker_model import runtime

NAMED = [(module, name) for module in (sagemaker_model, runtime) for name in module.__all__]
CLASSES = {
    name: getattr(module, name) for module, name in NAMED if inspect.isclass(getattr(module, name))
}
FIRST = {"self", "scope", "id"}  # CDK's own: told at the class
# Called by the construct, not by users.
INNER = {
    "bind",
    "deployment_config",
    "parse",
    "place",
    "production_variant",
    "roll_back_on",
    "scalable",
    "serve",
}


def own_members(cls: type) -> Iterator[tuple[str, object]]:
    """Return the public members that this package defines, also in the base classes."""
    for base in cls.__mro__:
        if base.__module__.startswith("sagemaker_model"):
            yield from ((f"{base.__name__}.{k}", v) for k, v in vars(base).items() if k[0] != "_")


def functions() -> Iterator[tuple[str, Callable[..., object]]]:
    for cls in CLASSES.values():
        for name, member in own_members(cls):
            bare = getattr(member, "__func__", member)
            if inspect.isfunction(bare) and bare.__name__ not in INNER:
                yield name, bare


FUNCTIONS = dict(functions())


def is_made_by_a_call(cls: type) -> bool:
    protocol = getattr(cls, "_is_protocol", False)
    return "__init__" in vars(cls) and not inspect.isabstract(cls) and not protocol


def told(doc: str | None) -> set[str]:
    """Return the names in the ``Args:`` of a docstring."""
    _, _, rest = inspect.cleandoc(doc or "").partition("\nArgs:\n")
    args = re.split(r"^\S", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return set(re.findall(r"^    \*{0,2}(\w+): \S", args, re.MULTILINE))


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_says_what_it_is(name: str) -> None:
    doc = CLASSES[name].__doc__ or ""

    assert re.match(r"[A-Z].*\.\n?", doc.partition("\n")[0] + "\n"), doc
    assert "(" not in doc.partition("\n")[0], "a dataclass's own docstring is its signature"


@pytest.mark.parametrize("name", [name for name, cls in CLASSES.items() if is_made_by_a_call(cls)])
def test_every_argument_of_a_class_is_told_with_those_only_that_it_has(name: str) -> None:
    cls = CLASSES[name]
    arguments = set(inspect.signature(cls.__init__).parameters) - {"self"}

    assert told(cls.__doc__) == arguments


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_method_and_its_arguments_are_told(name: str) -> None:
    function = FUNCTIONS[name]
    doc = inspect.getdoc(function) or ""
    parameters = inspect.signature(function).parameters.values()
    # What every metric_… hands on as **options is told once, at metric.
    named = {each.name for each in parameters if each.kind is not each.VAR_KEYWORD} - FIRST

    assert doc, f"{name} has no docstring"
    assert named <= told(doc) <= {each.name for each in parameters}


def test_every_property_and_constant_says_what_it_is() -> None:
    properties = {
        name: member
        for cls in CLASSES.values()
        for name, member in own_members(cls)
        if isinstance(member, property)
    }

    assert [name for name, member in properties.items() if not inspect.getdoc(member)] == []
