"""An endpoint that this app makes: its resources, how it is scaled and rolled back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.checks.model_rules import role_needs_permissions
from sagemaker_model.checks.report import report
from sagemaker_model.checks.roll_out_rules import ROLL_BACK_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.scaling_rules import SCALING_RULES
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.endpoint import lower_case
from sagemaker_model.execution_role import ExecutionRole, as_json
from sagemaker_model.hosting.hosting import Hosting, Serving
from sagemaker_model.hosting.inference_component import name_of_component
from sagemaker_model.hosting.names import unique_name
from sagemaker_model.hosting.scalable import INSTANCES, retain_capacity
from sagemaker_model.hosting.scaling import Scaling
from sagemaker_model.later import later
from sagemaker_model.metric_names import GPU
from sagemaker_model.metrics import Publisher
from sagemaker_model.monitored_endpoint import Monitored, MonitoredEndpoint
from sagemaker_model.permissions import Statement, allow
from sagemaker_model.smoke_test.endpoint_test import EndpointTest

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_s3 as s3

_MOST_ALARMS = 10  # AutoRollbackConfig.Alarms in the SageMaker API reference
_SEE_ALARM = "cloudwatch:DescribeAlarms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made for an endpoint.

    Args:
        model: The model's own resource.
        serving: The endpoint, its configuration, and the model's part of it.
        execution: The role and its policy.
        hosting: How the model is served.
        bucket: The bucket that was made for what it writes; None where none was.
        caller_statements: What a caller must be allowed besides invoking the endpoint.
        deployed: What the checks look at.
        test: What asks the endpoint; None where nothing does.
    """

    model: sagemaker.CfnModel
    serving: Serving
    execution: ExecutionRole
    hosting: Hosting
    bucket: s3.IBucket | None
    caller_statements: tuple[Statement, ...]
    deployed: Deployed
    test: EndpointTest | None


