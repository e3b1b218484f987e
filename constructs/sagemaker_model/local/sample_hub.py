"""A Hub on this machine that has the sample models, for as long as a command runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sagemaker_model.local.lifecycle import HUB


@contextmanager
def sample_hub(packages: Path) -> Iterator[str]:
    """Serve the sample models inside the block, and yield the Hub's URL.

    Args:
        packages: Folder of Python packages that carry their weights.

    Raises:
        RuntimeError: It did not start; the message ends with what it said.
    """
    path = os.pathsep.join(filter(None, [str(packages), os.environ.get("PYTHONPATH")]))
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryFile("w+") as errors:
        hub = subprocess.Popen(
            [sys.executable, *HUB, root, "--samples"],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        with hub:  # waits for its end
            try:
                # It is the first thing that it says; without it, it has ended.
                url = hub.stdout.readline().strip() if hub.stdout else ""
                if not url:
                    errors.seek(0)
                    raise RuntimeError(f"the sample models can't be served: {errors.read()}")
                yield url
            finally:
                hub.terminate()
