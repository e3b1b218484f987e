"""A second model that gets copies of the requests: its own model and rights, one endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from construct.models import COMMIT, container, cpu_container
from sagemaker_model import (
    Container,
    ContainerImages,
    RealTime,
    SageMakerModel,
    Shadow,
    SharedEndpoint,
    Weights,
)

CANDIDATE = Container(
    model_id="org/candidate",
    instance_type="ml.g6.2xlarge",
    revision=COMMIT,
    container=ContainerImages.SGLANG_LATEST,
    weights=Weights.from_s3("s3://models/candidate/"),
)


def template(app: App, stack: Stack, shadow: Shadow, **options: Any) -> Template:
    hosting = RealTime(shadow=shadow)
    given = {"smoke_test": None, **options}
    SageMakerModel(stack, "Model", model=container(), hosting=hosting, **given)
    app.synth()
    return Template.from_stack(stack)


def test_a_shadow_is_the_one_other_variant_with_its_own_model(app: App, stack: Stack) -> None:
    shadow = Shadow(model=CANDIDATE, initial_instance_count=2, sampling_percentage=25)

    found = template(app, stack, shadow)

    (config,) = found.find_resources("AWS::SageMaker::EndpointConfig").values()
    (variant,) = config["Properties"]["ShadowProductionVariants"]
    assert [each["VariantName"] for each in config["Properties"]["ProductionVariants"]] == [
        "AllTraffic"
    ]
    assert variant["VariantName"] == "Shadow"
    assert variant["InstanceType"] == "ml.g6.2xlarge"
    assert variant["InitialInstanceCount"] == 2
    assert variant["InitialVariantWeight"] == 0.25
    candidate = variant["ModelName"]["Fn::GetAtt"][0]
    model = found.find_resources("AWS::SageMaker::Model")[candidate]["Properties"]
    source = model["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]
    assert source["S3Uri"] == "s3://models/candidate/"


def test_both_models_act_as_one_role_which_may_read_what_both_need(app: App, stack: Stack) -> None:
    found = template(app, stack, Shadow(model=CANDIDATE))

    found.resource_count_is("AWS::IAM::Role", 1)
    models = found.find_resources("AWS::SageMaker::Model").values()
    roles = [each["Properties"]["ExecutionRoleArn"] for each in models]
    assert len(roles) == 2
    assert roles[0] == roles[1]
    policies = found.find_resources("AWS::IAM::Policy")
    (own,) = (name for name in policies if name.startswith("ModelShadow"))
    assert "/candidate/*" in str(policies[own])
    (candidate,) = (each for each in models if "candidate" in str(each["Properties"]))
    assert own in candidate["DependsOn"]


def test_a_shadow_runs_in_the_same_network(app: App, stack: Stack) -> None:
    from aws_cdk import aws_ec2 as ec2

    vpc = ec2.Vpc(stack, "Vpc")
    found = template(app, stack, Shadow(model=CANDIDATE), vpc=vpc)

    models = found.find_resources("AWS::SageMaker::Model").values()
    first, second = (each["Properties"]["VpcConfig"] for each in models)
    assert first == second


def test_the_rights_that_a_role_must_be_given_are_told_for_the_shadow_too(
    app: App, stack: Stack
) -> None:
    role = iam.Role.from_role_arn(stack, "Mine", "arn:aws:iam::123456789012:role/mine")

    found = template(app, stack, Shadow(model=CANDIDATE), role=role, grant_permissions=False)

    found.resource_count_is("AWS::IAM::Policy", 0)
    Annotations.from_stack(stack).has_warning(
        "/Stack/Model/Shadow", Match.string_like_regexp("models/candidate")
    )


def test_the_rules_look_at_the_shadow_under_its_own_path(app: App, stack: Stack) -> None:
    small = Container(model_id="org/name", instance_type="ml.m5.xlarge", revision=COMMIT)
    hosting = RealTime(shadow=Shadow(model=small))
    SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    with pytest.raises(RuntimeError, match=r"\[Stack/Model/Shadow\] instance_type: has no GPU"):
        app.synth()


def test_the_host_image_suits_the_shadows_own_image(app: App, stack: Stack) -> None:
    found = template(app, stack, Shadow(model=cpu_container()))

    (config,) = found.find_resources("AWS::SageMaker::EndpointConfig").values()
    assert "InferenceAmiVersion" in config["Properties"]["ProductionVariants"][0]
    assert "InferenceAmiVersion" not in config["Properties"]["ShadowProductionVariants"][0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"model": "org/name"}, TypeError, "model of a Shadow must be a ModelPackage"),
        ({"sampling_percentage": 0}, ValueError, "must be between 1 and 100 percent, got 0"),
        ({"sampling_percentage": 101}, ValueError, "must be between 1 and 100 percent, got 101"),
        ({"sampling_percentage": 0.5}, TypeError, "sampling_percentage must be a whole number"),
        ({"initial_instance_count": 0}, ValueError, "initial_instance_count must be 1 or more"),
    ],
    ids=["model", "none", "more than all", "no whole number", "no instance"],
)
def test_what_can_not_be_a_shadow_is_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Shadow(**{"model": CANDIDATE, **arguments})


def test_a_deployment_alone_is_no_shadow() -> None:
    with pytest.raises(TypeError, match=r"write shadow=Shadow\(model=…\)"):
        RealTime(shadow=CANDIDATE)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_shared_instances_have_no_shadow(stack: Stack) -> None:
    with pytest.raises(ValueError, match="shadow can't be given to a SharedEndpoint"):
        SharedEndpoint(
            stack,
            "Shared",
            instance_type="ml.g5.2xlarge",
            max_instances=1,
            hosting=RealTime(shadow=Shadow(model=CANDIDATE)),
        )
