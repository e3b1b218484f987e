"""How the list of known kinds of models is made, and that what ships was made so."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from program import load
from sagemaker_model.engine.model_kinds import releases

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return load("tools/refresh_model_kinds.py")


def wheel(folder: Path, files: dict[str, str]) -> zipfile.ZipFile:
    path = folder / "package.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return zipfile.ZipFile(path)


def test_transformers_lists_its_kinds_by_name_and_by_class(
    tool: ModuleType, tmp_path: Path
) -> None:
    files = {
        "transformers/models/auto/configuration_auto.py": (
            'A = OrderedDict([("bert", "BertConfig"), ("t5", T5Config), ("bert", "BERT")])'
        ),
        "transformers/models/auto/auto_mappings.py": 'B = OrderedDict([("llama", "LlamaConfig")])',
    }

    assert set(tool.transformers(wheel(tmp_path, files))) == {"bert", "t5", "llama"}


def test_vllm_lists_what_it_serves_and_not_what_it_served(tool: ModuleType, tmp_path: Path) -> None:
    source = (
        '_TEXT_MODELS = {"AForCausalLM": ("a", "A"), **{k: 1 for k in "x"}}\n'
        '_PREVIOUSLY_SUPPORTED_MODELS = {"BForCausalLM": "0.1"}\n'
        'OTHER = {"CForCausalLM": 1}\n'
    )
    files = {"vllm/model_executor/models/registry.py": source}

    assert list(tool.vllm(wheel(tmp_path, files))) == ["AForCausalLM"]


def test_sglang_lists_the_classes_of_its_modules(tool: ModuleType, tmp_path: Path) -> None:
    files = {
        "sglang/srt/models/a.py": "EntryClass = [A, B]\n",
        "sglang/srt/models/c.py": "EntryClass = C\n",
        "sglang/srt/other.py": "EntryClass = D\n",
    }

    assert set(tool.sglang(wheel(tmp_path, files))) == {"A", "B", "C"}


def test_the_list_that_ships_is_of_the_pinned_releases(tool: ModuleType) -> None:
    listed = json.loads(tool.FILE.read_text(encoding="utf-8"))

    assert {name: [release[0] for release in found] for name, found in listed.items()} == {
        name: versions.split() for name, (_, versions, _) in tool.SOURCES.items()
    }
    assert all(len(releases(name)[0].added) > 50 for name in listed)
