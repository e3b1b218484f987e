from pathlib import Path

from aws_cdk import App, Environment, NestedStack, Stack, Stage, pipelines
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from conftest import STRICT, VIRGINIA
from sagemaker_model import SageMakerModel
from staging.staged import custom, prefix, properties


def test_in_a_nested_stack_the_prefix_begins_with_the_name_of_the_stack_around_it(
    stack: Stack, tmp_path: Path
) -> None:
    nested = NestedStack(stack, "Nested")
    SageMakerModel(nested, "Model", model=custom(tmp_path))

    template = Template.from_stack(nested)

    assert prefix(template).startswith("Stack/")
    assert properties(template, "AWS::CodeBuild::Project")["Name"].startswith("Stack_")


def test_the_same_stack_in_two_stages_has_two_prefixes(app: App, tmp_path: Path) -> None:
    prefixes = []
    for name, region in (("Beta", "us-east-1"), ("Prod", "eu-west-1")):
        stage = Stage(app, name, env=Environment(account="123456789012", region=region))
        stack = Stack(stage, "Stack")
        SageMakerModel(stack, "Model", model=custom(tmp_path))
        prefixes.append(prefix(Template.from_stack(stack)))

    beta, prod = prefixes
    assert beta.startswith("Beta-Stack/")
    assert prod.startswith("Prod-Stack/")
    assert beta.split("/")[1] != prod.split("/")[1]


def test_it_is_deployed_by_a_pipeline(app: App, tmp_path: Path) -> None:
    stack = Stack(app, "Pipeline", env=VIRGINIA)
    source = pipelines.CodePipelineSource.connection(
        "org/repo",
        "main",
        connection_arn="arn:aws:codeconnections:us-east-1:123456789012:connection/1",
    )
    synth = pipelines.ShellStep("Synth", input=source, commands=["npx cdk synth"])
    pipeline = pipelines.CodePipeline(stack, "Pipeline", synth=synth)
    stage = Stage(app, "Prod", env=VIRGINIA)
    SageMakerModel(Stack(stage, "Stack"), "Model", model=custom(tmp_path))

    pipeline.add_stage(stage)

    Template.from_stack(stack).resource_count_is("AWS::CodePipeline::Pipeline", 1)


def test_a_region_agnostic_stack_can_be_staged(agnostic: Stack, tmp_path: Path) -> None:
    SageMakerModel(agnostic, "Model", model=custom(tmp_path))

    Template.from_stack(agnostic).resource_count_is("Custom::SageMakerModelWeights", 1)


def test_a_permissions_boundary_reaches_every_role(stack: Stack, tmp_path: Path) -> None:
    boundary = iam.ManagedPolicy.from_managed_policy_name(stack, "Boundary", "boundary")
    iam.PermissionsBoundary.of(stack).apply(boundary)
    SageMakerModel(stack, "Model", model=custom(tmp_path))

    roles = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()

    assert all("PermissionsBoundary" in role["Properties"] for role in roles)


def test_two_apps_of_the_same_input_write_the_same_template(tmp_path: Path) -> None:
    def template() -> object:
        stack = Stack(App(context=STRICT), "Stack", env=VIRGINIA)
        SageMakerModel(stack, "Model", model=custom(tmp_path))
        return Template.from_stack(stack).to_json()

    assert template() == template()
