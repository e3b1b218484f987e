"""The handlers as Lambda loads them: the folder alone, beside boto3."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sagemaker_model.staging.lambda_code.weights_handler import index
from staging_handler.aws import Aws

ASSET = Path(index.__file__).parents[1]
LOAD = """
import sys
sys.path.insert(0, sys.argv[1])
import weights_handler.index as index
print(callable(index.on_event), callable(index.is_complete))
others = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
print(*sorted(others & {"aws_cdk", "jsii", "sagemaker_model"}))
"""


def test_the_asset_needs_nothing_of_the_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(ASSET)], capture_output=True, text=True, check=True
    )

    assert done.stdout == "True True\n\n"


def test_a_request_is_answered_with_the_clients_of_the_function_s_own_role(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    aws.s3.stage()

    assert index.is_complete(aws.event())["IsComplete"]
