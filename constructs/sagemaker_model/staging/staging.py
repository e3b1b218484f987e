"""How models are staged, for those who need it otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from aws_cdk import aws_codebuild as codebuild
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """Settings of the build that brings weights and code to S3.

    Args:
        vpc: VPC that the build runs in. Default: none; it reaches the internet by itself.
        vpc_subnets: Subnets of *vpc*; they need a way to the Hub, or to what stands in for it.
            Default: its private subnets with egress.
        security_groups: The build's security groups. Default: one of its own, which lets
            everything out and nothing in.
        http_proxy: URL of the proxy for HTTP and HTTPS. Default: none.
        no_proxy: Hosts that are reached without the proxy, separated by commas. Default: none.
        ca_bundle: File with the certificates (PEM) of authorities to trust, such as a proxy's
            own; it travels as an asset. Default: those of the build image.
        hf_endpoint: URL of a mirror of the Hub. Default: the Hub itself.
        pip_index_url: URL of the package index that the program's packages come from; only
            packages with the digests that the program knows are installed. Default: the public
            one.
        role: Role of the build, which gets a policy with what the build needs. Default: one of
            its own for each model.
        compute_type: Size of the build's machine; a larger one has a faster network.
            Default: by the size that the model's name says, else the smallest.

    Raises:
        ValueError: An argument has a form that can't be right.
    """

    vpc: ec2.IVpc | None = None
    vpc_subnets: ec2.SubnetSelection | None = None
    security_groups: Sequence[ec2.ISecurityGroup] | None = None
    http_proxy: str | None = None
    no_proxy: str | None = None
    ca_bundle: str | None = None
    hf_endpoint: str | None = None
    pip_index_url: str | None = None
    role: iam.IRole | None = None
    compute_type: codebuild.ComputeType | None = None

    def __post_init__(self) -> None:
        if self.vpc is None and (self.vpc_subnets or self.security_groups):
            raise ValueError("vpc_subnets and security_groups of Staging need its vpc; give it")
        for name in ("http_proxy", "hf_endpoint", "pip_index_url"):
            _check_url(name, getattr(self, name))
        if self.ca_bundle is not None and not Path(self.ca_bundle).is_file():
            raise ValueError(f"ca_bundle is {self.ca_bundle!r}, but there is no such file")

    def variables(self) -> dict[str, str]:
        """Return the build's environment variables that these settings make."""
        proxy = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), self.http_proxy)
        return {
            name: value
            for name, value in {
                **proxy,
                "NO_PROXY": self.no_proxy,
                "HF_ENDPOINT": self.hf_endpoint,
                "PIP_INDEX_URL": self.pip_index_url,
            }.items()
            if value
        }


def _check_url(name: str, value: str | None) -> None:
    if value is None:
        return
    url = urlsplit(value)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError(f"{name} of Staging must be a URL (https://host:port), got {value!r}")
    if url.password:
        raise ValueError(
            f"{name} of Staging holds a password, which the project would show to everyone who "
            "may look at it; let the proxy or index know the build by its network instead"
        )
