"""An endpoint as it is now: pure data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What a container serves.

    Args:
        name: Name of the SageMaker model; None for a component that has a container of its own.
        image: URI of its image; None for a model package.
        engine: Its engine, as the image tells; None where the image is none of the table's.
        version: The version of its image in the table; None where the table has not this tag.
        package: ARN of its model package; None where there is none.
        model_id: The model's id on the Hub; None where nothing tells it.
        weights: S3 URI of its files; None where the container downloads them.
        commits: ``model@commit`` of what was staged; empty where no manifest tells it.
        isolated: Whether it has no way to a network.
        subnets: Subnets that it runs in; empty for none of yours.
    """

    name: str | None = None
    image: str | None = None
    engine: str | None = None
    version: str | None = None
    package: str | None = None
    model_id: str | None = None
    weights: str | None = None
    commits: tuple[str, ...] = ()
    isolated: bool = False
    subnets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Instances of an endpoint.

    Args:
        name: Its name.
        instance_type: Their type; None for a serverless one.
        instances: How many there are; None while it is not known.
        desired: How many there shall be; None while it is not known.
        serverless: Memory and concurrency of a serverless one; None for others.
        host_image: Image of the hosts; None for SageMaker's own.
        model: What they serve; None where components say that.
        shadow: Whether it is a shadow variant, which answers nobody.
    """

    name: str
    instance_type: str | None = None
    instances: int | None = None
    desired: int | None = None
    serverless: str | None = None
    host_image: str | None = None
    model: Model | None = None
    shadow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """An inference component.

    Args:
        name: Its name.
        status: Such as ``InService``.
        reason: Why it failed; None where it did not.
        copies: How many copies there are.
        desired: How many there shall be.
        base: The component whose adapter it is; None for one with a model.
        model: What it serves; None for an adapter.
    """

    name: str
    status: str
    reason: str | None = None
    copies: int | None = None
    desired: int | None = None
    base: str | None = None
    model: Model | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """How the number of something follows its load.

    Args:
        of: What is scaled, such as ``variant/AllTraffic``.
        least: The least number.
        most: The greatest number.
        policies: What it follows, a policy each.
    """

    of: str
    least: int
    most: int
    policies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedEndpoint:
    """An endpoint.

    Args:
        name: Its name.
        arn: Its ARN.
        status: Such as ``InService``.
        reason: Why it, or its last update, failed; None where nothing did.
        created: When it was created.
        changed: When it was last changed.
        config: Name of its configuration.
        variants: Its variants, shadows last.
        components: Its inference components.
        scaling: What of it is scaled.
        roll_out: How its last update was rolled out; None where it had none.
        alarms: Alarms that roll an update back, with their state.
        capture: What is written down of requests; None where nothing is.
        asynchronous: Where answers are written; None where they are sent back.
        stack: Stack that made it; None where its tags do not tell.
        unread: What could not be read, and why.
    """

    name: str
    arn: str
    status: str
    created: dt.datetime
    changed: dt.datetime
    config: str
    reason: str | None = None
    variants: tuple[Variant, ...] = ()
    components: tuple[Component, ...] = ()
    scaling: tuple[Scaling, ...] = ()
    roll_out: str | None = None
    alarms: tuple[str, ...] = ()
    capture: str | None = None
    asynchronous: str | None = None
    stack: str | None = None
    unread: tuple[str, ...] = ()

    @property
    def region(self) -> str:
        """Its Region."""
        return self.arn.split(":")[3]
