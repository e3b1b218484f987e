"""The table is what its tool makes of the sources that it names."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from made_by_make import wheels

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "constructs/sagemaker_model/instance/instances.json"


def test_the_tool_makes_the_same_bytes_again(tmp_path: Path) -> None:
    made = tmp_path / "instances.json"
    tool = [sys.executable, str(ROOT / "tools/refresh_instances.py")]

    subprocess.run([*tool, "--wheels", str(wheels()), "--output", str(made)], check=True)

    assert made.read_bytes() == TABLE.read_bytes()


def test_the_table_names_its_sources_with_version_checksum_licence_and_date() -> None:
    sources = json.loads(TABLE.read_text(encoding="utf-8"))["source"]

    assert [each["package"].split("-")[0] for each in sources] == ["botocore", "moto", "cfn_lint"]
    for each in sources:
        assert re.fullmatch(r"[0-9a-f]{64}", each["sha256"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", each["date"])
        assert each["licence"] in {"Apache-2.0", "MIT-0"}


def test_the_region_sets_are_told_once() -> None:
    sets = json.loads(TABLE.read_text(encoding="utf-8"))["region_sets"]

    assert sets == sorted(sets)
    assert len({tuple(each) for each in sets}) == len(sets)
    assert all(each == sorted(each) for each in sets)
