"""What is deployed, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.deployed.view import Component, DeployedEndpoint, Model, Variant


def endpoint_lines(endpoint: DeployedEndpoint) -> Iterator[str]:
    """Yield what an endpoint is, a fact a line.

    Args:
        endpoint: The endpoint.
    """
    yield f"{endpoint.name}  {endpoint.status}"
    yield from _facts(
        ("failed", endpoint.reason),
        ("stack", endpoint.stack),
        ("created", f"{endpoint.created:%Y-%m-%d %H:%M}"),
        ("changed", f"{endpoint.changed:%Y-%m-%d %H:%M}, to the configuration {endpoint.config}"),
        ("roll-out", endpoint.roll_out),
        ("alarms", ", ".join(endpoint.alarms)),
        ("capture", endpoint.capture),
        ("answers", endpoint.asynchronous),
    )
    for variant in endpoint.variants:
        yield from _variant(variant)
    for component in endpoint.components:
        yield from _component(component)
    for scaled in endpoint.scaling:
        follows = ", ".join(scaled.policies) or "no policy"
        yield f"  scaling    {scaled.of}: {scaled.least} to {scaled.most}, by {follows}"


def _variant(variant: Variant) -> Iterator[str]:
    kind = "shadow" if variant.shadow else "variant"
    if variant.serverless:
        runs = f"serverless, {variant.serverless}"
    else:
        counted = _count(variant.instances, variant.desired)
        runs = f"{counted} x {variant.instance_type or 'an unknown type'}"
    host = f", host image {variant.host_image}" if variant.host_image else ""
    yield f"  {kind:<10} {variant.name}: {runs}{host}"
    yield from _model(variant.model)


def _component(component: Component) -> Iterator[str]:
    runs = f"{_count(component.copies, component.desired)} copies"
    adapter = f", an adapter of {component.base}" if component.base else ""
    yield f"  component  {component.name}: {component.status}, {runs}{adapter}"
    yield from _facts(("failed", component.reason))
    yield from _model(component.model)


def _model(model: Model | None) -> Iterator[str]:
    if model is None:
        return
    told = f"{model.engine or 'an engine that is not known'}"
    yield from _facts(
        ("model", model.model_id),
        ("engine", " ".join(filter(None, [told, model.version])) if model.image else None),
        ("image", model.image),
        ("package", model.package),
        ("weights", model.weights),
        ("staged", ", ".join(model.commits)),
        ("network", _network(model)),
    )


def _network(model: Model) -> str:
    parts = ["isolated"] if model.isolated else []
    return ", ".join([*parts, *model.subnets])


def _facts(*facts: tuple[str, str | None]) -> Iterator[str]:
    for name, fact in facts:
        if fact:
            yield f"  {name:<10} {fact}"


def _count(now: int | None, desired: int | None) -> str:
    if now == desired or desired is None:
        return "?" if now is None else str(now)
    return f"{'?' if now is None else now} of {desired}"
