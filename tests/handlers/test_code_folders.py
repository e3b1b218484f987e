"""What holds for every handler's code folder, whichever environment looks at it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

HANDLERS = Path(__file__).parents[2] / "custom_inference"
NAMES = sorted(path.parent.name for path in HANDLERS.glob("*/code"))


def test_there_is_a_handler_for_each_need() -> None:
    assert NAMES == ["cross_encoder", "embeddings", "embeddings_and_cross_encoder", "pipeline"]


def test_modules_of_one_name_are_the_same_in_every_handler() -> None:
    # Each code folder is staged alone, so that what several need lies in each of them.
    copies = defaultdict(list)
    for path in sorted(HANDLERS.glob("*/code/encoders/*.py")):
        copies[path.name].append(path)

    different = {
        name: [str(path.relative_to(HANDLERS)) for path in paths]
        for name, paths in copies.items()
        if len({path.read_bytes() for path in paths}) > 1
    }
    assert different == {}, "copy the newest over the others"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_installed_at_the_start_so_that_isolated_endpoints_work(name: str) -> None:
    assert not (HANDLERS / name / "code" / "requirements.txt").exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_shows_a_request_and_the_construct(name: str) -> None:
    text = (HANDLERS / name / "README.md").read_text()

    assert f'code_folder="custom_inference/{name}/code"' in text
    assert "## Request" in text
    assert "## Environment" in text
