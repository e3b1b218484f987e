"""S3, CodeBuild and a clock around the handlers, and what the staging program leaves there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sagemaker_model.staging.lambda_code.weights_handler import index
from sagemaker_model.staging.lambda_code.weights_handler.request import Request
from staging_handler.codebuild import FakeCodeBuild, Handler, Hooks, Http, connect, refuse
from staging_handler.stack import STACK_ID, FakeCloudFormation

BUCKET = "weights"
PREFIX = "Stack/c8a1/0123abcd/"
ID = f"s3://{BUCKET}/{PREFIX}"
PROJECT = "Stack_c8a1"
MANIFEST = "Stack/c8a1/0123abcd.manifest.json"
PLAN = "Stack/c8a1/0123abcd.plan.json"
ERROR = "Stack/c8a1/0123abcd.error.json"
LEFT = "Stack/c8a1/0123abcd.rolled-back.manifest.json"
TOMBSTONE = {"deleting": True}


@dataclass
class Clock:
    """Seconds since 1970, which pass when told to."""

    time: float = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    tick: float = 0
    """Seconds that pass by asking."""

    def __call__(self) -> float:
        self.time += self.tick
        return self.time


class S3:
    """A bucket, by moto."""

    def __init__(self) -> None:
        self.hooks = Hooks(connect("s3"))
        self.client = self.hooks.client
        self.client.create_bucket(Bucket=BUCKET)

    def put(self, key: str, data: object = b"12345") -> None:
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.client.put_object(Bucket=BUCKET, Key=key, Body=body)

    def keys(self, prefix: str = "") -> set[str]:
        found = {item["Key"] for item in self._all("list_objects_v2", "Contents")}
        return {key for key in found if key.startswith(prefix)}

    def tags(self, key: str) -> dict[str, str]:
        found = self.client.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in found}

    def uploads(self) -> set[str]:
        return {item["Key"] for item in self._all("list_multipart_uploads", "Uploads")}

    def versions(self) -> int:
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=BUCKET)
        return sum(len(p.get("Versions", ())) + len(p.get("DeleteMarkers", ())) for p in pages)

    def stage(self, prefix: str = PREFIX) -> None:
        """Leave what the staging program leaves when all is well."""
        files = {f"{prefix}config.json": b"{}", f"{prefix}model.safetensors": b"12345678"}
        for key, body in files.items():
            self.put(key, body)
        entries = [{"key": key, "size": len(body)} for key, body in files.items()]
        self.put(f"{prefix[:-1]}.plan.json", {"models": []})
        self.put(f"{prefix[:-1]}.manifest.json", {"fingerprint": "f", "files": entries})

    def begin_upload(self, key: str) -> None:
        self.client.create_multipart_upload(Bucket=BUCKET, Key=key)

    def refuse(self, operation: str, code: str, *, status: int = 503, times: int = 1) -> None:
        """Have the next requests refused."""
        left = iter(range(times))

        def answer(**_: object) -> tuple[Http, Any] | None:
            return refuse(code, status=status) if next(left, None) is not None else None

        self.on(operation, answer)

    def on(self, operation: str, handler: Handler) -> None:
        """Ask *handler* first; where it returns None, the request goes on."""
        self.hooks.add(f"before-call.s3.{operation}", handler)

    def _all(self, operation: str, items: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator(operation).paginate(Bucket=BUCKET)
        return [item for page in pages for item in page.get(items, ())]


@dataclass
class Aws:
    """What the handlers live in."""

    s3: S3
    clock: Clock
    codebuild: FakeCodeBuild = field(init=False)
    stack: FakeCloudFormation = field(default_factory=FakeCloudFormation)

    def __post_init__(self) -> None:
        self.codebuild = FakeCodeBuild(PROJECT, ID, self.clock)

    def close(self) -> None:
        """Leave nothing to the next test."""
        self.s3.hooks.remove_all()
        self.codebuild.hooks.remove_all()
        self.stack.hooks.remove_all()

    def answer(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """Have ``is_complete`` answer once."""
        return index.respond(
            Request.of(event),
            s3=self.s3.client,
            codebuild=self.codebuild.client,
            cloudformation=self.stack.client,
            now=self.clock,
        )

    def poll(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        """Have it answer half a minute later."""
        self.clock.time += 30
        return self.answer(event)

    def event(self, kind: str = "Create", **changes: Any) -> dict[str, Any]:
        """Return an event about weights, merged with what ``on_event`` answered to it."""
        known = {} if kind == "Create" else {"PhysicalResourceId": ID}
        event = {
            "RequestType": kind,
            "ResourceType": "Custom::SageMakerModelWeights",
            "RequestId": "request-1",
            "StackId": STACK_ID,
            "ResourceProperties": {
                "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:f",
                "Bucket": BUCKET,
                "Prefix": PREFIX,
                "Project": PROJECT,
                "Retain": "false",
            },
            **known,
            **changes,
        }
        return {**event, **index.begin(Request.of(event), self.clock())}


def about_store(kind: str = "Delete", bucket: str = BUCKET, **changes: Any) -> dict[str, Any]:
    """Return an event about a bucket."""
    event = {
        "RequestType": kind,
        "ResourceType": "Custom::SageMakerModelStore",
        "ResourceProperties": {"Bucket": bucket},
        "PhysicalResourceId": "" if kind == "Create" else f"s3://{bucket}",
        **changes,
    }
    return {**event, **index.begin(Request.of(event), 0)}
