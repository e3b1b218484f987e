"""A local AWS of its own for tests: started, looked into and ended by its handle."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from made_by_make import SERVING_PYTHON, found
from sagemaker_model.local.environment.part import CACHE
from sagemaker_model.local.environment.parts import Prepared, prepare
from sagemaker_model.local.health import log_of, wait_until_up
from sagemaker_model.local.hub.control import Control
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.local.lifecycle import EMULATOR
from sagemaker_model.local.processes import Process
from sagemaker_model.local.programs import search_path
from sagemaker_model.local.record import Record
from sagemaker_model.local.settings import Settings
from sagemaker_model.local.variables import SECRET, without_credentials

ROOT = Path(__file__).parents[2]
ACCOUNT = "123456789012"
REGION = "us-east-1"
Found = TypeVar("Found")


@dataclass
class LocalAws:
    """One account and Region of a local AWS.

    Args:
        record: The local AWS.
        hub: The Hub that its builds and workers know.
        region: The Region that is looked into.
    """

    record: Record
    hub: Hub
    region: str = REGION

    def elsewhere(self, *, account: str | None = None, region: str | None = None) -> LocalAws:
        """Return another account or Region of the same local AWS."""
        record = replace(self.record, account=account or self.record.account)
        return LocalAws(record, self.hub, region or self.region)

    def client(self, service: str, *, attempts: int = 2) -> Any:
        # The types know each service by a literal of its own.
        make: Any = boto3.client
        return make(
            service,
            region_name=self.region,
            endpoint_url=self.record.endpoint,
            aws_access_key_id=self.record.account,
            aws_secret_access_key=SECRET,
            verify=str(self.record.certificate) if self.record.certificate else None,
            config=Config(
                proxies={},
                retries={"total_max_attempts": attempts},
                s3={"addressing_style": "path"},
            ),
        )

    # -- the Hub -------------------------------------------------------------------------------

    def let_hub(self, *faults: dict[str, Any], gated: dict[str, str] | None = None) -> None:
        """Set the Hub's faults (see :class:`Control`), and forget what was asked so far."""
        self.hub.control = Control(faults=list(faults), gated=gated or {})
        self.hub.requests.clear()

    # -- CloudFormation ------------------------------------------------------------------------

    def stacks(self) -> dict[str, str]:
        """Return the status of each stack that was not deleted, by name."""
        pages = self.client("cloudformation").get_paginator("describe_stacks").paginate()
        return {s["StackName"]: s["StackStatus"] for page in pages for s in page["Stacks"]}

    def outputs(self, stack: str) -> dict[str, str]:
        (found,) = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def resources(self, stack: str, kind: str) -> list[str]:
        """Return the physical ids of a stack's resources of one type, in order."""
        told = self.client("cloudformation").describe_stack_resources(StackName=stack)
        return sorted(
            each["PhysicalResourceId"]
            for each in told["StackResources"]
            if each["ResourceType"] == kind and each.get("PhysicalResourceId")
        )

    def events(self, stack: str) -> list[tuple[str, str, str]]:
        """Return logical id, status and reason of each event of a stack, the first one first."""
        pages = self.client("cloudformation").get_paginator("describe_stack_events")
        events = [e for p in pages.paginate(StackName=stack) for e in p["StackEvents"]]
        told = ((e["LogicalResourceId"], e["ResourceStatus"]) for e in events)
        reasons = (e.get("ResourceStatusReason", "") for e in events)
        return [(*each, reason) for each, reason in zip(told, reasons, strict=True)][::-1]

    def failures(self, stack: str) -> str:
        """Return why resources of a stack failed, a line each."""
        return "\n".join(why for _, status, why in self.events(stack) if status.endswith("_FAILED"))

    # -- what a deployment leaves ---------------------------------------------------------------

    def endpoint(self, stack: str) -> str:
        """Return the name of a stack's only endpoint."""
        (arn,) = self.resources(stack, "AWS::SageMaker::Endpoint")
        pages = self.client("sagemaker").get_paginator("list_endpoints").paginate()
        endpoints = [each for page in pages for each in page["Endpoints"]]
        # The ARN has the name in lower case.
        (name,) = (each["EndpointName"] for each in endpoints if each["EndpointArn"] == arn)
        return str(name)

    def log(self, endpoint: str) -> dict[str, str]:
        """Return what the containers of an endpoint have logged, by stream."""
        logs, group = self.client("logs"), f"/aws/sagemaker/Endpoints/{endpoint}"
        told = {}
        for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]:
            name = stream["logStreamName"]
            events = logs.get_log_events(logGroupName=group, logStreamName=name)["events"]
            told[name] = "\n".join(event["message"] for event in events)
        return told

    def served(self, stack: str) -> dict[str, Any]:
        """Return what DescribeModel and the variant tell of what a stack's endpoint serves."""
        sagemaker = self.client("sagemaker")
        told = sagemaker.describe_endpoint(EndpointName=self.endpoint(stack))
        config = sagemaker.describe_endpoint_config(EndpointConfigName=told["EndpointConfigName"])
        (variant,) = config["ProductionVariants"]
        return {
            **sagemaker.describe_model(ModelName=variant["ModelName"])["PrimaryContainer"],
            **variant,
            "EndpointStatus": told["EndpointStatus"],
        }

    def ask(self, stack: str, body: object = "hello") -> Any:
        """Return what a stack's endpoint answers to JSON."""
        answer = self.client("sagemaker-runtime", attempts=1).invoke_endpoint(
            EndpointName=self.endpoint(stack),
            Body=json.dumps(body).encode(),
            ContentType="application/json",
        )
        return json.loads(answer["Body"].read())

    def keys(self, bucket: str, prefix: str = "") -> set[str]:
        pages = self.client("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=bucket, Prefix=prefix)
        return {item["Key"] for page in found for item in page.get("Contents", [])}

    def unfinished(self, bucket: str, prefix: str = "") -> set[str]:
        """Return the objects below a prefix that expire, as nothing whole was made of them."""
        s3 = self.client("s3")
        return {
            key
            for key in self.keys(bucket, prefix)
            if {"Key": "staging", "Value": "unfinished"}
            in s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
        }

    def builds(self, stack: str = "") -> list[dict[str, Any]]:
        """Return the builds of a stack's projects, or all, the first one first."""
        codebuild = self.client("codebuild")
        names = (
            self.resources(stack, "AWS::CodeBuild::Project")
            if stack
            else codebuild.list_projects()["projects"]
        )
        ids = [i for n in names for i in codebuild.list_builds_for_project(projectName=n)["ids"]]
        found = codebuild.batch_get_builds(ids=ids)["builds"] if ids else []
        return sorted(found, key=lambda build: str(build["startTime"]))


def until(condition: Callable[[], Found], seconds: float = 120.0, every: float = 0.05) -> Found:
    """Wait until a condition holds, and return what it found.

    Args:
        condition: Whatever is true ends the wait.
        seconds: How long that may take.
        every: Seconds between two looks.
    """
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not so after {seconds:g} s"
        threading.Event().wait(every)
    return found


@contextmanager
def local_aws(state: Path, hub: Hub, prepared: Prepared, **settings: Any) -> Iterator[LocalAws]:
    """Run a local AWS with faults on command.

    Args:
        state: Folder of all that it keeps.
        hub: The Hub of its builds and workers.
        prepared: What it runs models, builds and functions with.
        settings: More of :class:`Settings`, such as ``build_slots``.
    """
    told = Settings(
        state=state,
        serving_python=prepared.serving_python,
        build_python=prepared.build_python,
        node_path=prepared.node_path,
        hub=hub.url,
        faults=True,
        **settings,
    )
    port = free_port()
    environment = {
        **without_credentials(),
        **told.to_environment(),
        "PATH": search_path(),
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
    }
    process = Process.start(
        [sys.executable, *EMULATOR], environment=environment, log=log_of(state, "emulator")
    )
    record = Record(state, f"http://127.0.0.1:{port}", ACCOUNT, REGION, process, hub_url=hub.url)
    try:
        wait_until_up(record, 60)
        yield LocalAws(record, hub)
    finally:
        process.stop()


@contextmanager
def running_hub(root: Path) -> Iterator[Hub]:
    """Run a Hub in this process."""
    hub = Hub(root)
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    yield hub
    hub.shutdown()
    hub.server_close()


def environments() -> Prepared:
    """Return what a local AWS runs with; what is missing is downloaded."""
    cache = Path(os.environ.get(CACHE, ROOT / ".cache" / "local")).absolute()
    return prepare(cache, serving_python=found(*SERVING_PYTHON))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
