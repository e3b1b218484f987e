"""What all verbs have in common: help with examples, JSON, exit codes, and a line in the docs."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.verbs import PROGRAM, VERBS, parsed, written
from sagemaker_model.cli.main import app

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))]
FENCE = re.compile(r"^```(?:sh|console|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
WIDTH = 80
# They go on until Ctrl-C, and answer somebody else.
RUN_ON = {"serve", "web"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        app, [*arguments], prog_name=PROGRAM, env={"COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    )


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_a_help_that_fits_a_terminal(verb: str) -> None:
    done = run(*verb.split(), "--help")

    assert done.exit_code == 0
    assert f"Usage: {PROGRAM} {verb} " in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= WIDTH
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_examples_that_it_understands(verb: str) -> None:
    text = inspect.cleandoc(VERBS[verb].help or "")
    examples = written(inspect.cleandoc(text.partition("For example:")[2]))

    assert [parsed(each) for each in examples] == [verb] * len(examples)
    assert examples


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - RUN_ON))
def test_each_verb_that_answers_speaks_json(verb: str) -> None:
    assert "--json" in [name for each in VERBS[verb].params for name in each.opts]


@pytest.mark.parametrize("verb", VERBS)
def test_a_wrong_use_ends_with_2_and_leads_to_the_help(verb: str) -> None:
    done = run(*verb.split(), "--no-such-option")

    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{PROGRAM} {verb} --help" in " ".join(done.stderr.split())


def test_each_option_says_what_it_does() -> None:
    silent = [
        f"{verb} {each.opts[0]}"
        for verb, command in VERBS.items()
        for each in command.params
        if not getattr(each, "help", None)
    ]

    assert silent == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_is_understood(page: Path) -> None:
    blocks = "\n".join(FENCE.findall(page.read_text(encoding="utf-8")))

    assert {parsed(each) for each in written(blocks)} <= {*VERBS, "", "local"}


def test_the_version_is_told() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run("--version").stdout)


def test_the_page_of_the_command_has_a_line_with_an_example_for_each_verb() -> None:
    page = (DOCS / "command.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \| `(.+?)` \|", page, re.MULTILINE)

    assert sorted(verb for _, verb, _ in rows) == sorted(VERBS)
    for _, verb, example in rows:
        (arguments,) = written(example)
        assert parsed(arguments) == verb
