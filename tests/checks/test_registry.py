"""The registry: every rule has an id, an example, its entry in the docs, and a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from program import load
from sagemaker_model.checks import examples
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.registry import rules, topics
from sagemaker_model.checks.rule import Problem, rule

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return load("tools/refresh_rules.py")


@rule("image-needs-gpu", Severity.ERROR, "A name that is taken.", fix="Take another.")
def image_needs_gpu(_: object) -> Iterator[Problem]:
    """Find nothing at all."""
    yield from ()


def test_ids_are_words_joined_by_hyphens() -> None:
    assert [each for each in rules() if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", each)] == []


def test_title_details_and_fix_of_every_rule_are_sentences() -> None:
    for each in rules().values():
        for text in (each.title, each.details, each.fix):
            assert text[:1].isupper() or text.startswith("`"), each.id
            assert text.endswith((".", ")")), each.id


def test_every_example_is_of_a_rule_of_its_file() -> None:
    folder = Path(str(examples.__file__)).parent
    known = {topic.name: [rule.id.replace("-", "_") for rule in topic.rules] for topic in topics()}

    for file in folder.glob("*_rules.py"):
        functions = [
            node.name
            for node in ast.parse(file.read_text()).body
            if isinstance(node, ast.FunctionDef)
        ]
        assert sorted(functions) == sorted(known[file.stem])


def test_the_page_of_rules_is_made_of_them_and_each_finds_something_in_its_example(
    tool: ModuleType,
) -> None:
    assert tool.PAGE.read_text(encoding="utf-8") == tool.page(), f"run {tool.COMMAND}"


def test_a_rule_without_an_example_is_refused_with_what_to_write(tool: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"write image_needs_gpu\(stack: Stack\) in .*examples"):
        tool.entry(image_needs_gpu)


def test_a_rule_that_finds_nothing_in_its_example_is_refused(tool: ModuleType) -> None:
    with pytest.raises(ValueError, match="image-needs-gpu finds nothing in its example"):
        tool.found(rules()["image-needs-gpu"], [])


def test_every_rule_is_named_by_a_test() -> None:
    here = Path(__file__)
    tests = "".join(
        path.read_text() for path in (ROOT / "tests").rglob("test_*.py") if path != here
    )

    assert [each for each in rules() if f'"{each}"' not in tests and f":{each}" not in tests] == []
