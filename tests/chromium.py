"""A real browser for tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from playwright.sync_api import Browser, expect, sync_playwright

from program import load

# A browser of a test is root's, has no graphics card, and asks its maker for nothing.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def install_chromium() -> ModuleType:
    """Return the tool that finds the browser."""
    return load("tools/install_chromium.py")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser, and end it."""
    with sync_playwright() as playwright:
        # Whatever goes on on this machine beside the tests, a page gets the time that it needs.
        expect.set_options(timeout=20_000)
        browser = playwright.chromium.launch(
            executable_path=install_chromium().find_chromium(), args=FLAGS
        )
        yield browser
        browser.close()
