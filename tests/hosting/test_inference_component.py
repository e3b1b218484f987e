"""A model that lies on a shared endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Match, Template

from conftest import VIRGINIA
from construct.models import cpu_container
from hosting.sharing import (
    COMPONENT,
    CONFIG,
    PACKAGE,
    POLICY,
    TYPE,
    lie,
    llm,
    only,
    share,
)
from sagemaker_model import (
    InferenceComponent,
    ModelPackage,
    RollOut,
    SageMakerModel,
    ServingOptions,
    SharedEndpoint,
)


def test_a_model_lies_on_it_as_a_component(app: App, stack: Stack) -> None:
    model = lie(stack, share(stack), copies=2, accelerators=2, cpus=1.5, data_cache=True)

    app.synth()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SageMaker::Endpoint", 1)
    template.has_resource_properties(
        COMPONENT,
        {
            "EndpointName": {"Fn::GetAtt": [Match.any_value(), "EndpointName"]},
            "VariantName": "AllTraffic",
            "RuntimeConfig": {"CopyCount": 2},
            "Specification": {
                "ModelName": {"Fn::GetAtt": [Match.any_value(), "ModelName"]},
                "ComputeResourceRequirements": {
                    "MinMemoryRequiredInMb": 1024,
                    "NumberOfAcceleratorDevicesRequired": 2,
                    "NumberOfCpuCoresRequired": 1.5,
                },
                "StartupParameters": {
                    "ContainerStartupHealthCheckTimeoutInSeconds": 795,
                    "ModelDataDownloadTimeoutInSeconds": 495,
                },
                "DataCacheConfig": {"EnableCaching": True},
            },
        },
    )
    assert model.cfn_inference_component is model.node.find_child(
        next(each.node.id for each in model.node.children if each.node.id.startswith("Component"))
    )


def test_the_model_has_the_endpoint_and_the_role_that_it_shares(stack: Stack) -> None:
    shared = share(stack)

    model = lie(stack, shared)

    assert model.endpoint is shared.endpoint
    assert model.cfn_endpoint_config is shared.cfn_endpoint_config
    assert model.endpoint_name == shared.endpoint_name
    assert model.endpoint_arn == shared.endpoint_arn
    assert model.role is shared.role


def test_a_copy_gets_all_accelerators_of_an_instance_unless_it_says_how_many(
    stack: Stack,
) -> None:
    shared = share(stack)
    lie(stack, shared, "All")
    lie(stack, shared, "Two", accelerators=2)

    found = Template.from_stack(stack).find_resources(COMPONENT)
    taken = {
        name[:3]: each["Properties"]["Specification"]["ComputeResourceRequirements"][
            "NumberOfAcceleratorDevicesRequired"
        ]
        for name, each in found.items()
    }
    assert taken == {"All": 4, "Two": 2}


def test_the_engine_is_told_of_the_gpus_that_a_copy_gets(stack: Stack) -> None:
    lie(stack, share(stack), accelerators=2)

    environment = only(stack, "AWS::SageMaker::Model")["PrimaryContainer"]["Environment"]
    assert environment["SM_VLLM_TENSOR_PARALLEL_SIZE"] == "2"


def test_an_engine_that_wants_more_gpus_than_a_copy_gets_is_an_error(
    app: App, stack: Stack
) -> None:
    model = llm(serving=ServingOptions(tensor_parallel_degree=4))
    hosting = InferenceComponent(endpoint=share(stack), accelerators=2)
    SageMakerModel(stack, "Model", model=model, hosting=hosting)

    with pytest.raises(
        RuntimeError, match=r"allowed: 1 to 2.*\[sagemaker-model:tensor-parallel-de"
    ):
        app.synth()


def test_a_dashboard_shows_what_a_component_publishes(stack: Stack) -> None:
    model = lie(stack, share(stack))

    shown = str(
        stack.resolve([each.to_json() for row in model.dashboard_widgets() for each in row])
    )

    assert "NoCapacityInvocationFailures" in shown
    assert "ConcurrentRequestsPerCopy" in shown
    assert "InvocationsPerInstance" not in shown


def test_a_copy_on_a_cpu_has_no_accelerators(app: App, stack: Stack) -> None:
    shared = share(stack, instance_type="ml.m5.xlarge")
    hosting = InferenceComponent(endpoint=shared, cpus=1)
    SageMakerModel(stack, "Model", model=cpu_container(), hosting=hosting)

    app.synth()
    assert only(stack, COMPONENT)["Specification"]["ComputeResourceRequirements"] == {
        "MinMemoryRequiredInMb": 1024,
        "NumberOfCpuCoresRequired": 1,
    }


def test_the_rights_of_each_model_are_a_policy_of_its_own(stack: Stack) -> None:
    lie(stack, share(stack))

    found = Template.from_stack(stack).find_resources(POLICY)
    (policy,) = (each for name, each in found.items() if name.startswith("Llama"))
    assert "models/llama/*" in str(policy)
    assert "WriteLogs" not in str(policy)
    assert "SharedRole" in str(policy["Properties"]["Roles"])


def test_a_caller_is_let_in_by_the_endpoint_and_by_the_component(stack: Stack) -> None:
    model = lie(stack, share(stack))

    model.grant_invoke(iam.User(stack, "Caller"))

    found = Template.from_stack(stack).find_resources(POLICY)
    (policy,) = (each for name, each in found.items() if name.startswith("Caller"))
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert [sorted(each) for each in statement["Resource"]] == [["Ref"], ["Ref"]]
    assert "LlamaComponent" in str(statement["Resource"][1])


def test_metrics_and_logs_are_those_of_the_component(stack: Stack) -> None:
    model = lie(stack, share(stack), name="llama")

    invocations, gpu = model.metric_invocations(), model.metric_gpu_utilization()

    name = stack.resolve(invocations.dimensions)["InferenceComponentName"]
    assert name == stack.resolve(model.inference_component_name)
    assert gpu.namespace == "/aws/sagemaker/InferenceComponents"
    assert "/aws/sagemaker/InferenceComponents/" in str(
        stack.resolve(model.log_group.log_group_name)
    )


def test_metrics_of_the_whole_are_those_of_the_endpoint(stack: Stack) -> None:
    metric = share(stack).metric("GPUUtilization")

    assert metric.namespace == "/aws/sagemaker/Endpoints"
    assert sorted(metric.dimensions or {}) == ["EndpointName", "VariantName"]


def test_a_component_has_a_name_that_is_known_and_in_lower_case(stack: Stack) -> None:
    model = lie(stack, share(stack))

    assert model.cfn_inference_component is not None
    name = model.cfn_inference_component.inference_component_name
    assert name is not None
    assert name == name.lower()
    assert name.startswith("stack-llama-")


def test_a_model_with_an_endpoint_of_its_own_has_no_component(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=llm())

    assert model.cfn_inference_component is None
    assert model.inference_component_name is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"endpoint_name": "Models"}),
        ({"endpoint_name": "Models"}, {"endpoint_name": "Others"}),
    ],
    ids=["named", "renamed"],
)
def test_a_component_of_a_new_endpoint_is_a_new_one(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    def component(**arguments: Any) -> str:
        stack = Stack(App(), "Stack")
        lie(stack, share(stack, **arguments))
        (name,) = Template.from_stack(stack).find_resources(COMPONENT)
        return str(name)

    assert component(**before) == component(**before)
    assert component(**before) != component(**after)


def test_a_component_that_moves_or_is_renamed_is_a_new_one() -> None:
    def component(shared: str, name: str | None = None) -> tuple[str, str]:
        stack = Stack(App(), "Stack")
        endpoints = {
            each: SharedEndpoint(stack, each, instance_type=TYPE, max_instances=1)
            for each in ("A", "B")
        }
        lie(stack, endpoints[shared], name=name)
        ((id_, found),) = Template.from_stack(stack).find_resources(COMPONENT).items()
        return id_, found["Properties"]["InferenceComponentName"]

    (first, first_name), (moved, moved_name) = component("A"), component("B")
    assert first != moved
    assert first_name != moved_name
    assert component("A", "llama")[0] != component("A", "other")[0]


def test_the_number_of_copies_leaves_the_component_what_it_is() -> None:
    def component(copies: int) -> list[str]:
        stack = Stack(App(), "Stack")
        lie(stack, share(stack), copies=copies, accelerators=1)
        return list(Template.from_stack(stack).find_resources(COMPONENT))

    assert component(1) == component(2)


def test_models_of_other_stacks_may_lie_on_it(app: App, stack: Stack) -> None:
    shared = share(stack)
    team = Stack(app, "Team", env=VIRGINIA)

    lie(team, shared)

    app.synth()
    component = only(team, COMPONENT)
    assert "Fn::ImportValue" in str(component["EndpointName"])
    assert [each.stack_name for each in team.dependencies] == ["Stack"]


def test_a_model_package_may_lie_on_it(app: App, stack: Stack) -> None:
    shared = share(stack, network_isolation=True)
    package = ModelPackage(model_id="m", instance_type=TYPE, packages=PACKAGE)
    SageMakerModel(stack, "M", model=package, hosting=InferenceComponent(endpoint=shared))

    app.synth()
    assert only(stack, CONFIG)["EnableNetworkIsolation"] is True


def test_all_are_isolated_where_the_endpoint_is(stack: Stack) -> None:
    lie(stack, share(stack, network_isolation=True))

    assert only(stack, "AWS::SageMaker::Model")["EnableNetworkIsolation"] is True


def test_a_role_that_is_left_alone_is_so_for_all_models(app: App, stack: Stack) -> None:
    role = iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    lie(stack, share(stack, role=role, grant_permissions=False))

    app.synth()
    Template.from_stack(stack).resource_count_is(POLICY, 0)


@pytest.mark.parametrize(
    "name", ["endpoint_name", "role", "encryption_key", "vpc", "vpc_subnets", "security_groups"]
)
def test_what_the_endpoint_says_is_refused_for_a_model(stack: Stack, name: str) -> None:
    values = {
        "endpoint_name": "Chat",
        "role": iam.Role.from_role_name(stack, "Role", "role"),
        "encryption_key": kms.Key(stack, "Key"),
        "vpc": ec2.Vpc(stack, "Vpc"),
        "vpc_subnets": ec2.SubnetSelection(one_per_az=True),
        "security_groups": [],
    }
    hosting = InferenceComponent(endpoint=share(stack))
    options: Any = {name: values[name]}

    with pytest.raises(ValueError, match=f"give {name}= to the SharedEndpoint"):
        SageMakerModel(stack, "Model", model=llm(), hosting=hosting, **options)


def test_another_instance_type_than_the_endpoints_is_refused(stack: Stack) -> None:
    hosting = InferenceComponent(endpoint=share(stack))

    with pytest.raises(ValueError, match=r"must be that of the SharedEndpoint, 'ml\.g5\.12xlarge'"):
        SageMakerModel(stack, "Model", model=llm("ml.g5.xlarge"), hosting=hosting)


def test_an_instance_type_that_only_cloudformation_knows_is_not_compared(
    app: App, stack: Stack
) -> None:
    parameter = CfnParameter(stack, "Type", default=TYPE).value_as_string
    shared = share(stack, instance_type=parameter)
    hosting = InferenceComponent(endpoint=shared, accelerators=1)
    SageMakerModel(stack, "Model", model=llm(), hosting=hosting)

    app.synth()


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"copies": 0}, ValueError, "copies must be between 1 and"),
        ({"copies": 1.5}, TypeError, "copies must be a whole number"),
        ({"accelerators": 0}, ValueError, "accelerators must be between 1 and"),
        ({"cpus": 0.1}, ValueError, r"cpus must be 0\.25 or more, got 0\.1"),
        ({"memory_mib": 64}, ValueError, "memory_mib must be between 128 and"),
        ({"max_memory_mib": 512}, ValueError, "max_memory_mib must be between 1024 and"),
        ({"startup_timeout": Duration.seconds(1)}, ValueError, "startup_timeout must be"),
        ({"placement": "PILE"}, ValueError, "placement must be one of SPREAD, BINPACK"),
        ({"name": "Llama"}, ValueError, "name must be 1 to 63 lower-case letters"),
        ({"roll_out": RollOut.all_at_once()}, ValueError, r"must be RollOut\.rolling"),
    ],
    ids=[
        "copies",
        "half",
        "accelerators",
        "cpus",
        "memory",
        "growth",
        "timeout",
        "placement",
        "name",
        "fleet",
    ],
)
def test_what_a_component_can_not_have_is_refused(
    stack: Stack, arguments: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        InferenceComponent(endpoint=share(stack), **arguments)


def test_a_component_lies_on_a_shared_endpoint_only(stack: Stack) -> None:
    model: Any = SageMakerModel(stack, "Model", model=llm())

    with pytest.raises(TypeError, match="endpoint must be a SharedEndpoint"):
        InferenceComponent(endpoint=model)


def test_copies_are_spread_over_zones_as_wanted(app: App, stack: Stack) -> None:
    lie(stack, share(stack), placement="BINPACK")

    app.synth()
    assert only(stack, COMPONENT)["Specification"]["SchedulingConfig"] == {
        "PlacementStrategy": "BINPACK",
        "AvailabilityZoneBalance": {"EnforcementMode": "PERMISSIVE"},
    }
