"""The provider framework of aws-cdk-lib itself, with CloudFormation and the handlers beside it."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from shutil import which
from typing import IO, Any

from sagemaker_model.staging.lambda_code.weights_handler import index
from sagemaker_model.staging.lambda_code.weights_handler.request import Request
from staging_handler.aws import BUCKET, PROJECT, Aws
from staging_handler.stack import STACK_ID

_RUNTIME = "package/custom-resources/lib/provider-framework/runtime"
_INTERVAL = 30
_ATTEMPTS = 120
"""An hour of half minutes, as Provider computes them of its total timeout."""
LONGEST_RESPONSE = 4096


def unpack_framework(folder: Path) -> Path:
    """Unpack what Lambda would run from the package that the app is synthesized with."""
    (archive,) = (each for each in files("aws_cdk._jsii").iterdir() if each.name.endswith(".tgz"))
    with archive.open("rb") as file, tarfile.open(fileobj=file) as members:
        wanted = [each for each in members if each.name.startswith(f"{_RUNTIME}/")]
        members.extractall(folder, wanted, filter="data")
    return folder / _RUNTIME


@dataclass
class CloudFormation:
    """One resource, from its creation to its deletion.

    Args:
        framework: Folder with the framework's runtime.
        aws: What the handlers live in.
        waits: Called each time the framework waits, with how often it has.
    """

    framework: Path
    aws: Aws
    waits: Callable[[int], None] = lambda _: None
    physical_id: str = ""
    requests: list[str] = field(default_factory=list)

    def create(self, prefix: str) -> Mapping[str, Any]:
        """Create the resource; delete it again where that fails."""
        response = self.ask("Create", prefix)
        self.physical_id = response["PhysicalResourceId"]
        if response["Status"] == "FAILED":
            self.roll_back(prefix)
        return response

    def update(self, prefix: str, old_prefix: str) -> Mapping[str, Any]:
        """Change the resource; what is replaced, or failed to replace it, is deleted after that."""
        old_id = self.physical_id
        response = self.ask("Update", prefix)
        new_id = response["PhysicalResourceId"]
        self.physical_id = new_id
        if response["Status"] == "FAILED":
            self.physical_id = self.ask("Update", old_prefix)["PhysicalResourceId"]
            self.aws.stack.status = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
            self.ask("Delete", prefix, physical_id=new_id)
        elif old_id != new_id:
            self.aws.stack.status = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
            self.ask("Delete", old_prefix, physical_id=old_id)
        return response

    def roll_back(self, prefix: str) -> Mapping[str, Any]:
        """Delete the resource, as the stack's creation failed."""
        self.aws.stack.status = "ROLLBACK_IN_PROGRESS"
        return self.ask("Delete", prefix)

    def delete(self, prefix: str) -> Mapping[str, Any]:
        """Delete the resource with its stack."""
        self.aws.stack.status = "DELETE_IN_PROGRESS"
        return self.ask("Delete", prefix)

    def ask(self, kind: str, prefix: str, physical_id: str = "") -> Mapping[str, Any]:
        """Send one request, and return the response to it."""
        event = {
            "RequestType": kind,
            "ResourceType": "Custom::SageMakerModelWeights",
            "RequestId": f"request-{len(self.requests)}",
            "ResponseURL": "https://cloudformation.example/response?signature",
            "StackId": STACK_ID,
            "LogicalResourceId": "Weights",
            "ResourceProperties": {
                "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:f",
                "Bucket": BUCKET,
                "Prefix": prefix,
                "Project": PROJECT,
                "Retain": "false",
            },
            **({} if kind == "Create" else {"PhysicalResourceId": physical_id or self.physical_id}),
        }
        response = self._run(event)
        self.requests.append(f"{kind} {prefix} {response['Status']}")
        return response

    def _run(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        node = which("node")
        assert node
        script = Path(__file__).with_name("framework.js")
        with subprocess.Popen(
            [node, str(script), str(self.framework), str(_ATTEMPTS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            (body,) = list(self._answers(event, process.stdin, process.stdout))
        assert len(body.encode()) <= LONGEST_RESPONSE
        response: Mapping[str, Any] = json.loads(body)
        return response

    def _answers(self, event: Mapping[str, Any], stdin: IO[str], stdout: IO[str]) -> list[str]:
        """Answer what the framework asks for; return what it answers to CloudFormation."""
        bodies = []
        for line in stdout:
            message = json.loads(line)
            if "response" in message:
                bodies.append(message["response"])
                continue
            answer: Any = event
            if "waits" in message:
                self.aws.clock.time += _INTERVAL
                self.waits(message["waits"])
            elif "invoke" in message:
                answer = self._invoke(message["invoke"], message["payload"])
            stdin.write(json.dumps(answer) + "\n")
            stdin.flush()
        return bodies

    def _invoke(self, function: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do as Lambda does."""
        try:
            if function == "on_event":
                answer: Mapping[str, Any] = index.begin(Request.of(event), self.aws.clock())
            else:
                answer = self.aws.answer(event)
        except Exception as error:
            told = {"errorMessage": str(error), "errorType": type(error).__name__}
            return {"FunctionError": "Unhandled", "Payload": list(json.dumps(told).encode())}
        return {"Payload": list(json.dumps(answer).encode())}