class MadeEndpoint(MonitoredEndpoint):
    """What can be done with an endpoint of this app, and not with an imported one.

    Whoever extends it sets ``_made`` and ``_given_name``.
    """

    _made: Made
    _given_name: str | None
    _scaling: Scaling | None = None
    _rolled_back: bool = False
    _metric_name: str | None = None

    @property
    def endpoint(self) -> sagemaker.CfnEndpoint:
        """The endpoint's own resource, to change what no argument does."""
        return self._made.serving.endpoint

    @property
    def cfn_endpoint_config(self) -> sagemaker.CfnEndpointConfig:
        """The endpoint configuration's own resource."""
        return self._made.serving.config

    @property
    def cfn_inference_component(self) -> sagemaker.CfnInferenceComponent | None:
        """The inference component's own resource; None for an endpoint of the model's own."""
        return self._made.serving.component

    @property
    def inference_component_name(self) -> str | None:
        """Name of the inference component, which callers give beside the endpoint's.

        None for an endpoint of the model's own.
        """
        component = self._made.serving.component
        return None if component is None else name_of_component(component)

    @property
    def deployed(self) -> Deployed:
        """What the checks know of the deployment."""
        return self._made.deployed

    @property
    def cfn_model(self) -> sagemaker.CfnModel:
        """The model's own resource."""
        return self._made.model

    @property
    def endpoint_name(self) -> str:
        """Name of the endpoint."""
        if self._given_name is None:
            return self.endpoint.attr_endpoint_name
        return self._get_resource_name_attribute(self.endpoint.attr_endpoint_name)

    @property
    def endpoint_arn(self) -> str:
        """ARN of the endpoint, with the name in lower case, as IAM compares it."""
        if self._given_name is None:
            return self.endpoint.ref
        return self._get_resource_arn_attribute(
            self.endpoint.ref,
            service="sagemaker",
            resource="endpoint",
            resource_name=lower_case(self._physical_name),
        )

    @property
    def role(self) -> iam.IRole:
        """The role that the container acts as."""
        return self._made.execution.role

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role, as something that can be granted rights: ``bucket.grant_read(model)``."""
        return self.role.grant_principal

    @property
    def data_bucket(self) -> s3.IBucket | None:
        """The bucket made for captured data, or for asynchronous requests; None without one."""
        return self._made.bucket

    def grant_invoke_async(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let *grantee* queue requests at the endpoint, write them to S3, and read the answers.

        It may write below ``input_path``, and read below ``output_path`` and ``failure_path``, or
        what stands for them in the bucket that is made, and use their key.

        Args:
            grantee: Who may call ``InvokeEndpointAsync`` on exactly this endpoint.
        """
        granted = super().grant_invoke_async(grantee)
        for statement in self._made.caller_statements:
            more = iam.Grant.add_to_principal(
                grantee=grantee,
                actions=list(statement["Action"]),
                resource_arns=list(statement["Resource"]),
            )
            granted = granted.combine(more)
        return granted

    def auto_scale(
        self, *, min_capacity: int = 1, max_capacity: int, detached: bool = False
    ) -> Scaling:
        """Let the endpoint, or the copies of the model on it, grow and shrink with the load.

        An update then keeps the number of instances that scaling has come to, instead of going
        back to the initial one (``RetainAllVariantProperties`` of ``UpdateEndpoint``).

        SageMaker refuses another instance type while an endpoint is scaled ("Update or delete
        endpoints that use automatic scaling", endpoint-scaling-update). Deploy once with
        ``detached=True``, and then the new type without it.

        Args:
            min_capacity: The least number of instances, or of an inference component's copies; of
                a serverless endpoint, the least provisioned concurrency. Default: 1.
            max_capacity: The largest.
            detached: Whether the endpoint is taken out of scaling, with all policies, for an
                update of its instance type. Default: it is scaled.

        Raises:
            TypeError: A capacity is no whole number.
            ValueError: A capacity is out of range, this endpoint can't be scaled, or it is
                scaled already.
        """
        if self._scaling is not None:
            raise ValueError(
                "auto_scale was called before; set all policies on what the first call returned"
            )
        component = self.inference_component_name
        scalable = self._made.hosting.scalable(self.deployed.instance)
        scaling = Scaling(
            self,
            "Scaling",
            publisher=Publisher(component or self.endpoint_name, component is not None),
            scalable=scalable,
            min_capacity=min_capacity,
            max_capacity=max_capacity,
            detached=detached,
        )
        self._scaling = scaling
        if self._made.test is not None:
            self._made.test.wait_for(scaling)
        if scalable.dimension == INSTANCES:
            retain_capacity(self.endpoint)
        report(self, check_all(SCALING_RULES, replace(self.deployed, scaled=True)))
        return scaling

    def roll_back_on(self, *alarms: cloudwatch.IAlarm) -> None:
        """Roll an update of the endpoint back when an alarm goes off while it is rolled out.

        Alarms on this endpoint's own metrics are made from ``model.metric_…()``. They must be
        there before the endpoint is, so it gets a name that is known at synth, unless
        ``endpoint_name`` is given; that replaces an endpoint that CloudFormation has named.

        Args:
            *alarms: 1 to 10 alarms of the same account and Region, or 9 where a smoke test has
                one of its own. The role may look at these.

        Raises:
            ValueError: Too many alarms or none, the method was called before, or this kind of
                hosting is not rolled back.
        """
        own = self._made.test.alarm if self._made.test else None
        most = _MOST_ALARMS - (own is not None)
        if self._rolled_back or not 1 <= len(alarms) <= most:
            raise ValueError(
                f"roll_back_on takes 1 to {most} alarms in one call, got {len(alarms)}"
                + (" after an earlier call" if self._rolled_back else "")
                + "; join more in a composite alarm"
            )
        names = [*([own.ref] if own else []), *(alarm.alarm_name for alarm in alarms)]
        self._made.hosting.roll_back_on(self._made.serving, names)
        self._rolled_back = True
        if self._given_name is None and self.cfn_inference_component is None:
            self.endpoint.endpoint_name = self._literal_name()
        arns = [alarm.alarm_arn for alarm in alarms]
        self._allow(allow("ReadAlarms", [_SEE_ALARM], arns))
        # A component's name is always known at synth.
        named = self._given_name is not None or self.cfn_inference_component is not None
        rolled_back = replace(self.deployed, rolled_back=True, named=named)
        report(self, check_all(ROLL_BACK_RULES, rolled_back))

    def _roll_back_on_test(self) -> None:
        """Have an update rolled back during which the test fails, where it is asked then."""
        alarm = self._made.test.alarm if self._made.test else None
        if alarm is not None:
            self._made.hosting.roll_back_on(self._made.serving, [alarm.ref])
            self._allow(allow("ReadTestAlarm", [_SEE_ALARM], [alarm.attr_arn]))

    def _monitored(self) -> Monitored:
        """Return what hosting and hardware publish."""
        deployed = self.deployed
        published = self._made.hosting.published_metrics()
        gpus = deployed.instance.gpus if deployed.instance else None
        without = GPU if gpus == 0 else frozenset[str]()
        if self.cfn_inference_component is not None:
            gpus = 1  # percentages of a component are of all that it may use
        engine = deployed.container.engine
        openai = self._made.hosting.openai and engine is not None and engine.openai
        return Monitored(published - without, gpus, openai)

    def _publisher(self) -> Publisher:
        """Return the name that alarms may have: an attribute, or else a literal.

        What is rolled back by an alarm is made after it, so that the alarm can't ask it for its
        name.
        """
        if self._metric_name is None:
            self._metric_name = later(self._known_name)
        return Publisher(self._metric_name, self.cfn_inference_component is not None)

    def _invoked_arns(self) -> list[str]:
        """Return the ARNs of the endpoint, and of the model's component on it."""
        component = self.cfn_inference_component
        return [self.endpoint_arn] if component is None else [self.endpoint_arn, component.ref]

    def _known_name(self) -> str:
        if self._rolled_back:
            return self._literal_name()
        return self.inference_component_name or self.endpoint_name

    def _literal_name(self) -> str:
        component = self.cfn_inference_component
        if component is not None:
            return str(component.inference_component_name)
        return self._given_name or unique_name(self)

    def _allow(self, statement: Statement) -> None:
        """Let the role do one thing more, or say that somebody must."""
        policy = self._made.execution.policy
        if policy is not None:
            policy.document.add_statements(iam.PolicyStatement.from_json(dict(statement)))
            return
        needs = replace(self.deployed, role_needs=as_json(self, [statement]))
        report(self, check_all((role_needs_permissions,), needs))
