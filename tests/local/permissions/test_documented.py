"""What AWS documents that its services do as a role, and what of it one request makes them do."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from sagemaker_model.local.permissions.calls import (
    Place,
    documented_build_calls,
    documented_calls,
)
from sagemaker_model.local.permissions.documented import Call, Local, Service, documented

PLACE = Place("123456789012", "eu-west-1")
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/huggingface-vllm:0.29.0-gpu@sha256:ab"
SERVICES: tuple[Service, ...] = get_args(Service)


def of_model(config: dict[str, Any] | None = None, **container: Any) -> dict[str, list[Call]]:
    model = {"ModelName": "m", "PrimaryContainer": container}
    calls = documented_calls(model, config or {}, endpoint="e", place=PLACE)
    return {when: [call for call in calls if call.when == when] for when in {c.when for c in calls}}


@pytest.mark.parametrize("service", SERVICES)
def test_each_call_names_a_page_of_aws_and_what_the_local_aws_does_of_it(service: Service) -> None:
    calls = documented(service)
    assert calls
    for call in calls:
        assert call.source.url.startswith("https://docs.aws.amazon.com/")
        assert call.source.title
        assert call.local in get_args(Local)
        assert call.action.count(":") == 1


@pytest.mark.parametrize("service", SERVICES)
def test_no_call_is_told_twice(service: Service) -> None:
    told = [
        (each.action, each.resource, each.when, *each.context.values())
        for each in documented(service)
    ]
    assert len(told) == len(set(told))


def test_a_model_package_is_only_logged_and_measured() -> None:
    assert set(of_model(ModelPackageName="arn:aws:sagemaker:eu-west-1:1:model-package/p")) == {
        "always"
    }


def test_an_image_is_pulled_from_its_own_repository_whatever_its_tag_and_digest() -> None:
    repository = "arn:aws:ecr:eu-west-1:763104351884:repository/huggingface-vllm"
    calls = of_model(Image=IMAGE)["image"]
    assert {call.resource for call in calls} == {"*", repository}
    assert "ecr:BatchGetImage" in {call.action for call in calls}


def test_a_prefix_is_listed_and_its_files_are_read() -> None:
    source = {"S3DataSource": {"S3Uri": "s3://b/p/q/", "S3DataType": "S3Prefix"}}
    calls = of_model(Image=IMAGE, ModelDataSource=source)["prefix"]
    assert [(call.action, call.resource, dict(call.context)) for call in calls] == [
        ("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "p/q/"}),
        ("s3:GetObject", "arn:aws:s3:::b/p/q/file", {}),
    ]


def test_an_archive_is_read_and_nothing_is_listed() -> None:
    calls = of_model(Image=IMAGE, ModelDataUrl="s3://b/p/model.tar.gz")
    assert [(each.action, each.resource) for each in calls["object"]] == [
        ("s3:GetObject", "arn:aws:s3:::b/p/model.tar.gz")
    ]
    assert "prefix" not in calls


def test_a_key_of_the_volume_is_used_where_the_configuration_names_one() -> None:
    assert "volume_key" not in of_model(Image=IMAGE)
    calls = of_model({"KmsKeyId": KEY}, Image=IMAGE)["volume_key"]
    assert {call.resource for call in calls} == {KEY}


def test_interfaces_are_made_where_model_or_configuration_have_a_vpc() -> None:
    vpc = {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
    assert "vpc" not in of_model(Image=IMAGE)
    assert "vpc" in of_model(vpc, Image=IMAGE)


def test_logs_and_metrics_are_those_of_the_endpoint() -> None:
    calls = of_model(Image=IMAGE)["always"]
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/e"
    assert {call.resource for call in calls if call.action == "logs:CreateLogGroup"} == {group}
    spaces = {call.context["cloudwatch:namespace"] for call in calls if call.context}
    assert spaces == {"/aws/sagemaker/Endpoints", "AWS/SageMaker"}


def test_each_container_of_a_pipeline_is_pulled() -> None:
    second = IMAGE.replace("huggingface-vllm", "sglang")
    model = {"ModelName": "m", "Containers": [{"Image": IMAGE}, {"Image": second}]}
    calls = documented_calls(model, {}, endpoint="e", place=PLACE)
    pulled = {call.resource.rpartition("/")[2] for call in calls if call.when == "image"}
    assert pulled == {"*", "huggingface-vllm", "sglang"}


def test_results_of_asynchronous_inference_are_written_where_the_configuration_says() -> None:
    output = {"S3OutputPath": "s3://b/out/", "S3FailurePath": "s3://b/bad/"}
    config = {"AsyncInferenceConfig": {"OutputConfig": output}}
    calls = of_model(config, Image=IMAGE)["async_output"]
    assert [call.resource for call in calls if call.action == "s3:PutObject"] == [
        "arn:aws:s3:::b/out/file",
        "arn:aws:s3:::b/bad/file",
    ]


def test_a_build_reads_its_sources_secrets_and_parameters_and_writes_its_log() -> None:
    variables = [
        {"name": "A", "value": "plain", "type": "PLAINTEXT"},
        {"name": "B", "value": "arn:secret", "type": "SECRETS_MANAGER"},
        {"name": "C", "value": "/my/parameter", "type": "PARAMETER_STORE"},
    ]
    project = {
        "name": "p",
        "source": {"type": "S3", "location": "b/source.zip"},
        "secondarySources": [{"type": "NO_SOURCE"}, {"type": "S3", "location": "b/code.zip"}],
        "environment": {"environmentVariables": variables},
    }
    told = {(each.action, each.resource) for each in documented_build_calls(project, place=PLACE)}
    here = "eu-west-1:123456789012"
    assert told == {
        *((f"s3:{verb}", f"arn:aws:s3:::b/{name}.zip")
          for verb in ("GetObject", "GetObjectVersion") for name in ("source", "code")),
        *((f"logs:{verb}", f"arn:aws:logs:{here}:log-group:/aws/codebuild/p:log-stream:build")
          for verb in ("CreateLogStream", "PutLogEvents")),
        ("secretsmanager:GetSecretValue", "arn:secret"),
        ("ssm:GetParameters", f"arn:aws:ssm:{here}:parameter/my/parameter"),
    }  # fmt: skip


def test_a_build_in_a_vpc_makes_interfaces_for_codebuild() -> None:
    calls = documented_build_calls({"name": "p", "vpcConfig": {"vpcId": "v"}}, place=PLACE)
    (permission,) = (c for c in calls if c.action == "ec2:CreateNetworkInterfacePermission")
    assert permission.context == {"ec2:AuthorizedService": "codebuild.amazonaws.com"}
