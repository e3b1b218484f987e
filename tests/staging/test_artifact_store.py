from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from conftest import VIRGINIA
from sagemaker_model import ArtifactStore, SageMakerModel
from staging.staged import custom, deploy, prefix, properties, statements, two_stacks

FINISHED: dict[str, str] = {}
UNFINISHED = {"staging": "unfinished"}


def rules(template: Template) -> list[dict[str, Any]]:
    bucket = properties(template, "AWS::S3::Bucket")
    found: list[dict[str, Any]] = bucket["LifecycleConfiguration"]["Rules"]
    return found


def expires(rule: dict[str, Any], tags: dict[str, str]) -> bool:
    """Say whether a rule deletes an object with these tags, as S3 reads lifecycle rules."""
    deletes = {"ExpirationInDays", "ExpirationDate", "NoncurrentVersionExpiration"} & set(rule)
    wanted = {each["Key"]: each["Value"] for each in rule.get("TagFilters", [])}
    return bool(deletes) and wanted.items() <= tags.items()


def test_no_rule_ever_deletes_what_is_finished(stack: Stack) -> None:
    ArtifactStore(stack, "Store")

    found = rules(Template.from_stack(stack))

    assert [rule["Id"] for rule in found if expires(rule, FINISHED)] == []
    assert [rule["Id"] for rule in found if expires(rule, UNFINISHED)] == ["unfinished-files"]


def test_a_bucket_of_its_own_is_closed_encrypted_and_stays(stack: Stack) -> None:
    ArtifactStore(stack, "Store")

    template = Template.from_stack(stack)

    template.has_resource(
        "AWS::S3::Bucket",
        {
            "DeletionPolicy": "Retain",
            "Properties": {
                "BucketEncryption": Match.any_value(),
                "PublicAccessBlockConfiguration": Match.object_like({"BlockPublicAcls": True}),
                "VersioningConfiguration": Match.absent(),
            },
        },
    )
    policy = properties(template, "AWS::S3::BucketPolicy")
    assert "aws:SecureTransport" in str(policy)


def test_weights_outlive_the_stack_of_the_endpoint(app: App, tmp_path: Path) -> None:
    store, stack = two_stacks(app)

    template = deploy(stack, custom(tmp_path, store=store))

    template.resource_count_is("AWS::S3::Bucket", 0)


def test_without_a_store_the_bucket_is_emptied_before_it_is_deleted(
    stack: Stack, tmp_path: Path
) -> None:
    template = deploy(stack, custom(tmp_path))

    (bucket,) = template.find_resources("AWS::S3::Bucket")
    (emptied,) = template.find_resources("Custom::SageMakerModelStore").values()
    (emptied_id,) = template.find_resources("Custom::SageMakerModelStore")
    (weights,) = template.find_resources("Custom::SageMakerModelWeights").values()
    template.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "Delete"})
    assert emptied["Properties"]["Bucket"] == {"Ref": bucket}
    assert emptied_id in weights["DependsOn"]


def test_two_models_of_a_stack_share_its_store_and_its_provider(
    stack: Stack, tmp_path: Path
) -> None:
    for name in ("One", "Two"):
        SageMakerModel(stack, name, model=custom(tmp_path))

    template = Template.from_stack(stack)

    template.resource_count_is("AWS::S3::Bucket", 1)
    template.resource_count_is("AWS::StepFunctions::StateMachine", 1)
    template.resource_count_is("AWS::CodeBuild::Project", 2)


def test_a_bucket_of_the_user_is_used_as_it_is(stack: Stack, tmp_path: Path) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Theirs", "theirs")
    store = ArtifactStore(stack, "Store", bucket=bucket, prefix="models/")

    template = deploy(stack, custom(tmp_path, store=store))

    template.resource_count_is("AWS::S3::Bucket", 0)
    assert prefix(template).startswith("models/Stack/")
    granted = statements(template, "ModelBuildPolicy")
    assert str(granted["ReadStore"]["Resource"]).endswith(":s3:::theirs/models/*']]}")


def test_the_store_s_key_is_used_by_build_provider_and_model(app: App, tmp_path: Path) -> None:
    weights, stack = (Stack(app, name, env=VIRGINIA) for name in ("Weights", "Stack"))
    store = ArtifactStore(weights, "Store", encryption_key=kms.Key(weights, "Key"))

    template = deploy(stack, custom(tmp_path, store=store))

    assert "UseStoreKey" in statements(template, "ModelBuildPolicy")
    assert "UseStoreKey" in statements(template, "SageMakerModelStagingStore")
    assert "DecryptModel" in statements(template, "ModelPolicy")


def test_another_account_can_be_let_read(stack: Stack) -> None:
    store = ArtifactStore(stack, "Store")

    store.grant_read(iam.AccountPrincipal("111122223333"))

    assert "111122223333" in str(properties(Template.from_stack(stack), "AWS::S3::BucketPolicy"))


@pytest.mark.parametrize("wrong", ["models", "/models/", "a//b/"])
def test_a_prefix_that_is_none_is_refused(stack: Stack, wrong: str) -> None:
    with pytest.raises(ValueError, match="prefix must be empty or end with '/'"):
        ArtifactStore(stack, "Store", prefix=wrong)


def test_what_is_about_a_new_bucket_is_refused_for_one_of_the_user(stack: Stack) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Theirs", "theirs")

    with pytest.raises(ValueError, match="set them where that bucket is made"):
        ArtifactStore(stack, "Store", bucket=bucket, removal_policy=RemovalPolicy.DESTROY)
