"""Stacks that images are bound to, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import App, Environment, Stack

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.container_image import ContainerImage

DIGEST = "sha256:" + "a" * 64


def stack(region: str | None = "us-east-1", context: Mapping[str, Any] | None = None) -> Stack:
    env = Environment(account="123456789012", region=region) if region else None
    return Stack(App(context=context), "Stack", env=env)


def bind(image: ContainerImage, scope: Stack, region: str | None = "us-east-1") -> BoundImage:
    return image.bind(scope, region=region)


def pulled(image: BoundImage, scope: Stack) -> list[Any]:
    resolved: list[Any] = scope.resolve(image.pull[1]["Resource"])
    return resolved
