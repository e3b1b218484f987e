"""A page of an endpoint, its server in a process of its own, and a browser to use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from chromium import chromium
from runtime.fake_aws import FakeAws, fake_aws

HERE = Path(__file__).parent
VLLM = "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:0.11.0-gpu"


@dataclass(frozen=True)
class Served:
    """A page that is served.

    Args:
        url: Where.
        connections: A file with a line for each address that its server connected to.
    """

    url: str
    connections: Path

    def connected(self) -> set[str]:
        return {*map(json.loads, self.connections.read_text(encoding="utf-8").splitlines())}


@pytest.fixture(scope="module")
def aws_of_module() -> Iterator[FakeAws]:
    with fake_aws() as aws:
        aws.image = VLLM
        yield aws


@pytest.fixture
def aws(aws_of_module: FakeAws) -> FakeAws:
    aws_of_module.asked.clear()
    aws_of_module.fetched.clear()
    aws_of_module.hung_up.clear()
    return aws_of_module


@pytest.fixture(scope="module")
def served(aws_of_module: FakeAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    connections = tmp_path_factory.mktemp("web") / "connections"
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": aws_of_module.url,
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, str(HERE / "serve_page.py"), str(connections)]
    command += ["web", "chat", "--port", "0", "--no-open"]
    command += [f"--page={page}" for page in ("chat", "generate", "embed", "rerank")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip().rpartition(" ")[2]
            assert url.startswith("http://127.0.0.1:")
            yield Served(url, connections)
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of the browser, whose cache spares each page most of its loading."""
    with browser.new_context() as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Iterator[Page]:
    with context.new_page() as page:
        page.goto(served.url)
        yield page
