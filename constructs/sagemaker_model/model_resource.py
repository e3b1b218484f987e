"""The SageMaker model as CloudFormation takes it."""

from __future__ import annotations

from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.deployment.deployment import ContainerDefinition, ModelData


def container_property(
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
