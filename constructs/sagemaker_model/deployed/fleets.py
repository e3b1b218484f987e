"""The instances that an endpoint runs on now, for their cost."""

from __future__ import annotations

from sagemaker_model.cost.fleet import Billing, Fleet
from sagemaker_model.deployed.view import DeployedEndpoint, Variant


def fleets_of(endpoint: DeployedEndpoint) -> list[Fleet]:
    """Return the instances of each variant, as many as there are now.

    Args:
        endpoint: The endpoint.
    """
    return [_fleet(endpoint, variant) for variant in endpoint.variants]


def _fleet(endpoint: DeployedEndpoint, variant: Variant) -> Fleet:
    scaled = next((each for each in endpoint.scaling if each.of == variant.name), None)
    return Fleet(
        endpoint=variant.name,
        billing=_billing(endpoint, variant),
        region=endpoint.region,
        instance_type=variant.instance_type,
        first=variant.instances,
        least=scaled.least if scaled else variant.instances,
        most=scaled.most if scaled else variant.instances,
    )


def _billing(endpoint: DeployedEndpoint, variant: Variant) -> Billing:
    if variant.serverless:
        return Billing.SERVERLESS
    return Billing.ASYNCHRONOUS if endpoint.asynchronous else Billing.HOSTING
