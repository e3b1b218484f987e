"""AWS CloudFormation as boto3's own client sees it: one stack, in a state that is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.validate import validate_parameters

from staging_handler.codebuild import Hooks, Http, connect, refuse

STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/Stack/1"


class FakeCloudFormation:
    """Tells the state of one stack."""

    def __init__(self) -> None:
        self.status = "DELETE_IN_PROGRESS"
        self.hooks = Hooks(connect("cloudformation"))
        self.client = self.hooks.client
        self.hooks.add("before-call.cloudformation.DescribeStacks", self._answer)

    def _answer(self, model: Any, params: Mapping[str, Any], **_: object) -> tuple[Http, Any]:
        if params["body"]["StackName"] != STACK_ID:
            return refuse("ValidationError", "there is no such stack")
        told = {"StackName": "Stack", "CreationTime": datetime(2026, 1, 1, tzinfo=UTC)}
        answer = {"Stacks": [{**told, "StackStatus": self.status}]}
        validate_parameters(answer, model.output_shape)
        return Http(200), answer
