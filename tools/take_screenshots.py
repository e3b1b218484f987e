"""Take the pictures of docs/web.md: real models behind the local AWS, used as a person uses them.

``make pictures`` runs it; arguments: the folder of the pictures, and one to work in.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from install_chromium import find_chromium
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sagemaker_model.local.hub.samples import make_samples

COMMAND = [sys.executable, "-m", "sagemaker_model.cli"]
APP = """\
from aws_cdk import App, Stack

from sagemaker_model import (
    Container, ContainerImages, CustomInference, ReadyHandlers, SageMakerModel
)

app = App()
chat = Container(
    model_id="HuggingFaceTB/SmolLM2-135M-Instruct",
    instance_type="ml.g5.xlarge",
    container=ContainerImages.HF_VLLM_LATEST,
)
SageMakerModel(Stack(app, "Chat"), "Model", model=chat, endpoint_name="smollm2")
search = CustomInference(
    model_id="sentence-transformers/all-MiniLM-L6-v2",
    instance_type="ml.m5.xlarge",
    code_folder=ReadyHandlers.EMBEDDINGS,
)
SageMakerModel(Stack(app, "Search"), "Model", model=search, endpoint_name="minilm")
app.synth()
"""
QUESTION = "Why is the sky blue?"
TEXTS = """\
How do I reset my password?
I forgot my login and can't get in
Where can I see last month's invoice?
The bill for March is wrong
A monkey is playing drums"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
_BEGUN = re.compile(r".{60}", re.DOTALL)
# A language model on a CPU that others use as well takes its time.
LONGEST = 120_000.0


def main(pictures: str, work: str) -> None:
    """Deploy the models, take the pictures, and take everything down again."""
    folder = Path(work).absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lay_out(folder)
    os.environ["SAGEMAKER_MODEL_LOCAL_LLM_PYTHON"] = os.path.abspath(  # noqa: PTH100 - a link stays
        os.environ["SAGEMAKER_MODEL_LLM_PYTHON"]
    )
    try:
        run(folder, "local", "up", "--hub", str(folder / "hub"), "--time-factor", "4")
        run(folder, "local", "deploy")
        take(folder, Path(pictures).absolute())
    finally:
        run(folder, "local", "down")


def lay_out(folder: Path) -> None:
    """Write the app, and a Hub with the models that it names."""
    (folder / "app.py").write_text(APP, encoding="utf-8")
    (folder / "cdk.json").write_text(json.dumps({"app": f"{sys.executable} app.py"}))
    make_samples(folder / "hub")
    shutil.copytree(os.environ["SAGEMAKER_MODEL_LLM_HUB"], folder / "hub", dirs_exist_ok=True)


def run(folder: Path, *arguments: str) -> None:
    """Run a verb of the command to its end."""
    subprocess.run([*COMMAND, *arguments], cwd=folder, check=True)


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[str]:
    """Serve a page, and give where."""
    command = [*COMMAND, "web", *arguments, "--local", "--port", "0", "--no-open"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip().rpartition(" ")[2]
        finally:
            server.terminate()


def take(folder: Path, pictures: Path) -> None:
    """Use each page and take its pictures."""
    pictures.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=LONGEST)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        with served(folder, "smollm2", "--page", "chat") as url:
            with opened(browser, url) as page:
                take_chat(page, pictures)
            with opened(browser, url, phone=True) as page:
                take_phone(page, pictures)
        with served(folder, "minilm", "--page", "embed") as url, opened(browser, url) as page:
            take_embeddings(page, pictures)


@contextmanager
def opened(browser: Browser, url: str, *, phone: bool = False) -> Iterator[Page]:
    """Open a page as a laptop in daylight has it, or a phone at night."""
    how: dict[str, Any] = (
        {"viewport": {"width": 390, "height": 760}, "color_scheme": "dark"}
        if phone
        else {"viewport": {"width": 1100, "height": 760}}
    )
    with browser.new_context(**how) as context:
        page = context.new_page()
        page.set_default_timeout(LONGEST)
        page.goto(url)
        yield page


def take_chat(page: Page, pictures: Path) -> None:
    """Talk with the language model: while it answers, and after a second turn."""
    page.get_by_label("System prompt").fill("You are a teacher. Answer in one short sentence.")
    say(page, QUESTION)
    expect(page.get_by_test_id("bot")).to_have_text(_BEGUN)
    page.screenshot(path=pictures / "chat_answering.png")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    say(page, "And why is it red in the evening?")
    expect(page.get_by_test_id("bot")).to_have_count(2)
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    page.screenshot(path=pictures / "chat.png")


def take_phone(page: Page, pictures: Path) -> None:
    """Send what the engine refuses."""
    say(page, "What is deep learning?")
    expect(page.get_by_test_id("bot")).to_have_count(1)
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    page.get_by_label("seed").fill("many")
    say(page, "And machine learning?")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("alert").scroll_into_view_if_needed()
    page.screenshot(path=pictures / "chat_error_phone.png")


def take_embeddings(page: Page, pictures: Path) -> None:
    """Compare texts, two and two of which mean nearly the same."""
    page.get_by_label("Texts One a line").fill(TEXTS)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("vectors of")).to_be_visible()
    # What waits for an answer is pale, and becomes strong again little by little.
    expect(page.locator(".pending")).to_have_count(0)
    page.mouse.move(0, 0)
    page.screenshot(path=pictures / "embeddings.png", animations="disabled")


def say(page: Page, text: str) -> None:
    """Send a message."""
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("textbox", name="Message").press("Enter")


if __name__ == "__main__":
    main(*sys.argv[1:])
