import pytest
from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from sagemaker_model import Container, SageMakerModel, Weights


def deploy(stack: Stack, weights: Weights) -> Template:
    container = Container(model_id="org/name", instance_type="ml.g5.2xlarge", weights=weights)
    SageMakerModel(stack, "Model", model=container, smoke_test=None)
    return Template.from_stack(stack)


def statement(template: Template, sid: str) -> dict[str, object]:
    (policy,) = template.find_resources("AWS::IAM::Policy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    (found,) = [each for each in statements if each.get("Sid") == sid]
    return dict(found)


def test_a_prefix_is_mounted_as_it_is(stack: Stack) -> None:
    template = deploy(stack, Weights.from_s3("s3://bucket/models/name/"))

    template.has_resource_properties(
        "AWS::SageMaker::Model",
        {
            "PrimaryContainer": {
                "ModelDataSource": {
                    "S3DataSource": {
                        "S3Uri": "s3://bucket/models/name/",
                        "S3DataType": "S3Prefix",
                        "CompressionType": "None",
                        "ModelAccessConfig": Match.absent(),
                    }
                },
                "ModelDataUrl": Match.absent(),
            }
        },
    )


def test_an_archive_is_given_in_the_form_that_every_hosting_takes(stack: Stack) -> None:
    template = deploy(stack, Weights.from_s3("s3://bucket/models/model.tar.gz"))

    template.has_resource_properties(
        "AWS::SageMaker::Model",
        {
            "PrimaryContainer": {
                "ModelDataUrl": "s3://bucket/models/model.tar.gz",
                "ModelDataSource": Match.absent(),
            }
        },
    )


def test_the_licence_is_accepted_only_where_the_user_says_so(stack: Stack) -> None:
    template = deploy(stack, Weights.from_s3("s3://bucket/model.tar.gz", accept_eula=True))

    template.has_resource_properties(
        "AWS::SageMaker::Model",
        {
            "PrimaryContainer": {
                "ModelDataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Object",
                        "CompressionType": "Gzip",
                        "ModelAccessConfig": {"AcceptEula": True},
                    }
                }
            }
        },
    )


def test_just_the_prefix_may_be_read(stack: Stack) -> None:
    template = deploy(stack, Weights.from_s3("s3://bucket/models/name/"))

    bucket = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::bucket"]]}
    objects = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::bucket/models/name/*"]]}
    assert statement(template, "ReadModel")["Resource"] == objects
    assert statement(template, "ListModel") == {
        "Sid": "ListModel",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": bucket,
        "Condition": {"StringLike": {"s3:prefix": ["models/name/*"]}},
    }


def test_just_the_archive_may_be_read(stack: Stack) -> None:
    template = deploy(stack, Weights.from_s3("s3://bucket/a/model.tar.gz"))

    assert str(statement(template, "ReadModel")["Resource"]).endswith("bucket/a/model.tar.gz']]}")


def test_a_buckets_key_may_be_used_to_decrypt(stack: Stack) -> None:
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)

    template = deploy(stack, Weights.from_bucket(bucket, "name/"))

    assert statement(template, "DecryptModel") == {
        "Sid": "DecryptModel",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": stack.resolve(key.key_arn),
    }


def test_an_imported_bucket_and_key_do(stack: Stack) -> None:
    arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"
    key = kms.Key.from_key_arn(stack, "Key", arn)

    template = deploy(stack, Weights.from_s3("s3://bucket/name/", encryption_key=key))

    assert statement(template, "DecryptModel")["Resource"] == arn


def test_a_bucket_of_the_app_is_named_by_reference(stack: Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket")

    template = deploy(stack, Weights.from_bucket(bucket, "name/"))

    template.has_resource_properties(
        "AWS::SageMaker::Model",
        {
            "PrimaryContainer": {
                "ModelDataSource": {
                    "S3DataSource": {
                        "S3Uri": {
                            "Fn::Join": ["", ["s3://", stack.resolve(bucket.bucket_name), "/name/"]]
                        }
                    }
                }
            }
        },
    )


@pytest.mark.parametrize("uri", ["https://bucket/name/", "s3://bucket", "s3:///x/", "bucket/name/"])
def test_what_is_no_s3_uri_is_refused_at_once(uri: str) -> None:
    with pytest.raises(ValueError, match="uri must be s3://bucket/prefix/"):
        Weights.from_s3(uri)


@pytest.mark.parametrize("uri", ["s3://bucket/name", "s3://bucket/model.zip"])
def test_what_is_neither_a_prefix_nor_an_archive_is_refused_at_once(uri: str) -> None:
    with pytest.raises(ValueError, match=r"must end with '/'.*or with '.tar.gz'"):
        Weights.from_s3(uri)


@pytest.mark.parametrize("prefix", ["*/", "models/nam?/", "models/*.tar.gz"])
def test_a_wildcard_is_refused_as_it_would_let_the_role_read_more(prefix: str) -> None:
    with pytest.raises(ValueError, match=r"has a wildcard \(\* or \?\), which a policy reads"):
        Weights.from_s3(f"s3://bucket/{prefix}")


def test_a_form_that_contradicts_the_name_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="must end with"):
        Weights.from_s3("s3://bucket/name/", compressed=True)
    with pytest.raises(ValueError, match="must end with"):
        Weights.from_s3("s3://bucket/model.tar.gz", compressed=False)


def test_the_key_of_an_archive_may_be_a_token_if_its_form_is_said(stack: Stack) -> None:
    key = CfnParameter(stack, "Key").value_as_string
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "bucket")

    with pytest.raises(ValueError, match="say compressed=True"):
        Weights.from_bucket(bucket, key)
    deploy(stack, Weights.from_bucket(bucket, key, compressed=True))
