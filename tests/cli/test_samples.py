"""``--samples``: a Hub on this machine, for as long as a command runs."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sagemaker_model.local.hub.samples import MINILM
from sagemaker_model.local.sample_hub import sample_hub


def test_the_sample_hub_answers_inside_the_block_and_ends_with_it(tmp_path: Path) -> None:
    # `make test` installs their package beside the library: the folder adds nothing to it.
    with sample_hub(tmp_path) as url:
        told = urllib.request.urlopen(f"{url}/api/models/{MINILM}").read()

    assert b"sentence-similarity" in told
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url)
