"""What the checks say of a construct, and how it is acknowledged."""

from collections.abc import Callable

import pytest
from aws_cdk import (
    Acknowledgment,
    Annotations,
    App,
    Stack,
    Validations,
    assertions,
)
from aws_cdk.assertions import Match
from constructs import Construct

from construct.models import container
from sagemaker_model import (
    SageMakerModel,
)


def acknowledge(scope: Construct, rule: str) -> None:
    Validations.of(scope).acknowledge(
        Acknowledgment(id=f"sagemaker-model:{rule}", reason="it is meant")
    )


def test_all_errors_are_told_together_when_the_app_is_synthesized(app: App, stack: Stack) -> None:
    SageMakerModel(stack, "One", model=container("ml.m5.xlarge"))
    SageMakerModel(stack, "Two", model=container(MAX_TOTEL_TOKENS="1", HF_TOKEN="hf_" + "a" * 30))

    with pytest.raises(RuntimeError) as failure:
        app.synth()

    text = str(failure.value)
    assert "[Stack/One] instance_type: has no GPU" in text
    assert "[sagemaker-model:image-needs-gpu]" in text
    assert "[Stack/Two] env.HF_TOKEN" in text


def test_an_error_is_acknowledged_at_the_model(app: App, stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container("ml.m5.xlarge"))

    acknowledge(model, "image-needs-gpu")

    app.synth()


def test_an_error_is_acknowledged_for_a_whole_stack(app: App, stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=container("ml.m5.xlarge"))

    acknowledge(stack, "image-needs-gpu")

    app.synth()


def test_acknowledging_one_rule_leaves_the_others(app: App, stack: Stack) -> None:
    model = SageMakerModel(stack, "Model", model=container("ml.m5.xlarge"))

    acknowledge(model, "image-architecture")

    with pytest.raises(RuntimeError, match="has no GPU"):
        app.synth()


@pytest.mark.parametrize(
    "accept",
    [
        lambda model: Annotations.of(model).acknowledge_warning(
            "sagemaker-model:instance-type-unknown"
        ),
        lambda model: acknowledge(model, "instance-type-unknown"),
        lambda model: acknowledge(Stack.of(model), "instance-type-unknown"),
    ],
    ids=["annotation", "validation", "at the stack"],
)
def test_a_warning_is_acknowledged_in_cdks_own_ways(
    stack: Stack, accept: Callable[[SageMakerModel], None]
) -> None:
    model = SageMakerModel(stack, "Model", model=container("ml.g99.2xlarge"))

    accept(model)

    assertions.Annotations.from_stack(stack).has_no_warning(
        "*", Match.string_like_regexp("not an instance type")
    )
