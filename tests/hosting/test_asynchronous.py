"""Asynchronous hosting: where requests and answers lie, who is told, and how it sleeps."""

from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from construct.models import container
from sagemaker_model import Asynchronous, RollOut, SageMakerModel
from sagemaker_model.hosting.hosting import Hosting

CONFIG = "AWS::SageMaker::EndpointConfig"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"


def served(stack: Stack, hosting: Hosting | None = None) -> SageMakerModel:
    return SageMakerModel(
        stack, "Model", model=container(), hosting=hosting or Asynchronous(), smoke_test=None
    )


def statements(stack: Stack) -> dict[str, Any]:
    (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    return {each.get("Sid"): each for each in policy["Properties"]["PolicyDocument"]["Statement"]}


def output(stack: Stack) -> Any:
    (config,) = Template.from_stack(stack).find_resources(CONFIG).values()
    return config["Properties"]["AsyncInferenceConfig"]["OutputConfig"]


def test_a_bucket_of_its_own_stays_encrypted_and_closed(app: App, stack: Stack) -> None:
    model = served(stack)

    app.synth()
    template = Template.from_stack(stack)
    (name,) = template.find_resources(
        "AWS::S3::Bucket",
        {"DeletionPolicy": "Retain", "Properties": {"BucketName": Match.absent()}},
    )
    assert model.data_bucket is not None
    assert stack.resolve(model.data_bucket.bucket_name) == {"Ref": name}
    assert output(stack) == {
        "S3OutputPath": {"Fn::Join": ["", ["s3://", {"Ref": name}, "/output"]]},
        "S3FailurePath": {"Fn::Join": ["", ["s3://", {"Ref": name}, "/failures"]]},
    }


def test_the_role_reads_requests_and_writes_answers_and_failures_and_no_more(
    stack: Stack,
) -> None:
    served(stack)

    found = {
        sid: (each["Action"], each["Resource"]["Fn::Join"][1][-1])
        for sid, each in statements(stack).items()
        if sid in {"ReadRequests", "WriteAnswers", "WriteFailures"}
    }
    put = ["s3:AbortMultipartUpload", "s3:PutObject"]
    assert found == {
        "ReadRequests": ("s3:GetObject", "/input/*"),
        "WriteAnswers": (put, "/output/*"),
        "WriteFailures": (put, "/failures/*"),
    }


def test_paths_of_yours_are_used_and_no_bucket_is_made(app: App, stack: Stack) -> None:
    key = kms.Key(stack, "Key")
    hosting = Asynchronous(
        output_path="s3://mine/answers/",
        failure_path="s3://mine/failures",
        input_path="s3://yours/requests",
        encryption_key=key,
        max_concurrent_invocations=8,
    )

    model = served(stack, hosting)

    app.synth()
    assert model.data_bucket is None
    Template.from_stack(stack).resource_count_is("AWS::S3::Bucket", 0)
    assert output(stack) == {
        "S3OutputPath": "s3://mine/answers",
        "S3FailurePath": "s3://mine/failures",
        "KmsKeyId": stack.resolve(key.key_arn),
    }
    client = {"ClientConfig": {"MaxConcurrentInvocationsPerInstance": 8}}
    Template.from_stack(stack).has_resource_properties(CONFIG, {"AsyncInferenceConfig": client})
    assert statements(stack)["ReadRequestsKey"]["Action"] == "kms:Decrypt"
    assert "kms:GenerateDataKey" in statements(stack)["WriteAnswersKey"]["Action"]


def test_topics_are_told_with_the_answer_and_by_rights_on_them_alone(
    app: App, stack: Stack
) -> None:
    key = kms.Key(stack, "Key")
    done, failed = sns.Topic(stack, "Done", master_key=key), sns.Topic(stack, "Failed")

    served(stack, Asynchronous(success_topic=done, error_topic=failed, include_response=True))

    app.synth()
    assert output(stack)["NotificationConfig"] == {
        "SuccessTopic": stack.resolve(done.topic_arn),
        "ErrorTopic": stack.resolve(failed.topic_arn),
        "IncludeInferenceResponseIn": [
            "SUCCESS_NOTIFICATION_TOPIC",
            "ERROR_NOTIFICATION_TOPIC",
        ],
    }
    assert statements(stack)["PublishResults"]["Resource"] == [
        stack.resolve(done.topic_arn),
        stack.resolve(failed.topic_arn),
    ]
    assert statements(stack)["UseTopicKey"]["Resource"] == stack.resolve(key.key_arn)


def test_the_backlog_is_watched_by_the_one_dimension_that_it_has(app: App, stack: Stack) -> None:
    model = served(stack)

    model.auto_scale(max_capacity=4).scale_on_backlog(5)

    app.synth()
    template = Template.from_stack(stack)
    (policy,) = template.find_resources(POLICY).values()
    metric = policy["Properties"]["TargetTrackingScalingPolicyConfiguration"]
    assert metric == {
        "CustomizedMetricSpecification": {
            "MetricName": "ApproximateBacklogSizePerInstance",
            "Namespace": "AWS/SageMaker",
            "Dimensions": [{"Name": "EndpointName", "Value": stack.resolve(model.endpoint_name)}],
            "Statistic": "Average",
        },
        "TargetValue": 5,
    }
    template.resource_count_is("AWS::CloudWatch::Alarm", 0)


@pytest.mark.parametrize(
    "name",
    [
        "ApproximateAgeOfOldestRequest",
        "ApproximateBacklogSize",
        "ApproximateBacklogSizePerInstance",
        "HasBacklogWithoutCapacity",
    ],
)
def test_metrics_of_the_queue_know_no_variant(stack: Stack, name: str) -> None:
    model = served(stack)

    metric = model.metric(name)

    assert stack.resolve(metric.dimensions) == {"EndpointName": stack.resolve(model.endpoint_name)}


def assert_it_wakes(stack: Stack, model: SageMakerModel) -> None:
    template = Template.from_stack(stack)
    template.has_resource_properties(
        POLICY,
        {
            "PolicyType": "StepScaling",
            "StepScalingPolicyConfiguration": {
                "AdjustmentType": "ChangeInCapacity",
                "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
            },
        },
    )
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "MetricName": "HasBacklogWithoutCapacity",
            "Dimensions": [{"Name": "EndpointName", "Value": stack.resolve(model.endpoint_name)}],
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1,
            "EvaluationPeriods": 1,
            "Period": 60,
        },
    )


