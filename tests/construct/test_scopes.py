"""Where the construct may stand."""

from aws_cdk import (
    App,
    Environment,
    NestedStack,
    Stack,
    Stage,
    pipelines,
)
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from constructs import Construct

from conftest import STRICT, VIRGINIA
from construct.models import KINDS, container
from sagemaker_model import (
    Container,
    SageMakerModel,
    Weights,
)


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
