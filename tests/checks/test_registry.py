"""The registry of rules: every rule has its own id, its line in the docs, and a test."""

import re
from pathlib import Path

from sagemaker_model.checks.code_rules import CODE_RULES
from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES
from sagemaker_model.checks.rules import RULES

ROOT = Path(__file__).parents[2]
ALL = (*RULES, *ENVIRONMENT_RULES, *CODE_RULES)
IDS = [rule.id for rule in ALL]
SEVERITIES = {rule.id: rule.severity.value for rule in ALL}


def test_no_two_rules_have_one_id() -> None:
    assert sorted(set(IDS)) == sorted(IDS)


def test_ids_are_words_joined_by_hyphens_and_titles_are_sentences() -> None:
    for rule in ALL:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
        assert rule.title.endswith(".")
        assert rule.title[0].isupper()


def test_every_rule_has_its_line_in_the_docs_and_the_docs_no_other() -> None:
    page = (ROOT / "docs/checks.md").read_text()

    listed = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (\w+) \|", page, re.MULTILINE))

    assert listed == SEVERITIES


def test_every_rule_is_named_by_a_test() -> None:
    here = Path(__file__)
    tests = "".join(
        path.read_text() for path in (ROOT / "tests").rglob("test_*.py") if path != here
    )

    assert [rule for rule in IDS if f'"{rule}"' not in tests and f":{rule}" not in tests] == []