def test_from_no_instance_one_waiting_request_starts_the_first(app: App, stack: Stack) -> None:
    model = served(stack)

    model.auto_scale(min_capacity=0, max_capacity=4).scale_on_backlog(5)

    app.synth()
    Template.from_stack(stack).has_resource_properties(TARGET, {"MinCapacity": 0})
    assert_it_wakes(stack, model)


def test_so_it_does_where_only_a_schedule_allows_none(stack: Stack) -> None:
    model = served(stack)
    scaling = model.auto_scale(max_capacity=4)

    scaling.scale_on_schedule("Evening", autoscaling.Schedule.cron(hour="18"), min_capacity=0)

    assert_it_wakes(stack, model)


def test_a_schedule_that_allows_no_instance_at_all_is_not_worked_against(stack: Stack) -> None:
    scaling = served(stack).auto_scale(max_capacity=4)

    scaling.scale_on_schedule(
        "Night", autoscaling.Schedule.cron(hour="22"), min_capacity=0, max_capacity=0
    )

    Template.from_stack(stack).resource_count_is("AWS::CloudWatch::Alarm", 0)


def test_a_largest_capacity_of_none_is_refused(stack: Stack) -> None:
    with pytest.raises(ValueError, match="max_capacity must be 1 or more, got 0"):
        served(stack).auto_scale(min_capacity=0, max_capacity=0)


@pytest.mark.parametrize("method", ["scale_on_invocations", "scale_on_concurrency"])
def test_metrics_that_no_queue_has_are_refused(stack: Stack, method: str) -> None:
    scaling = served(stack).auto_scale(max_capacity=4)

    with pytest.raises(ValueError, match=f"{method} can't be used here.*scale_on_backlog"):
        getattr(scaling, method)(5)


def test_updates_are_rolled_out_as_of_any_fleet(app: App, stack: Stack) -> None:
    roll_out = RollOut.rolling(percent=50, wait=Duration.minutes(5))

    served(stack, Asynchronous(initial_instance_count=2, roll_out=roll_out))

    app.synth()
    config = {"DeploymentConfig": {"RollingUpdatePolicy": Match.any_value()}}
    Template.from_stack(stack).has_resource_properties("AWS::SageMaker::Endpoint", config)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"output_path": "bucket/answers"}, "output_path must be s3://bucket/folder"),
        ({"failure_path": "s3://b/*"}, "failure_path must be s3://bucket/folder"),
        ({"input_path": "s3://"}, "input_path must be s3://bucket/folder"),
        ({"max_concurrent_invocations": 1001}, "must be between 1 and 1000 requests, got 1001"),
        ({"include_response": True}, "there is no topic"),
        ({"initial_instance_count": 0}, "initial_instance_count must be 1 or more"),
    ],
    ids=str,
)
def test_what_can_not_be_right_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Asynchronous(**arguments)
