"""What all hosting on an endpoint of the model's own has in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.hosting.hosting import (
    BoundHosting,
    EndpointOptions,
    Hosting,
    Place,
    Serving,
    VariantModel,
)
from sagemaker_model.network import Network, make_network
from sagemaker_model.permissions import Statement, network_interfaces, observability, volume_key
from sagemaker_model.tokens import is_token


class OwnEndpoint(Hosting):
    """Serve a model by an endpoint that serves nothing else."""

    endpoint_id: ClassVar[str]
    """Id of the endpoint's resource: each kind has its own, as no endpoint becomes another kind.

    ``UpdateEndpoint`` refuses that ("Update a serverless endpoint", serverless-endpoints-update,
    and the error "AsyncInferenceConfig parameter cannot be removed from this endpoint"), so an
    update makes a new endpoint, and deletes the old one after that.
    """

    @abstractmethod
    def production_variant(
        self, model: VariantModel
    ) -> sagemaker.CfnEndpointConfig.ProductionVariantProperty:
        """Return the one production variant of the endpoint configuration."""

    @abstractmethod
    def deployment_config(
        self, alarm_names: Sequence[str]
    ) -> sagemaker.CfnEndpoint.DeploymentConfigProperty | None:
        """Return how an update of the endpoint is rolled out; None leaves it to SageMaker.

        Args:
            alarm_names: Alarms that roll an update back.

        Raises:
            ValueError: This way of serving can't be rolled back by alarms.
        """

    def roll_back_on(self, serving: Serving, alarm_names: Sequence[str]) -> None:
        """Have alarms roll an update of the endpoint back."""
        serving.endpoint.deployment_config = self.deployment_config(alarm_names)

    def place(self, scope: Construct, options: EndpointOptions) -> Place:
        """Choose subnets, and make a security group where the options name none."""
        network = make_network(
            scope,
            vpc=options.vpc,
            vpc_subnets=options.vpc_subnets,
            security_groups=options.security_groups,
        )
        name, key_arn = options.endpoint_name, _usable_key(options)
        return Place(
            role=options.role,
            network=network,
            model_vpc=network.vpc_config if network else None,
            key_arn=key_arn,
            logs=observability(
                region=options.region,
                endpoint_name=None if is_token(name) else name,
                components=options.components,
            ),
            statements=tuple(_statements(network, key_arn)),
        )

    def serve(
        self, scope: Construct, model: VariantModel, bound: BoundHosting, place: Place
    ) -> Serving:
        """Make the endpoint and its configuration."""
        config = sagemaker.CfnEndpointConfig(
            scope,
            "EndpointConfig",
            production_variants=[self.production_variant(model)],
            kms_key_id=place.key_arn,
            async_inference_config=bound.async_inference,
            data_capture_config=bound.data_capture,
        )
        for path, value in bound.overrides.items():
            config.add_property_override(path, value)
        endpoint = sagemaker.CfnEndpoint(
            scope,
            self.endpoint_id,
            endpoint_config_name=config.attr_endpoint_config_name,
            deployment_config=self.deployment_config(()),
        )
        return Serving(endpoint=endpoint, config=config)


def _usable_key(options: EndpointOptions) -> str | None:
    """Return the key's ARN, unless SageMaker refuses any key for this instance type."""
    key, instance = options.encryption_key, options.instance
    if key is None or (instance is not None and instance.local_nvme_gb):
        return None
    return key.key_arn


def _statements(network: Network | None, key_arn: str | None) -> Iterator[Statement]:
    """Return what the role must be allowed for the instances."""
    if network is not None:
        yield network_interfaces()
    if key_arn is not None:
        yield volume_key(key_arn)
