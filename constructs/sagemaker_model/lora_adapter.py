"""A LoRA adapter beside a model that lies on a shared endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from sagemaker_model.checks.adapter_rules import ADAPTER_RULES, Adapted
from sagemaker_model.checks.report import report
from sagemaker_model.checks.rule import check_all
from sagemaker_model.compliance import acknowledge
from sagemaker_model.endpoint import EndpointBase
from sagemaker_model.execution_role import ExecutionRole, make_execution_role
from sagemaker_model.hosting.inference_component import (
    InferenceComponent,
    check_component_name,
    digest,
    name_of_component,
)
from sagemaker_model.hosting.names import unique_name
from sagemaker_model.hosting.s3_folder import S3Folder
from sagemaker_model.metrics import Publisher
from sagemaker_model.permissions import read_objects
from sagemaker_model.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from sagemaker_model.made_endpoint import MadeEndpoint

_ARCHIVE = ".tar.gz"


class LoraAdapter(EndpointBase):
    """Serve a fine-tuned version of a model by a LoRA adapter, on the copies of the model itself.

    It is an inference component that takes no instances of its own. Callers name it instead of the
    model's component. Source: "Fine-tune models with adapter inference components"
    (realtime-endpoints-adapt).

    Args:
        scope: The construct it belongs to.
        id: Its name in *scope*.
        base: The model that it adapts, which lies on a ``SharedEndpoint`` and whose engine has
            LoRA switched on.
        artifact: The adapter's files in one archive, ``s3://bucket/key.tar.gz``. Give a changed
            adapter another key, as CloudFormation does not see the bytes.
        encryption_key: Key that the archive is encrypted with. Default: S3's own.
        name: Name of the component, at most 63 lower-case letters, digits and hyphens.
            Default: made from the construct's path.

    Raises:
        ValueError: *base* has an endpoint of its own, *artifact* is no archive in S3, or the name
            can be none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        *,
        base: MadeEndpoint,
        artifact: str,
        encryption_key: kms.IKey | None = None,
        name: str | None = None,
    ) -> None:
        component, hosting = base.cfn_inference_component, base.deployed.hosting
        if component is None or not isinstance(hosting, InferenceComponent):
            raise ValueError(
                "base must lie on a SharedEndpoint to take adapters, but it has an endpoint of its "
                "own; give it hosting=InferenceComponent(endpoint=…)"
            )
        check_component_name(name)
        archive = _archive(artifact)
        super().__init__(scope, id)
        self._base = base
        key_arn = None if encryption_key is None else encryption_key.key_arn
        execution = make_execution_role(
            self,
            role=base.role,
            statements=read_objects(archive.bucket_arn, archive.folder, key_arn),
            grant_permissions=hosting.endpoint.instances.place.grant_permissions,
        )
        self._component = self._make_component(
            f"Component{digest(component.node.addr, name or '')}", archive.uri, execution
        )
        self._component.inference_component_name = name or unique_name(self._component)
        acknowledge(
            self, granted=execution.statements if execution.policy else (), local_nvme=False
        )
        adapted = Adapted(base.deployed.container, execution.needs)
        report(self, check_all(ADAPTER_RULES, adapted))

    @property
    def cfn_inference_component(self) -> sagemaker.CfnInferenceComponent:
        """The component's own resource, to change what no argument does."""
        return self._component

    @property
    def inference_component_name(self) -> str:
        """Name of the component, which callers give beside the endpoint's."""
        return name_of_component(self._component)

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint that the model lies on."""
        return self._base.endpoint_name

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint that the model lies on."""
        return self._base.endpoint_arn

    def _publisher(self) -> Publisher:
        return Publisher(self.inference_component_name, component=True)

    def _invoked_arns(self) -> list[str]:
        return [self.endpoint_arn, self._component.ref]

    def _make_component(
        self, id_: str, uri: str, execution: ExecutionRole
    ) -> sagemaker.CfnInferenceComponent:
        """Make it without variant, copies and compute, which are the model's."""
        properties = sagemaker.CfnInferenceComponent
        component = sagemaker.CfnInferenceComponent(
            self,
            id_,
            endpoint_name=self._base.endpoint_name,
            specification=properties.InferenceComponentSpecificationProperty(
                base_inference_component_name=self._base.inference_component_name,
                container=properties.InferenceComponentContainerSpecificationProperty(
                    artifact_url=uri
                ),
            ),
        )
        if execution.policy is not None:
            component.node.add_dependency(execution.policy)
        return component


def _archive(artifact: str) -> S3Folder:
    """Return where the archive lies."""
    archive = S3Folder.parse("artifact", artifact)
    if not archive.folder.endswith(_ARCHIVE) and not is_token(archive.folder):
        raise ValueError(
            f"artifact must be one {_ARCHIVE} archive, got {artifact!r}; pack the adapter's files "
            "without a folder around them"
        )
    return archive
