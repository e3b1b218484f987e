"""An endpoint that several models share."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Match, Template

from conftest import STRICT, VIRGINIA
from construct.models import cpu_container
from hosting.sharing import (
    COMPONENT,
    CONFIG,
    POLICY,
    TYPE,
    lie,
    llm,
    only,
    share,
    toolkit,
    variant,
)
from sagemaker_model import (
    Asynchronous,
    Container,
    ContainerImages,
    DataCapture,
    InferenceAmi,
    InferenceComponent,
    RealTime,
    SageMakerModel,
    Shadow,
    SharedEndpoint,
    Weights,
)


def test_the_endpoint_has_a_role_and_no_model(app: App, stack: Stack) -> None:
    share(stack, min_instances=0)

    app.synth()
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::SageMaker::Model", 0)
    template.has_resource(
        CONFIG,
        {
            "Properties": {
                "ExecutionRoleArn": {"Fn::GetAtt": [Match.any_value(), "Arn"]},
                "ProductionVariants": [
                    {
                        "VariantName": "AllTraffic",
                        "InstanceType": TYPE,
                        "InitialInstanceCount": 1,
                        "InitialVariantWeight": 1,
                        "ManagedInstanceScaling": {
                            "Status": "ENABLED",
                            "MinInstanceCount": 0,
                            "MaxInstanceCount": 2,
                        },
                    }
                ],
            },
            "DependsOn": [Match.string_like_regexp("SharedPolicy.*")],
        },
    )


def test_the_role_may_write_what_components_log(stack: Stack) -> None:
    share(stack)

    statements = only(stack, POLICY)["PolicyDocument"]["Statement"]
    assert "log-group:/aws/sagemaker/InferenceComponents/*" in str(statements)
    namespaces = statements[1]["Condition"]["StringEquals"]["cloudwatch:namespace"]
    assert "/aws/sagemaker/InferenceComponents" in namespaces


def test_copies_may_be_moved_together(app: App, stack: Stack) -> None:
    share(stack, consolidate_after=Duration.minutes(30))

    app.synth()
    scaling = only(stack, CONFIG)["ProductionVariants"][0]["ManagedInstanceScaling"]
    assert scaling["ScaleInPolicy"] == {"Strategy": "CONSOLIDATION", "CooldownInMinutes": 30}


def test_all_containers_run_in_the_endpoints_vpc_with_its_key(app: App, stack: Stack) -> None:
    shared = SharedEndpoint(
        stack,
        "Shared",
        instance_type="ml.m5.xlarge",
        max_instances=2,
        vpc=ec2.Vpc(stack, "Vpc"),
        encryption_key=kms.Key(stack, "Key"),
    )
    component = InferenceComponent(endpoint=shared)
    model = SageMakerModel(stack, "Model", model=cpu_container(), hosting=component)

    app.synth()
    config = only(stack, CONFIG)
    assert config["VpcConfig"]["Subnets"]
    assert config["KmsKeyId"]
    assert "VpcConfig" not in only(stack, "AWS::SageMaker::Model")
    groups = shared.connections.security_groups
    assert [each.node.path for each in groups] == ["Stack/Shared/SecurityGroup"]
    assert [each.node.path for each in model.connections.security_groups] == [
        "Stack/Shared/SecurityGroup"
    ]


def test_connections_need_a_vpc(stack: Stack) -> None:
    with pytest.raises(ValueError, match="give the SharedEndpoint vpc="):
        _ = share(stack).connections


def test_what_else_there_is_to_say_of_instances_is_said_by_real_time(
    app: App, stack: Stack
) -> None:
    hosting = RealTime(
        initial_instance_count=2,
        routing="LEAST_OUTSTANDING_REQUESTS",
        data_capture=DataCapture(path="s3://bucket/captured"),
    )
    share(stack, hosting=hosting, endpoint_name="Models")

    app.synth()
    config = only(stack, CONFIG)
    assert config["ProductionVariants"][0]["InitialInstanceCount"] == 2
    assert config["ProductionVariants"][0]["RoutingConfig"]
    assert config["DataCaptureConfig"]["DestinationS3Uri"] == "s3://bucket/captured"
    assert only(stack, "AWS::SageMaker::Endpoint")["EndpointName"] == "Models"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"min_instances": 2}, "must lie between min_instances and max_instances, got 1 for 2"),
        ({"max_instances": 0}, "max_instances must be between 1 and"),
        ({"min_instances": -1}, "min_instances must be between 0 and"),
        ({"consolidate_after": Duration.minutes(1)}, "consolidate_after must be between"),
        ({"endpoint_name": "a_b"}, "endpoint_name must be"),
        ({"hosting": RealTime(startup_timeout=Duration.minutes(5))}, "each model's Inference"),
        ({"hosting": RealTime(instance_pools=["ml.g6.12xlarge"])}, "instance_pools can't be"),
        ({"hosting": RealTime(shadow=Shadow(model=llm()))}, "shadow can't be given"),
    ],
    ids=["above", "none", "negative", "soon", "name", "timeout", "pools", "shadow"],
)
def test_what_shared_instances_can_not_have_is_refused(
    stack: Stack, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        share(stack, **arguments)


def test_only_real_time_is_shared(stack: Stack) -> None:
    with pytest.raises(TypeError, match="must be a RealTime, got Asynchronous"):
        share(stack, hosting=Asynchronous())


def test_numbers_that_only_cloudformation_knows_are_not_compared(app: App, stack: Stack) -> None:
    most = CfnParameter(stack, "Most", type="Number")
    share(stack, max_instances=most.value_as_number)

    app.synth()
    scaling = only(stack, CONFIG)["ProductionVariants"][0]["ManagedInstanceScaling"]
    assert scaling["MaxInstanceCount"] == {"Ref": "Most"}


def test_the_host_image_is_that_of_the_models(stack: Stack) -> None:
    shared = share(stack)
    assert "InferenceAmiVersion" not in variant(stack)

    again = Stack(App(context=STRICT), "Stack", env=VIRGINIA)
    shared = share(again)
    lie(again, shared, "First")
    lie(again, shared, "Second")

    assert variant(again)["InferenceAmiVersion"] == InferenceAmi.GPU_4_1


def test_models_that_need_two_host_images_are_refused(stack: Stack) -> None:
    shared = share(stack)
    lie(stack, shared)
    older = toolkit("djl-inference:0.33.0-lmi15.0.0-cu128")
    hosting = InferenceComponent(endpoint=shared)

    with pytest.raises(ValueError, match="CUDA 12 and CUDA 13 on two SharedEndpoints"):
        SageMakerModel(stack, "Older", model=older, hosting=hosting)


def test_a_host_image_that_is_given_is_used_for_all(app: App, stack: Stack) -> None:
    hosting = RealTime(inference_ami_version=InferenceAmi.GPU_3_1)
    shared = share(stack, hosting=hosting)
    lie(stack, shared)
    older = toolkit("djl-inference:0.33.0-lmi15.0.0-cu128")
    SageMakerModel(stack, "Older", model=older, hosting=InferenceComponent(endpoint=shared))

    app.synth()
    assert variant(stack)["InferenceAmiVersion"] == InferenceAmi.GPU_3_1


def test_a_model_on_the_cpu_image_and_one_of_another_kind_share_an_endpoint(
    app: App, stack: Stack
) -> None:
    shared = share(stack, instance_type="ml.m5.xlarge")
    for name in ("First", "Second"):
        model = Container(
            model_id="org/name",
            instance_type="ml.m5.xlarge",
            container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
            weights=Weights.from_s3(f"s3://models/{name}/"),
        )
        SageMakerModel(stack, name, model=model, hosting=InferenceComponent(endpoint=shared))

    app.synth()
    Template.from_stack(stack).resource_count_is(COMPONENT, 2)
