"""How an update reaches the copies of an inference component: in batches, and no other way."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_sagemaker as sagemaker

from sagemaker_model.hosting.limits import seconds_of
from sagemaker_model.hosting.roll_out import Batch, Rolling, RollOut


def check_component_roll_out(roll_out: RollOut | None) -> None:
    """Raise for a roll-out that needs a second fleet, which a component has none of.

    Raises:
        ValueError: It is no rolling one.
    """
    if roll_out is not None and not isinstance(roll_out, Rolling):
        raise ValueError(
            "roll_out of an InferenceComponent must be RollOut.rolling(…), as its copies are "
            "replaced in batches; use that, or leave it out"
        )


def component_roll_out(
    roll_out: RollOut | None, alarm_names: Sequence[str] = ()
) -> sagemaker.CfnInferenceComponent.InferenceComponentDeploymentConfigProperty:
    """Return the property, rolled back by the alarms.

    Args:
        roll_out: How the update is rolled out. Where there is none, half of the copies are
            replaced and watched for 10 minutes.
        alarm_names: Alarms that roll an update back. Default: none.
    """
    properties = sagemaker.CfnInferenceComponent
    rolling = roll_out or RollOut.rolling(percent=50, wait=Duration.minutes(10))
    if not isinstance(rolling, Rolling):
        raise TypeError(f"roll_out must be RollOut.rolling(…), got {rolling!r}")
    back = rolling.rollback_percent
    alarms = [properties.AlarmProperty(alarm_name=name) for name in alarm_names]
    return properties.InferenceComponentDeploymentConfigProperty(
        rolling_update_policy=properties.InferenceComponentRollingUpdatePolicyProperty(
            maximum_batch_size=_size(rolling.size),
            wait_interval_in_seconds=rolling.wait.to_seconds(),
            maximum_execution_timeout_in_seconds=seconds_of(rolling.timeout),
            rollback_maximum_batch_size=(
                None if back is None else _size(Batch(back, None, 1, 100))
            ),
        ),
        auto_rollback_configuration=(
            properties.AutoRollbackConfigurationProperty(alarms=alarms) if alarms else None
        ),
    )


def _size(
    batch: Batch,
) -> sagemaker.CfnInferenceComponent.InferenceComponentCapacitySizeProperty:
    by_count = batch.percent is None
    return sagemaker.CfnInferenceComponent.InferenceComponentCapacitySizeProperty(
        type="COPY_COUNT" if by_count else "CAPACITY_PERCENT",
        value=(batch.instances if by_count else batch.percent) or 0,
    )
