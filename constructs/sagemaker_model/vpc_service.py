"""The services that a container in a VPC without egress may call."""

from __future__ import annotations

from enum import StrEnum


class VpcService(StrEnum):
    """Names of services, as the ends of their VPC endpoints' names have them.

    Any other is given as text, such as ``"bedrock-runtime"``.
    """

    CLOUDWATCH_LOGS = "logs"
    CLOUDWATCH_MONITORING = "monitoring"
    ECR = "ecr.api"
    ECR_DOCKER = "ecr.dkr"
    KMS = "kms"
    SAGEMAKER_API = "sagemaker.api"
    SAGEMAKER_RUNTIME = "sagemaker.runtime"
    SECRETS_MANAGER = "secretsmanager"
    STS = "sts"
