"""Where an image is pulled from: its address in a Region, or what lets CloudFormation know it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from aws_cdk import Aws, CfnMapping, Stack
from constructs import Construct

from sagemaker_model.image.suggestion import nearest_region
from sagemaker_model.image.table import ImageRecord, records, registry_regions
from sagemaker_model.image.version import version_key
from sagemaker_model.permissions import partition

REGISTRIES = "SageMakerModelRegistries"
"""Id of the one child of a stack that holds its Region → account mappings."""

_ACCOUNT = "account"

# Domains of AWS's partitions, by the beginning of their Regions' names; from botocore's
# partitions.json and endpoints.json.
_DOMAINS = (
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("us-iso-", "c2s.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
)


def domain(region: str) -> str:
    """Return the domain of a Region's services.

    >>> domain("eu-west-1"), domain("cn-north-1")
    ('amazonaws.com', 'amazonaws.com.cn')
    """
    return next((name for start, name in _DOMAINS if region.startswith(start)), "amazonaws.com")


def registry_host(scope: Construct, accounts: Mapping[str, str], region: str | None) -> str:
    """Return the registry's host; in a Region-agnostic stack CloudFormation finds the account.

    A Region without the image is missing from the mapping, so that CloudFormation refuses the
    stack before it makes anything.
    """
    if region is not None:
        return f"{accounts[region]}.dkr.ecr.{region}.{domain(region)}"
    account = _mapping(scope, accounts).find_in_map(Aws.REGION, _ACCOUNT)
    return f"{account}.dkr.ecr.{Aws.REGION}.{Aws.URL_SUFFIX}"


def repository_arn(
    scope: Construct, accounts: Mapping[str, str], repository: str, region: str | None
) -> str:
    """Return the ARN of an image's repository."""
    if region is not None:
        account, place = accounts[region], region
    else:
        account, place = _mapping(scope, accounts).find_in_map(Aws.REGION, _ACCOUNT), Aws.REGION
    return f"arn:{partition()}:ecr:{place}:{account}:repository/{repository}"


def check_region(record: ImageRecord, region: str | None) -> None:
    """Raise ``ValueError`` where a Region lacks an image, and name the nearest that it has."""
    if region is None or region in record.accounts:
        return
    refuse_unknown(region)
    there = [
        other.version
        for other in records()
        if (other.family, other.processor) == (record.family, record.processor)
        and region in other.accounts
    ]
    raise ValueError(
        f"the image {record.name} is not in the Region {region}; " + _nearest(record, there, region)
    )


def refuse_unknown(region: str) -> None:
    """Raise ``ValueError`` where no registry is known in a Region: it is misspelt, or new."""
    if region not in registry_regions():
        meant = nearest_region(region)
        raise ValueError(
            f"the Region {region!r} is not one that this version knows; "
            + (f"did you mean {meant!r}? " if meant else "")
            + "for a new Region, give the whole URI of the image"
        )


def _nearest(record: ImageRecord, there: list[str], region: str) -> str:
    if not there:
        return f"no version of {record.family} is; use another family, or mirror the image there"
    older = [version for version in there if version_key(version) < version_key(record.version)]
    nearest = max(older, key=version_key) if older else min(there, key=version_key)
    return (
        f"the nearest version that is there: ContainerImage.of({record.family!r}, "
        f"version={nearest!r}); or mirror the image to a repository of yours in {region}"
    )


def _mapping(scope: Construct, accounts: Mapping[str, str]) -> CfnMapping:
    """Return the stack's mapping for one set of Regions, made when it is first needed."""
    stack = Stack.of(scope)
    home = stack.node.try_find_child(REGISTRIES)
    if not isinstance(home, Construct):
        home = Construct(stack, REGISTRIES)
    name = _mapping_name(tuple(accounts.items()))
    found = home.node.try_find_child(name)
    if isinstance(found, CfnMapping):
        return found
    mapping = {region: {_ACCOUNT: account} for region, account in sorted(accounts.items())}
    return CfnMapping(home, name, mapping=mapping)


@cache
def _mapping_name(accounts: tuple[tuple[str, str], ...]) -> str:
    """Name a set of Regions after what is in it, so that an update of the table renames none.

    The digest keeps two sets apart; CloudFormation's names are letters and digits only.
    """
    from hashlib import sha256

    return f"Accounts{sha256(repr(accounts).encode()).hexdigest()[:8]}"
