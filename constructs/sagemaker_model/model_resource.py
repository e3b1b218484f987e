"""The SageMaker model as CloudFormation takes it."""

from __future__ import annotations

import re

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.deployment.deployment import ContainerDefinition, ModelData
from sagemaker_model.execution_role import ExecutionRole
from sagemaker_model.hosting.hosting import Place, VariantModel
from sagemaker_model.instance.table import InstanceSpec
from sagemaker_model.model_lock.locked_model import LICENCE_TAG, LockedModel

# Tag in the SageMaker API reference.
_NOT_IN_A_TAG = re.compile(r"[^\w .:/=+@-]")
_LONGEST_TAG = 256


def make_model(
    scope: Construct, container: ContainerDefinition, execution: ExecutionRole, place: Place
) -> sagemaker.CfnModel:
    """Make the model under *scope*.

    Args:
        scope: The construct that it belongs to.
        container: Its one container.
        execution: The role that it acts as.
        place: Where it runs.
    """
    model = sagemaker.CfnModel(
        scope,
        "Model",
        primary_container=_container_property(container),
        execution_role_arn=execution.role.role_arn,
        enable_network_isolation=container.network_isolation or None,
        vpc_config=place.model_vpc,
    )
    # Without this, SageMaker may look at the model before the role may do anything.
    needed = [*container.dependencies, *([execution.policy] if execution.policy else [])]
    if needed:
        model.node.add_dependency(*needed)
    return model


def tag_licence(model: sagemaker.CfnModel, locked: LockedModel | None) -> None:
    """Tell the licence in a tag, so that an inventory of the account shows it.

    Args:
        model: The model's resource.
        locked: What the lock file says of the model; None where that is nothing.
    """
    if locked is not None and locked.licence:
        licence = _NOT_IN_A_TAG.sub("-", locked.licence)[:_LONGEST_TAG]
        model.tags.set_tag(LICENCE_TAG, licence)


def variant_model(
    model: sagemaker.CfnModel,
    instance_type: str,
    container: ContainerDefinition,
    instance: InstanceSpec | None,
) -> VariantModel:
    """Return what hosting must know of a model that was made.

    Args:
        model: The model.
        instance_type: Instance type that serves it.
        container: Its one container.
        instance: What the table knows of the instance type; None where that is nothing.
    """
    return VariantModel(
        model_name=model.attr_model_name,
        instance_type=instance_type,
        instance=instance,
        image=container.image,
        size_gib=container.size_gib,
        downloads=container.downloads,
    )


def _container_property(
    container: ContainerDefinition,
) -> sagemaker.CfnModel.ContainerDefinitionProperty:
    """Return the model's one container."""
    data = container.model_data
    archive = data is not None and _is_plain_archive(data)
    return sagemaker.CfnModel.ContainerDefinitionProperty(
        image=container.image.uri if container.image else None,
        model_package_name=container.model_package,
        environment=dict(container.environment) or None,
        model_data_url=data.uri if data and archive else None,
        model_data_source=_source(data) if data and not archive else None,
    )


def _is_plain_archive(data: ModelData) -> bool:
    """Say whether the older property will do, which every kind of hosting takes."""
    return data.compressed and not data.accept_eula


def _source(data: ModelData) -> sagemaker.CfnModel.ModelDataSourceProperty:
    eula = sagemaker.CfnModel.ModelAccessConfigProperty(accept_eula=True)
    return sagemaker.CfnModel.ModelDataSourceProperty(
        s3_data_source=sagemaker.CfnModel.S3DataSourceProperty(
            s3_uri=data.uri,
            s3_data_type="S3Object" if data.compressed else "S3Prefix",
            compression_type="Gzip" if data.compressed else "None",
            model_access_config=eula if data.accept_eula else None,
        )
    )
