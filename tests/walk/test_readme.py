"""The README's way from a model's name to its answers, in an empty folder, by its own words."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from math import sqrt

import pytest
from playwright.sync_api import Browser, Page, expect

from walk.conftest import Reader, command, commands

BY_URL = "http://127.0.0.1:8080"
PAGE = ["--port", "0", "--no-open"]
GORILLA_AND_MONKEY = 0.6433
"""How similar all-MiniLM-L6-v2 finds the texts: the figure of sentence-transformers."""
SHOWN = "0.64"
TEXTS = [
    "A monkey is playing drums.",
    "Someone in a gorilla costume is playing a set of drums.",
]


@pytest.fixture(scope="module")
def project(reader: Reader) -> Reader:
    reader.types(command("sagemaker-model", "init"))
    return reader


@pytest.fixture(scope="module")
def url(project: Reader) -> Iterator[str]:
    serve = command("sagemaker-model", "serve")
    yield project.leaves_running([*serve, "--port", "0"], until="at")
    project.ends_all()


@pytest.fixture(scope="module")
def deployed(project: Reader) -> Reader:
    project.types(command("sagemaker-model", "local", "up"))
    project.types(command("sagemaker-model", "local", "deploy"))
    return project


def at(url: str, words: list[str]) -> list[str]:
    """Return a command of the README for another port than the one that it names."""
    return [word.replace("http://127.0.0.1:8080", url) for word in words]


def similarity(first: list[float], second: list[float]) -> float:
    products = [a * b for a, b in zip(first, second, strict=True)]
    return sum(products) / sqrt(sum(a * a for a in first) * sum(b * b for b in second))


def compare(browser: Browser, url: str) -> Page:
    """Type two texts into the page and ask it to compare them."""
    page = browser.new_page()
    page.goto(url)
    page.get_by_role("textbox", name="Texts").fill("\n".join(TEXTS))
    page.get_by_role("button", name="Compare").click()
    return page


def test_what_init_writes_has_no_errors(project: Reader) -> None:
    told = json.loads(project.types([*command("sagemaker-model", "check"), "--json"]))

    assert told["findings"] == []


def test_what_is_served_answers_its_examples(project: Reader, url: str) -> None:
    assert "0 failed" in project.types(at(url, command("sagemaker-model", "test", BY_URL)))


def test_what_is_served_answers_with_the_models_figures(project: Reader, url: str) -> None:
    vectors = json.loads(project.types(at(url, command("sagemaker-model", "invoke"))))

    assert similarity(*vectors) == pytest.approx(GORILLA_AND_MONKEY, abs=1e-3)


def test_the_page_of_what_is_served_answers(project: Reader, url: str, browser: Browser) -> None:
    page_url = project.leaves_running(
        [*at(url, command("sagemaker-model", "web", BY_URL)), *PAGE], until="is at"
    )

    expect(compare(browser, page_url).get_by_text(SHOWN).first).to_be_visible()


def test_what_is_deployed_is_described_and_answers_its_examples(deployed: Reader) -> None:
    assert "InService" in deployed.types(command("sagemaker-model", "describe"))
    assert "0 failed" in deployed.types(command("sagemaker-model", "test", "search"))
    deployed.types(command("sagemaker-model", "why"))


def test_the_page_of_what_is_deployed_answers(deployed: Reader, browser: Browser) -> None:
    page_url = deployed.leaves_running(
        [*command("sagemaker-model", "web", "search"), *PAGE], until="is at"
    )

    expect(compare(browser, page_url).get_by_text(SHOWN).first).to_be_visible()


def test_every_command_of_the_section_was_typed() -> None:
    typed = [
        ["init"],
        ["check"],
        ["serve"],
        ["test", BY_URL],
        ["invoke"],
        ["web", BY_URL],
        ["local", "up"],
        ["local", "deploy"],
        ["describe"],
        ["test", "search"],
        ["web", "search"],
        ["why"],
        ["local", "down"],
    ]

    assert commands() == [shlex.join(command("sagemaker-model", *words)) for words in typed]
