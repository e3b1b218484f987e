import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, PermissionsBoundary, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from conftest import STRICT, VIRGINIA
from sagemaker_model import Container, SageMakerModel

ROLE_ARN = "arn:aws:iam::123456789012:role/mine"


def container() -> Container:
    return Container(model_id="org/name", instance_type="ml.g5.2xlarge")


def statements(template: Template) -> list[dict[str, Any]]:
    (policy,) = template.find_resources("AWS::IAM::Policy").values()
    found: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return found


def test_only_sagemaker_may_be_the_role_and_only_for_this_account(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), smoke_test=None)

    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {
                "Statement": [
                    {
                        "Action": "sts:AssumeRole",
                        "Condition": {
                            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
                        },
                        "Effect": "Allow",
                        "Principal": {"Service": "sagemaker.amazonaws.com"},
                    }
                ]
            },
            "ManagedPolicyArns": Match.absent(),
        },
    )


def test_the_role_may_do_what_the_documented_list_says_and_no_more(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), smoke_test=None)

    actions = {each["Sid"]: each["Action"] for each in statements(Template.from_stack(stack))}
    assert actions == {
        "WriteLogs": [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
        ],
        "WriteMetrics": "cloudwatch:PutMetricData",
        "GetRegistryToken": "ecr:GetAuthorizationToken",
        "PullImage": [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
        ],
    }


def test_the_logs_are_those_of_the_one_endpoint_where_its_name_is_known(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), smoke_test=None, endpoint_name="chat")

    (logs,) = [
        each for each in statements(Template.from_stack(stack)) if each["Sid"] == "WriteLogs"
    ]
    ends = [resource["Fn::Join"][1][-1] for resource in logs["Resource"]]
    assert ends == [
        ":log-group:/aws/sagemaker/Endpoints/chat",
        ":log-group:/aws/sagemaker/Endpoints/chat:log-stream:*",
    ]


def test_the_model_waits_for_the_roles_policy(stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container(), smoke_test=None)

    template = Template.from_stack(stack)
    (policy,) = template.find_resources("AWS::IAM::Policy")
    template.has_resource("AWS::SageMaker::Model", {"DependsOn": [policy]})


def test_a_role_of_another_stack_gets_a_policy_of_this_one_without_a_cycle(app: App) -> None:
    roles = Stack(app, "Roles", env=VIRGINIA)
    role = iam.Role(roles, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    stack = Stack(app, "Models", env=VIRGINIA)

    SageMakerModel(stack, "Model", model=container(), smoke_test=None, role=role)

    assembly = app.synth()
    models = assembly.get_stack_by_name("Models")
    assert [each.id for each in models.dependencies if each.id == "Roles"] == ["Roles"]
    assert not Template.from_stack(roles).find_resources("AWS::IAM::Policy")
    assert len(statements(Template.from_stack(stack))) == 4


def test_an_imported_role_gets_a_policy(stack: Stack) -> None:
    role = iam.Role.from_role_arn(stack, "Role", ROLE_ARN)

    SageMakerModel(stack, "Model", model=container(), smoke_test=None, role=role)

    template = Template.from_stack(stack)
    template.has_resource_properties("AWS::IAM::Policy", {"Roles": ["mine"]})
    template.has_resource_properties("AWS::SageMaker::Model", {"ExecutionRoleArn": ROLE_ARN})
    template.resource_count_is("AWS::IAM::Role", 0)


def test_an_immutable_role_is_never_changed_and_a_warning_lists_what_it_needs(stack: Stack) -> None:
    role = iam.Role.from_role_arn(stack, "Role", ROLE_ARN, mutable=False)

    SageMakerModel(stack, "Model", model=container(), smoke_test=None, role=role)

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::IAM::Policy", 0)
    template.has_resource("AWS::SageMaker::Model", {"DependsOn": Match.absent()})
    Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("role: .*nothing was granted.*ecr:BatchGetImage")
    )


def test_a_role_without_policy_updates_is_never_changed(stack: Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))

    SageMakerModel(
        stack, "Model", model=container(), smoke_test=None, role=role.without_policy_updates()
    )

    Template.from_stack(stack).resource_count_is("AWS::IAM::Policy", 0)


def test_grant_permissions_false_leaves_a_role_untouched_and_prints_what_it_needs(
    stack: Stack,
) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))

    SageMakerModel(
        stack, "Model", model=container(), smoke_test=None, role=role, grant_permissions=False
    )

    Template.from_stack(stack).resource_count_is("AWS::IAM::Policy", 0)
    Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("these statements: .*cloudwatch:PutMetricData")
    )


def test_grant_permissions_false_without_a_role_is_refused(stack: Stack) -> None:
    with pytest.raises(ValueError, match=r"grant_permissions=False .* but role is not given"):
        SageMakerModel(stack, "Model", model=container(), smoke_test=None, grant_permissions=False)


def test_a_permissions_boundary_of_the_app_reaches_the_role() -> None:
    boundary = PermissionsBoundary.from_name("boundary")
    app = App(context=STRICT)
    stack = Stack(app, "Stack", env=VIRGINIA, permissions_boundary=boundary)

    SageMakerModel(stack, "Model", model=container(), smoke_test=None)

    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Role", {"PermissionsBoundary": Match.any_value()}
    )


def test_customized_roles_are_used_and_the_report_lists_their_statements(tmp_path: Path) -> None:
    app = App(context=STRICT, outdir=str(tmp_path))
    stack = Stack(app, "Stack", env=VIRGINIA)
    iam.Role.customize_roles(stack, use_precreated_roles={"Stack/Model/Role": "prepared"})

    SageMakerModel(stack, "Model", model=container(), smoke_test=None)
    app.synth()

    template = json.loads((tmp_path / "Stack.template.json").read_text())
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    assert not {"AWS::IAM::Role", "AWS::IAM::Policy"} & kinds
    report = json.loads((tmp_path / "iam-policy-report.json").read_text())
    assert "ecr:BatchGetImage" in json.dumps(report)


def test_the_construct_itself_can_be_granted_more(stack: Stack) -> None:
    from aws_cdk import aws_s3 as s3

    model = SageMakerModel(stack, "Model", model=container(), smoke_test=None)

    s3.Bucket(stack, "Bucket").grant_read(model)

    assert "s3:GetObject*" in str(Template.from_stack(stack).find_resources("AWS::IAM::Policy"))
