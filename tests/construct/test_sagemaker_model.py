from collections.abc import Callable

import jsii
import pytest
from aws_cdk import (
    Acknowledgment,
    Annotations,
    App,
    Aspects,
    CfnParameter,
    CfnResource,
    Duration,
    Environment,
    IAspect,
    NestedStack,
    RemovalPolicy,
    Stack,
    Stage,
    Tags,
    Validations,
    assertions,
    pipelines,
)
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template
from constructs import Construct, IConstruct

from conftest import STRICT, VIRGINIA
from sagemaker_model import (
    Container,
    ContainerImages,
    InferenceAmi,
    RealTime,
    SageMakerModel,
    Weights,
)

COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
KINDS = ["AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Endpoint"]


def container(instance_type: str = "ml.g5.2xlarge", **env: str) -> Container:
    return Container(
        model_id="org/name", instance_type=instance_type, revision=COMMIT, env=env or None
    )


def cpu_container() -> Container:
    return Container(
        model_id="org/name",
        instance_type="ml.m5.xlarge",
        revision=COMMIT,
        container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
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
    model = SageMakerModel(stack, "Model", model=container())

    model.cfn_model.add_property_override("PrimaryContainer.ContainerHostname", "host")
    model.cfn_endpoint_config.add_property_override("EnableNetworkIsolation", value=False)
    model.endpoint.add_property_override("RetainAllVariantProperties", value=True)

    template = Template.from_stack(stack)
    template.has_resource_properties(KINDS[0], {"PrimaryContainer": {"ContainerHostname": "host"}})
    template.has_resource_properties(KINDS[2], {"RetainAllVariantProperties": True})


def test_tags_dependencies_aspects_and_removal_reach_its_children(stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container())
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


# -- what the checks say, and how it is acknowledged ---------------------------------------------


def acknowledge(scope: Construct, rule: str) -> None:
    Validations.of(scope).acknowledge(
        Acknowledgment(id=f"sagemaker-model:{rule}", reason="it is meant")
    )


def test_all_errors_are_told_together_when_the_app_is_synthesized(app: App, stack: Stack) -> None:
    SageMakerModel(stack, "One", model=container("ml.m5.xlarge"))
    SageMakerModel(stack, "Two", model=container(MAX_TOTEL_TOKENS="1", HF_TOKEN="hf_" + "a" * 30))

    with pytest.raises(RuntimeError) as failure:
        app.synth()

    text = str(failure.value)
    assert "[Stack/One] instance_type: has no GPU" in text
    assert "[sagemaker-model:image-needs-gpu]" in text
    assert "[Stack/Two] env.HF_TOKEN" in text


def test_an_error_is_acknowledged_at_the_model(app: App, stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container("ml.m5.xlarge"))

    acknowledge(model, "image-needs-gpu")

    app.synth()


def test_an_error_is_acknowledged_for_a_whole_stack(app: App, stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container("ml.m5.xlarge"))

    acknowledge(stack, "image-needs-gpu")

    app.synth()


def test_acknowledging_one_rule_leaves_the_others(app: App, stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container("ml.m5.xlarge"))

    acknowledge(model, "image-architecture")

    with pytest.raises(RuntimeError, match="has no GPU"):
        app.synth()


@pytest.mark.parametrize(
    "accept",
    [
        lambda model: Annotations.of(model).acknowledge_warning(
            "sagemaker-model:instance-type-unknown"
        ),
        lambda model: acknowledge(model, "instance-type-unknown"),
        lambda model: acknowledge(Stack.of(model), "instance-type-unknown"),
    ],
    ids=["annotation", "validation", "at the stack"],
)
def test_a_warning_is_acknowledged_in_cdks_own_ways(
    stack: Stack, accept: Callable[[SageMakerModel], None]
) -> None:
    model = SageMakerModel(stack, "Model", model=container("ml.g99.2xlarge"))

    accept(model)

    assertions.Annotations.from_stack(stack).has_no_warning(
        "*", Match.string_like_regexp("not an instance type")
    )


# -- names, grants and metrics ---------------------------------------------------------------------


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


# -- where it stands -------------------------------------------------------------------------------


class ModelStage(Stage):
    def __init__(self, scope: Construct, id: str, region: str) -> None:  # noqa: A002
        super().__init__(scope, id, env=Environment(account="123456789012", region=region))
        SageMakerModel(Stack(self, "Stack"), "Model", model=container())


def test_stages_of_two_regions_pull_from_the_registries_of_each(app: App) -> None:
    images = []
    for region in ("us-east-1", "ap-east-1"):
        stage = ModelStage(app, region, region)
        (artifact,) = stage.synth().stacks
        (model,) = [
            resource
            for resource in artifact.template["Resources"].values()
            if resource["Type"] == KINDS[0]
        ]
        images.append(model["Properties"]["PrimaryContainer"]["Image"].partition("/")[0])

    assert images == [
        "763104351884.dkr.ecr.us-east-1.amazonaws.com",
        "871362719292.dkr.ecr.ap-east-1.amazonaws.com",
    ]


def test_it_is_deployed_by_a_pipeline() -> None:
    app = App(context=STRICT)
    stack = Stack(app, "Pipeline", env=VIRGINIA)
    source = pipelines.CodePipelineSource.s3(s3.Bucket(stack, "Source"), "app.zip")
    pipeline = pipelines.CodePipeline(
        stack, "Pipeline", synth=pipelines.ShellStep("Synth", input=source, commands=["cdk synth"])
    )

    pipeline.add_stage(ModelStage(stack, "Production", "us-east-1"))

    assembly = app.synth()
    assert [each.directory_name for each in assembly.nested_assemblies]


def test_it_stands_in_a_nested_stack(app: App, stack: Stack) -> None:
    nested = NestedStack(stack, "Nested")

    SageMakerModel(nested, "Model", model=container())

    app.synth()
    Template.from_stack(nested).resource_count_is(KINDS[2], 1)


def test_a_region_agnostic_nested_stack_has_the_registries_itself(app: App) -> None:
    nested = NestedStack(Stack(app, "Parent"), "Nested")

    SageMakerModel(nested, "Model", model=container())

    app.synth()
    (name,) = Template.from_stack(nested).to_json()["Mappings"]
    assert f"'Fn::FindInMap': ['{name}'" in str(Template.from_stack(nested).to_json()["Resources"])


def test_two_stacks_of_an_app_have_their_own_facts(app: App) -> None:
    hosts = []
    for region in ("us-east-1", "eu-west-1"):
        stack = Stack(app, region, env=Environment(account="123456789012", region=region))
        model = SageMakerModel(stack, "Model", model=container())
        hosts.append(stack.resolve(model.cfn_model.primary_container))

    assert "us-east-1" in str(hosts[0])
    assert "eu-west-1" in str(hosts[1])


def test_an_imported_bucket_is_read_by_name(stack: Stack) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "bucket")
    weights = Weights.from_bucket(bucket, "name/")
    model = Container(model_id="org/name", instance_type="ml.g5.2xlarge", weights=weights)

    SageMakerModel(stack, "Model", model=model)

    assert "s3://bucket/name/" in str(Template.from_stack(stack).to_json())
