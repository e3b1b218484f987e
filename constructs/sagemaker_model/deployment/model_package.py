"""A SageMaker model package: foundation, JumpStart and Marketplace models, and your own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aws_cdk import Aws, CfnMapping
from constructs import Construct

from sagemaker_model.deployment.deployment import (
    ContainerDefinition,
    Deployment,
    DeploymentType,
    Surroundings,
)
from sagemaker_model.instance.hardware import Hardware
from sagemaker_model.tokens import is_token

Packages = Mapping[str, str] | str | Callable[[Construct], CfnMapping]
"""Region → ARN, one ARN, or a callable that makes a ``CfnMapping`` in the scope it is given."""

_MAX_ARN = 176  # CreateModel API reference, ContainerDefinition.ModelPackageName
_ARN = re.compile(
    r"arn:aws[a-z-]*:sagemaker:(?P<region>[a-z0-9-]+):\d{12}:model-package/"
    r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}(/\d{1,9})?"
)
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")


@dataclass(frozen=True, slots=True)
class ModelPackage(Deployment):
    """Deploy a SageMaker foundation, JumpStart or Marketplace model by its package's ARN.

    The container has no network unless ``network_isolation=False`` says otherwise: Marketplace
    demands that, and the package brings all it needs.

    Args:
        model_id: Your name of the model, such as ``"ai21/j2-grande-instruct-v1"``; it is shown
            and not sent anywhere.
        instance_type: Instance type, such as ``"ml.g5.12xlarge"``; the package's page says
            which ones it supports. Or what it must have, as ``Hardware``.
        packages: ARN of the package for each Region, ``{"us-east-1": "arn:…"}``; or one ARN,
            which serves its own Region; or a callable that is given the construct and returns
            a ``CfnMapping`` with the Region as top key and ``"arn"`` as second key. A package
            of your own registry (``…:model-package/group/3``) is one ARN like any other.

    Raises:
        TypeError: *packages* is none of these.
        ValueError: An ARN is not that of a model package, or belongs to another Region than
            its key; or an argument is empty.
    """

    model_id: str = field(kw_only=True)
    instance_type: str | Hardware = field(kw_only=True)
    packages: Packages = field(kw_only=True)

    def __post_init__(self) -> None:
        Deployment.__post_init__(self)
        if isinstance(self.packages, str):
            _check_arn(self.packages)
        elif isinstance(self.packages, Mapping):
            _check_mapping(self.packages)
        elif not callable(self.packages):
            raise TypeError(
                "packages must be a Region → ARN mapping, one ARN, or a callable that returns a "
                f"CfnMapping, got {self.packages!r}"
            )

    @property
    def model_ids(self) -> tuple[str, ...]:
        """The one model's id."""
        return (self.model_id,)

    @property
    def type(self) -> DeploymentType:
        """``DeploymentType.MODEL_PACKAGE``."""
        return DeploymentType.MODEL_PACKAGE

    def bind(self, scope: Construct, surroundings: Surroundings) -> ContainerDefinition:
        """Find the package of the stack's Region, or leave that to CloudFormation."""
        isolated = surroundings.network_isolation
        return ContainerDefinition(
            model_package=self._arn(scope, surroundings.region),
            network_isolation=True if isolated is None else isolated,
        )

    def _arn(self, scope: Construct, region: str | None) -> str:
        if isinstance(self.packages, str):
            if is_token(self.packages):
                return self.packages
            return _look_up(scope, {_region_of(self.packages): self.packages}, region)
        if isinstance(self.packages, Mapping):
            return _look_up(scope, self.packages, region)
        return _look_up_callable(self.packages(scope), region)


def _look_up(scope: Construct, packages: Mapping[str, str], region: str | None) -> str:
    """Give the ARN itself where the Region is known, else have CloudFormation find it."""
    if region is None:
        _check_literals(packages)
        mapping = {name: {"arn": arn} for name, arn in sorted(packages.items())}
        return CfnMapping(scope, "Packages", mapping=mapping).find_in_map(Aws.REGION, "arn")
    if region not in packages:
        raise ValueError(
            f"packages has no model package for the Region {region}, only for "
            f"{', '.join(sorted(packages))}; add its ARN, or deploy the stack to one of these"
        )
    return packages[region]


def _look_up_callable(mapping: CfnMapping, region: str | None) -> str:
    """Use the user's mapping as it renders, and say CDK's error about it in plain words."""
    if not isinstance(mapping, CfnMapping):
        raise TypeError(f"packages must return a CfnMapping, got {mapping!r}; return what you made")
    try:
        return mapping.find_in_map(region or Aws.REGION, "arn")
    except RuntimeError as error:
        raise ValueError(
            f"the CfnMapping that packages returned has no model package for the Region {region} "
            "(top key: the Region, second key: 'arn'); add it, or deploy the stack to a Region "
            "that it has"
        ) from error


def _check_mapping(packages: Mapping[str, str]) -> None:
    if not packages:
        raise ValueError("packages is empty; give at least one Region and its model package's ARN")
    for region, arn in packages.items():
        if not _REGION.fullmatch(region):
            raise ValueError(f"packages must map Region names to ARNs, got the key {region!r}")
        _check_arn(arn)
        if not is_token(arn) and _region_of(arn) != region:
            raise ValueError(
                f"packages[{region!r}] is an ARN of the Region {_region_of(arn)}: {arn}; a model "
                "package can be deployed in its own Region only"
            )


def _check_literals(packages: Mapping[str, str]) -> None:
    for region, arn in packages.items():
        if is_token(arn):
            raise ValueError(
                f"packages[{region!r}] is a token, but the stack has no Region, and a Mappings "
                "section takes literals only; give the stack or the model a region, or this one "
                "ARN as packages"
            )


def _check_arn(arn: str) -> None:
    if is_token(arn):
        return
    if not _ARN.fullmatch(arn) or len(arn) > _MAX_ARN:
        raise ValueError(
            f"{arn!r} is not the ARN of a model package; it must look like "
            "arn:aws:sagemaker:us-east-1:123456789012:model-package/name, or …/group/3 for a "
            f"version of your own registry, and have at most {_MAX_ARN} characters"
        )


def _region_of(arn: str) -> str:
    return arn.split(":")[3]
