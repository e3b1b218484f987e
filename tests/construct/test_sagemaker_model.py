import jsii
import pytest
from aws_cdk import (
    App,
    Aspects,
    CfnParameter,
    CfnResource,
    Duration,
    Environment,
    IAspect,
    RemovalPolicy,
    Stack,
    Tags,
    assertions,
)
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template
from constructs import IConstruct

from conftest import VIRGINIA
from construct.models import KINDS, container, cpu_container
from sagemaker_model import (
    InferenceAmi,
    RealTime,
    SageMakerModel,
)


def test_it_makes_one_model_configuration_and_endpoint_without_physical_names(
    stack: Stack,
) -> None:
    SageMakerModel(stack, "Model", model=container())

    template = Template.from_stack(stack)
    for kind in KINDS:
        template.resource_count_is(kind, 1)
    template.has_resource_properties(KINDS[0], {"ModelName": Match.absent()})
    template.has_resource_properties(KINDS[1], {"EndpointConfigName": Match.absent()})
    template.has_resource_properties(KINDS[2], {"EndpointName": Match.absent()})


def test_its_own_resources_are_public_and_can_be_overridden(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container(), smoke_test=None)

    model.cfn_model.add_property_override("PrimaryContainer.ContainerHostname", "host")
    model.cfn_endpoint_config.add_property_override("EnableNetworkIsolation", value=False)
    model.endpoint.add_property_override("RetainAllVariantProperties", value=True)

    template = Template.from_stack(stack)
    template.has_resource_properties(KINDS[0], {"PrimaryContainer": {"ContainerHostname": "host"}})
    template.has_resource_properties(KINDS[2], {"RetainAllVariantProperties": True})


def test_tags_dependencies_aspects_and_removal_reach_its_children(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container(), smoke_test=None)
    bucket = s3.Bucket(stack, "Bucket")
    visited: list[str] = []

    @jsii.implements(IAspect)
    class Visit:
        def visit(self, node: IConstruct) -> None:
            if isinstance(node, CfnResource):
                visited.append(node.cfn_resource_type)

    Tags.of(model).add("team", "search")
    model.node.add_dependency(bucket)
    Aspects.of(model).add(Visit())

    template = Template.from_stack(stack)
    (waited_for,) = template.find_resources("AWS::S3::Bucket")
    for kind in [*KINDS, "AWS::IAM::Role"]:
        (resource,) = template.find_resources(kind).values()
        assert {"Key": "team", "Value": "search"} in resource["Properties"]["Tags"]
        assert waited_for in resource["DependsOn"]
    assert set(KINDS) <= set(visited)


def test_another_construct_can_wait_for_the_endpoint(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())
    bucket = s3.Bucket(stack, "Bucket")

    bucket.node.add_dependency(model)

    template = Template.from_stack(stack)
    (endpoint,) = template.find_resources(KINDS[2])
    (resource,) = template.find_resources("AWS::S3::Bucket").values()
    assert endpoint in resource["DependsOn"]


def test_a_key_is_used_where_the_instance_has_a_volume(stack: Stack) -> None:
    key = kms.Key(stack, "Key")

    SageMakerModel(stack, "Model", model=cpu_container(), encryption_key=key)

    template = Template.from_stack(stack)
    arn = stack.resolve(key.key_arn)
    template.has_resource_properties(KINDS[1], {"KmsKeyId": arn})
    assert "kms:CreateGrant" in str(template.find_resources("AWS::IAM::Policy"))


def test_a_key_is_left_out_with_a_warning_where_the_instance_has_local_storage(
    stack: Stack,
) -> None:
    SageMakerModel(stack, "Model", model=container(), encryption_key=kms.Key(stack, "Key"))

    template = Template.from_stack(stack)
    template.has_resource_properties(KINDS[1], {"KmsKeyId": Match.absent()})
    assert "kms:CreateGrant" not in str(template.find_resources("AWS::IAM::Policy"))
    assertions.Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("encryption_key: is not used")
    )


def test_an_imported_key_does(stack: Stack) -> None:
    arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    key = kms.Key.from_key_arn(stack, "Key", arn)

    SageMakerModel(stack, "Model", model=cpu_container(), encryption_key=key)

    Template.from_stack(stack).has_resource_properties(KINDS[1], {"KmsKeyId": arn})


def test_a_region_that_differs_from_the_stacks_is_refused(stack: Stack) -> None:
    with pytest.raises(ValueError, match="region is 'eu-west-1', but the stack is deployed to"):
        SageMakerModel(stack, "Model", model=container(), region="eu-west-1")


