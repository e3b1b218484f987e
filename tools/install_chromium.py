"""See that there is a Chromium for the tests of pages; on Debian and Ubuntu, root installs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "SAGEMAKER_MODEL_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium() -> str | None:
    """Return where a Chromium is: as the variable says, on the path, or in a usual place."""
    told = os.environ.get(VARIABLE)
    if told:
        return told
    on_path = filter(None, map(shutil.which, _NAMES))
    return next(on_path, None) or next(filter(os.path.exists, _PLACES), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        place = Path(playwright.chromium.executable_path)
    return str(place) if place.exists() else None


def main() -> None:
    """Install what is missing, or say what to do."""
    if find_chromium() is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-qq", "--yes", "chromium"], check=True)
    if find_chromium() is None:
        sys.exit(
            "the tests of pages need Chromium, which is not here: install it with your system's "
            "packages, or by 'python -m playwright install chromium', or say where it is in "
            f"{VARIABLE}"
        )


if __name__ == "__main__":
    main()
