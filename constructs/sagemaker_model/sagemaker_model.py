"""The construct that deploys a model: it composes the parts, and does nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import jsii
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model import permissions
from sagemaker_model.checks.finding import Finding
from sagemaker_model.checks.report import report
from sagemaker_model.deployment.deployment import (
    ContainerDefinition,
    Deployment,
    DeploymentType,
    ModelData,
    Surroundings,
)
from sagemaker_model.endpoint import (
    EndpointBase,
    ImportedEndpoint,
    ISageMakerModel,
    check_endpoint_name,
    lower_case,
)
from sagemaker_model.execution_role import make_execution_role
from sagemaker_model.hosting.hosting import Hosting, VariantModel
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.network import Network, make_network
from sagemaker_model.tokens import is_token


@jsii.implements(iam.IGrantable, ec2.IConnectable)
class SageMakerModel(EndpointBase):
    """Deploy a model to a SageMaker endpoint.
    """