def test_region_gives_literals_in_a_region_agnostic_stack(agnostic: Stack) -> None:
    SageMakerModel(agnostic, "Model", model=container(), region="eu-west-1")

    template = Template.from_stack(agnostic).to_json()
    assert "Mappings" not in template
    assert ".dkr.ecr.eu-west-1.amazonaws.com/" in str(template)


def test_all_models_of_a_stack_share_one_mapping_of_registries(agnostic: Stack) -> None:
    SageMakerModel(agnostic, "One", model=container())
    SageMakerModel(agnostic, "Two", model=container())

    assert len(Template.from_stack(agnostic).to_json()["Mappings"]) == 1


def test_how_many_instances_serve_is_the_hostings_matter(stack: Stack) -> None:
    hosting = RealTime(initial_instance_count=3)

    SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    Template.from_stack(stack).has_resource_properties(
        KINDS[1], {"ProductionVariants": [Match.object_like({"InitialInstanceCount": 3})]}
    )


@pytest.mark.parametrize(
    ("hosting", "host"),
    [
        (RealTime(), InferenceAmi.GPU_4_1),
        (RealTime(inference_ami_version="my-host"), "my-host"),
        (RealTime(inference_ami_version=None), Match.absent()),
    ],
    ids=["automatic", "given", "none"],
)
def test_the_host_image_is_chosen_unless_the_user_does(
    stack: Stack, hosting: RealTime, host: object
) -> None:
    SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    Template.from_stack(stack).has_resource_properties(
        KINDS[1], {"ProductionVariants": [Match.object_like({"InferenceAmiVersion": host})]}
    )


def test_given_time_outs_are_told_in_seconds(stack: Stack) -> None:
    hosting = RealTime(startup_timeout=Duration.minutes(50), download_timeout=Duration.minutes(30))

    SageMakerModel(stack, "Model", model=container(), hosting=hosting)

    variant = {
        "ContainerStartupHealthCheckTimeoutInSeconds": 3000,
        "ModelDataDownloadTimeoutInSeconds": 1800,
    }
    Template.from_stack(stack).has_resource_properties(
        KINDS[1], {"ProductionVariants": [Match.object_like(variant)]}
    )


def test_a_removal_policy_without_staged_weights_is_warned_of(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), removal_policy=RemovalPolicy.RETAIN)

    assertions.Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("staged weights only")
    )


def test_the_name_and_arn_are_cloudformations_where_no_name_is_given(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())

    (endpoint,) = Template.from_stack(stack).find_resources(KINDS[2])
    assert stack.resolve(model.endpoint_name) == {"Fn::GetAtt": [endpoint, "EndpointName"]}
    assert stack.resolve(model.endpoint_arn) == {"Ref": endpoint}


def test_another_stack_may_use_a_named_endpoint_of_another_region(app: App) -> None:
    stack = Stack(app, "Model", env=VIRGINIA)
    other = Stack(app, "Other", env=Environment(account="123456789012", region="eu-west-1"))
    model = SageMakerModel(stack, "Model", model=container(), endpoint_name="Chat")
    role = iam.Role(other, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    model.grant_invoke(role)

    (policy,) = Template.from_stack(other).find_resources("AWS::IAM::Policy").values()
    assert str(policy).count(":sagemaker:us-east-1:123456789012:endpoint/chat") == 1


def test_a_name_that_is_a_token_is_passed_on(agnostic: Stack) -> None:
    name = CfnParameter(agnostic, "Name").value_as_string

    SageMakerModel(agnostic, "Model", model=container(), endpoint_name=name)

    Template.from_stack(agnostic).has_resource_properties(
        KINDS[2], {"EndpointName": {"Ref": "Name"}}
    )


@pytest.mark.parametrize("name", ["", "-a", "a-", "a_b", "a" * 64, "ä"])
def test_a_name_that_sagemaker_refuses_is_refused_at_once(stack: Stack, name: str) -> None:
    with pytest.raises(ValueError, match="endpoint_name must be 1 to 63 letters"):
        SageMakerModel(stack, "Model", model=container(), endpoint_name=name)


def test_invoking_is_granted_on_exactly_the_endpoint(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))

    grant = model.grant_invoke(role)

    grant.assert_success()
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": [
                    {
                        "Action": "sagemaker:InvokeEndpoint",
                        "Effect": "Allow",
                        "Resource": stack.resolve(model.endpoint_arn),
                    }
                ]
            }
        },
    )
