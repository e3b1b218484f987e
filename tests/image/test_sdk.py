"""The image table against its source, the SageMaker SDK.

Both need what `make unit` prepares: an environment with sagemaker-core, and its wheel.
"""

import json
import subprocess
import sys
from pathlib import Path

from made_by_make import sdk_python, wheels
from sagemaker_model.image.registry import domain
from sagemaker_model.image.table import ImageRecord, records

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "constructs/sagemaker_model/image/images.json"
UNRESOLVED = "huggingface-vllm-neuronx"


def uri(record: ImageRecord, region: str) -> str:
    return f"{record.accounts[region]}.dkr.ecr.{region}.{domain(region)}/{record.name}"


def test_every_image_has_the_uri_of_the_sdk_in_every_region() -> None:
    python = sdk_python()
    asked = [(record, region) for record in records() for region in record.accounts]
    rows = [
        [each.family, each.version, each.processor, each.architecture, each.tag, region]
        for each, region in asked
    ]

    answer = subprocess.run(
        [python, ROOT / "tools/sdk_uris.py"],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
    )

    answered = list(zip(asked, json.loads(answer.stdout), strict=True))
    unresolved = {record.family for (record, _), given in answered if given is None}
    wrong = {
        uri(record, region): given
        for (record, region), given in answered
        if given not in {uri(record, region), None}
    }
    assert wrong == {}
    assert unresolved == {UNRESOLVED}


def test_the_table_is_what_its_tool_makes_of_its_wheel(tmp_path: Path) -> None:
    wheel = next(wheels().glob("sagemaker_core-*.whl"))
    tool = ROOT / "tools/refresh_images.py"

    output = tmp_path / "images.json"
    subprocess.run([sys.executable, tool, "--wheel", wheel, "--output", output], check=True)

    assert (tmp_path / "images.json").read_bytes() == TABLE.read_bytes()
