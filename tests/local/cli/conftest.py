"""The command, run as a user runs it: in a folder with a CDK app."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.live import ROOT
from sagemaker_model.local.environment.part import CACHE

APP = """
from aws_cdk import App, CfnOutput, Stack, aws_iam as iam, aws_sagemaker as sagemaker

from sagemaker_model import Container, SageMakerModel

app = App()
chat = Container(
    model_id="org/name", revision="a" * 40, instance_type=app.node.get_context("instance_type")
)
model = SageMakerModel(Stack(app, "Chat"), "Model", model=chat)
CfnOutput(model.stack, "Name", value=model.endpoint_name)

if app.node.try_get_context("broken"):
    stack = Stack(app, "Broken")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    made = sagemaker.CfnModel(
        stack,
        "Model",
        execution_role_arn=role.role_arn,
        primary_container={
            "image": f"763104351884.dkr.ecr.{stack.region}.amazonaws.com"
            "/huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
        },
    )
    config = sagemaker.CfnEndpointConfig(
        stack,
        "Config",
        production_variants=[
            {
                "modelName": made.attr_model_name,
                "variantName": "AllTraffic",
                "instanceType": "ml.g5.2xlarge",
                "initialInstanceCount": 1,
                "initialVariantWeight": 1,
            }
        ],
    )
    sagemaker.CfnEndpoint(
        stack, "Endpoint", endpoint_config_name=config.attr_endpoint_config_name
    )
app.synth()
"""


@dataclass(frozen=True)
class User:
    """Somebody at the command line.

    Args:
        folder: The folder that they are in.
    """

    folder: Path

    def begins(self, *arguments: str, group: Sequence[str] = ("local",)) -> subprocess.Popen[str]:
        """Start ``sagemaker-model local``, or the command itself with no group."""
        return subprocess.Popen(
            [sys.executable, "-m", "sagemaker_model.cli", *group, *arguments],
            cwd=self.folder,
            env={CACHE: str(ROOT / ".cache" / "local"), **os.environ},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def does(
        self, *arguments: str, group: Sequence[str] = ("local",)
    ) -> subprocess.CompletedProcess[str]:
        """Run ``sagemaker-model local``, or the command itself, and return what came of it."""
        with self.begins(*arguments, group=group) as process:
            out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def gets(self, *arguments: str, group: Sequence[str] = ("local",)) -> Any:
        """Return the JSON that a verb prints."""
        done = self.does(*arguments, "--json", group=group)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    """Somebody in the folder of an app with an endpoint; what they start is ended after all."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    told = {"app": f"{sys.executable} app.py", "context": {"instance_type": "ml.g5.2xlarge"}}
    (folder / "cdk.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    somebody = User(folder)
    yield somebody
    somebody.does("down")
