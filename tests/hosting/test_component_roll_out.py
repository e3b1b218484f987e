"""How an update reaches the copies of a component."""

from __future__ import annotations

from aws_cdk import App, Duration, Stack

from hosting.sharing import (
    COMPONENT,
    lie,
    only,
    share,
)
from sagemaker_model import (
    RollOut,
)


def test_an_update_replaces_copies_in_batches(app: App, stack: Stack) -> None:
    roll_out = RollOut.rolling(
        instances=1,
        wait=Duration.minutes(2),
        rollback_percent=100,
        timeout=Duration.hours(1),
    )
    lie(stack, share(stack), copies=2, accelerators=1, roll_out=roll_out)

    app.synth()
    assert only(stack, COMPONENT)["DeploymentConfig"] == {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
            "WaitIntervalInSeconds": 120,
            "MaximumExecutionTimeoutInSeconds": 3600,
            "RollbackMaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 100},
        }
    }


def test_an_alarm_on_its_own_errors_rolls_a_component_back(app: App, stack: Stack) -> None:
    shared = share(stack)
    model = lie(stack, shared)
    errors = model.metric_invocation_5xx_errors()

    model.roll_back_on(errors.create_alarm(stack, "Errors", threshold=1, evaluation_periods=1))

    app.synth()
    component = only(stack, COMPONENT)
    assert component["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert component["DeploymentConfig"]["RollingUpdatePolicy"]["WaitIntervalInSeconds"] == 600
    alarm = only(stack, "AWS::CloudWatch::Alarm")
    assert alarm["Dimensions"] == [
        {"Name": "InferenceComponentName", "Value": component["InferenceComponentName"]}
    ]
    assert "EndpointName" not in only(stack, "AWS::SageMaker::Endpoint")
