"""The function as Lambda loads it, and what it tells CloudFormation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sagemaker_model.smoke_test.lambda_code.smoke_test_handler import index
from sagemaker_model.smoke_test.lambda_code.smoke_test_handler.reply import response
from smoke_test_function.address import listening
from smoke_test_function.world import World

ASSET = Path(index.__file__).parents[1]
LOAD = """
import sys
sys.path.insert(0, sys.argv[1])
import smoke_test_handler.index as index
print(callable(index.handler))
others = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(*sorted(others & {"aws_cdk", "jsii", "sagemaker_model"}))
"""


def test_the_asset_needs_nothing_of_the_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(ASSET)], capture_output=True, text=True, check=True
    )

    assert done.stdout == "True\n\n"


def test_cloudformation_is_told(world: World) -> None:
    with listening() as (url, told):
        index.handler({**world.event("Delete"), "ResponseURL": url, "PhysicalResourceId": "x"})

    (response_,) = told
    assert response_["Status"] == "SUCCESS"
    assert response_["PhysicalResourceId"] == "x"


def test_the_physical_id_never_changes(world: World) -> None:
    created = response(world.event("Create"), None)
    again = {**world.event("Update"), "PhysicalResourceId": created["PhysicalResourceId"]}

    assert response(again, "no")["PhysicalResourceId"] == created["PhysicalResourceId"]


@pytest.mark.parametrize("character", ['"', "é", "🦍"], ids=["quote", "accent", "picture"])
def test_a_response_fits_into_what_cloudformation_takes(world: World, character: str) -> None:
    told = response(world.event(), character * 10_000)

    assert told["Status"] == "FAILED"
    assert len(json.dumps(told)) < 4096
