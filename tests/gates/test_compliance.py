"""What the library acknowledges by itself: needed, exact, and no more."""

import json
from collections.abc import Iterator
from pathlib import Path

import cdk_nag
import pytest
from aws_cdk import App, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from aws_cdk.cloudformation_include import CfnInclude

from conftest import STRICT, VIRGINIA
from sagemaker_model import (
    Asynchronous,
    Container,
    DataCapture,
    RealTime,
    SageMakerModel,
    Weights,
)
from sagemaker_model.hosting.hosting import Hosting

PACKS = (
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.PCIDSS321Checks,
)


def model_on(instance_type: str) -> Stack:
    stack = Stack(App(context=STRICT), "Stack", env=VIRGINIA)
    weights = Weights.from_bucket(s3.Bucket.from_bucket_name(stack, "Bucket", "bucket"), "p/")
    container = Container(model_id="org/name", instance_type=instance_type, weights=weights)
    SageMakerModel(stack, "Model", model=container)
    return stack


def acknowledged(stack: Stack) -> set[str]:
    return {
        str(rule)
        for construct in stack.node.find_all()
        for entry in construct.node.metadata
        if entry.type == Validations.ACKNOWLEDGED_RULES_METADATA_KEY
        for rule in entry.data
    }


def found(stack: Stack) -> Iterator[str]:
    for pack in PACKS:
        for violation in pack().validate_scope(stack).violations:
            yield violation.rule_name


def found_in_the_bare_template(stack: Stack, folder: Path) -> set[str]:
    """Return what the packs say of the same resources where nobody acknowledged anything."""
    template = folder / "template.json"
    template.write_text(json.dumps(Template.from_stack(stack).to_json()))
    bare = Stack(App(), "Stack", env=VIRGINIA)
    CfnInclude(bare, "Bare", template_file=str(template))
    return set(found(bare))


def test_every_acknowledgment_answers_what_a_pack_would_say(tmp_path: Path) -> None:
    stack = model_on("ml.g5.2xlarge")

    assert acknowledged(stack) == found_in_the_bare_template(stack, tmp_path)


def test_every_acknowledgment_about_staging_answers_what_a_pack_would_say(tmp_path: Path) -> None:
    stack = Stack(App(context=STRICT), "Stack", env=VIRGINIA)
    container = Container(
        model_id="org/name", instance_type="ml.g5.2xlarge", weights=Weights.staged()
    )
    SageMakerModel(stack, "Model", model=container)

    packs = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
    rules = ("S3DefaultEncryptionKMS", "S3BucketLoggingEnabled")
    yours = {"AwsSolutions-S1", *(f"{pack}-{rule}" for pack in packs for rule in rules)}
    # An older aws-cdk-lib runs its provider framework on what was the newest Node.js then.
    yours.add("AwsSolutions-L1")
    assert acknowledged(stack) == found_in_the_bare_template(stack, tmp_path) - yours


@pytest.mark.parametrize("hosting", [RealTime(data_capture=DataCapture()), Asynchronous()])
def test_every_acknowledgment_about_a_bucket_that_is_made_answers_what_a_pack_would_say(
    hosting: Hosting, tmp_path: Path
) -> None:
    stack = Stack(App(context=STRICT), "Stack", env=VIRGINIA)
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge")
    SageMakerModel(stack, "Model", model=container, hosting=hosting)

    packs = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
    rules = ("S3DefaultEncryptionKMS", "S3BucketLoggingEnabled")
    yours = {"AwsSolutions-S1", *(f"{pack}-{rule}" for pack in packs for rule in rules)}
    assert acknowledged(stack) == found_in_the_bare_template(stack, tmp_path) - yours


def test_a_missing_key_is_not_acknowledged_where_a_user_can_give_one() -> None:
    assert sorted(found(model_on("ml.m5.xlarge"))) == [
        "HIPAA.Security-SageMakerEndpointConfigurationKMSKeyConfigured",
        "NIST.800.53.R5-SageMakerEndpointConfigurationKMSKeyConfigured",
        "PCI.DSS.321-SageMakerEndpointConfigurationKMSKeyConfigured",
    ]


def test_nothing_is_found_of_a_policy_that_an_immutable_role_keeps_out() -> None:
    stack = Stack(App(context=STRICT), "Stack", env=VIRGINIA)
    arn = "arn:aws:iam::123456789012:role/theirs"
    role = iam.Role.from_role_arn(stack, "Role", arn, mutable=False)
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge")

    SageMakerModel(stack, "Model", model=container, role=role)

    assert list(found(stack)) == []


def test_nothing_is_found_where_no_argument_can_change_anything() -> None:
    assert list(found(model_on("ml.g5.2xlarge"))) == []
