"""The command starts fast: what only some verbs need is imported by them."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "aws_cdk",
    "boto3",
    "botocore",
    "cryptography",
    "gradio",
    "httpx",
    "huggingface_hub",
    "jsii",
    "ministack",
    "platformdirs",
    "psutil",
    "torch",
    "transformers",
    "watchfiles",
    "yaml",
}


def test_starting_imports_nothing_that_only_some_verbs_need() -> None:
    code = "import sagemaker_model.cli.main, sys; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", code], text=True, capture_output=True, check=True
    )

    assert HEAVY & {*loaded.stdout.split()} == set()
