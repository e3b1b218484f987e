from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from conftest import VIRGINIA
from sagemaker_model import SageMakerModel, Staging
from staging.staged import custom, deploy, properties, statements, variables


def test_a_build_is_unprivileged_and_logs_for_a_month(stack: Stack, tmp_path: Path) -> None:
    template = deploy(stack, custom(tmp_path))

    project = properties(template, "AWS::CodeBuild::Project")
    assert project["Environment"]["PrivilegedMode"] is False
    assert project["Environment"]["ComputeType"] == "BUILD_GENERAL1_SMALL"
    groups = template.find_resources("AWS::Logs::LogGroup").values()
    assert [each["Properties"]["RetentionInDays"] for each in groups] == [30, 30]


@pytest.mark.parametrize(
    ("model_id", "compute"),
    [
        ("org/model-0.5B", "BUILD_GENERAL1_SMALL"),
        ("org/model-14B", "BUILD_GENERAL1_MEDIUM"),
        ("org/model-70B", "BUILD_GENERAL1_LARGE"),
    ],
)
def test_the_machine_grows_with_the_size_that_the_name_says(
    stack: Stack, tmp_path: Path, model_id: str, compute: str
) -> None:
    template = deploy(stack, custom(tmp_path, model_id=model_id))

    environment = properties(template, "AWS::CodeBuild::Project")["Environment"]
    assert environment["ComputeType"] == compute


def test_the_user_s_machine_wins(stack: Stack, tmp_path: Path) -> None:
    template = deploy(
        stack, custom(tmp_path, codebuild_compute_type=codebuild.ComputeType.X2_LARGE)
    )

    environment = properties(template, "AWS::CodeBuild::Project")["Environment"]
    assert environment["ComputeType"] == "BUILD_GENERAL1_2XLARGE"


def test_proxy_mirror_and_index_are_told_to_the_build(stack: Stack, tmp_path: Path) -> None:
    settings = Staging(
        http_proxy="http://proxy.example:3128",
        no_proxy="s3.us-east-1.amazonaws.com",
        hf_endpoint="https://hub.example",
        pip_index_url="https://index.example/simple",
    )

    told = variables(deploy(stack, custom(tmp_path, staging=settings)))

    assert told["HTTPS_PROXY"]["Value"] == told["HTTP_PROXY"]["Value"]
    assert told["NO_PROXY"]["Value"] == "s3.us-east-1.amazonaws.com"
    assert told["HF_ENDPOINT"]["Value"] == "https://hub.example"
    assert told["PIP_INDEX_URL"]["Value"] == "https://index.example/simple"


def test_a_private_authority_travels_alone(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "certs").mkdir()
    bundle = tmp_path / "certs" / "company.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\n")
    (tmp_path / "certs" / "secret.key").write_text("not to travel")

    template = deploy(stack, custom(tmp_path / "code", staging=Staging(ca_bundle=str(bundle))))

    assert variables(template)["CA_FILE"]["Value"] == "company.pem"
    folder = next(Path(stack.node.root.outdir).glob("asset.*/company.pem")).parent  # type: ignore[attr-defined]
    assert [each.name for each in folder.iterdir()] == ["company.pem"]


def test_a_build_can_run_in_a_vpc(stack: Stack, tmp_path: Path) -> None:
    settings = Staging(vpc=ec2.Vpc(stack, "Vpc"))

    template = deploy(stack, custom(tmp_path, staging=settings))

    assert "VpcConfig" in properties(template, "AWS::CodeBuild::Project")
    assert "UseNetworkInterfaces" in statements(template, "ModelBuildPolicy")


def test_a_role_of_the_user_gets_a_policy_beside_it(app: App, tmp_path: Path) -> None:
    roles, stack = (Stack(app, name, env=VIRGINIA) for name in ("Roles", "Stack"))
    role = iam.Role(roles, "Role", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))

    SageMakerModel(stack, "Model", model=custom(tmp_path, staging=Staging(role=role)))

    Template.from_stack(roles).resource_count_is("AWS::IAM::Policy", 0)
    assert "WriteStagedFiles" in statements(Template.from_stack(stack), "ModelBuildPolicy")


def test_no_build_reads_more_of_the_assets_than_its_own(stack: Stack, tmp_path: Path) -> None:
    template = deploy(stack, custom(tmp_path))

    read = statements(template, "ModelBuildPolicy")["ReadSources"]["Resource"]
    assert len(read) == 2
    assert all(".zip" in str(each) and "*" not in str(each) for each in read)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"http_proxy": "proxy:3128"}, "http_proxy of Staging must be a URL"),
        ({"pip_index_url": "https://me:secret@index.example/simple"}, "holds a password"),
        ({"ca_bundle": "/nowhere.pem"}, "there is no such file"),
        ({"security_groups": [object()]}, "need its vpc"),
    ],
    ids=["proxy", "index", "bundle", "vpc"],
)
def test_settings_that_can_not_be_right_are_refused(
    arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Staging(**arguments)  # type: ignore[arg-type]
