"""What is said of a model on an endpoint that it shares, one deployment at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import CfnParameter, Stack

from checks.subjects import an_image, deployed
from sagemaker_model import InferenceComponent, RealTime, SharedEndpoint
from sagemaker_model.checks.component_rules import COMPONENT_RULES
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.hosting_rules import HOSTING_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import ContainerDefinition
from sagemaker_model.engine.vllm import Vllm

GPU = "ml.g5.12xlarge"  # 4 GPUs, 48 processors, 192 GiB
CPU = "ml.m5.xlarge"  # 4 processors, 16 GiB


def on_shared(
    stack: Stack, *, instance_type: str = GPU, endpoint: Any = None, **more: Any
) -> Deployed:
    shared = SharedEndpoint(
        stack, "Shared", **{"instance_type": instance_type, "max_instances": 1, **(endpoint or {})}
    )
    return replace(deployed(instance_type), hosting=InferenceComponent(endpoint=shared, **more))


def found(subject: Deployed) -> dict[str, Severity]:
    return {each.rule: each.severity for each in check_all(COMPONENT_RULES, subject)}


def test_nothing_is_said_of_what_fits(stack: Stack) -> None:
    assert found(on_shared(stack, accelerators=4, cpus=48)) == {}


def test_nothing_is_said_of_other_hosting() -> None:
    isolated = ContainerDefinition(network_isolation=True)

    assert found(replace(deployed(), hosting=RealTime(), container=isolated)) == {}


@pytest.mark.parametrize(("instance_type", "accelerators"), [(GPU, 5), (CPU, 1)])
def test_more_accelerators_than_an_instance_has_are_an_error(
    stack: Stack, instance_type: str, accelerators: int
) -> None:
    subject = on_shared(stack, instance_type=instance_type, accelerators=accelerators)

    assert found(subject) == {"component-accelerators": Severity.ERROR}


@pytest.mark.parametrize(("degree", "errors"), [("4", 1), ("2", 0), ("auto", 0)])
def test_a_variable_that_splits_over_more_gpus_than_a_copy_gets_is_an_error(
    stack: Stack, degree: str, errors: int
) -> None:
    container = ContainerDefinition(
        image=an_image(),
        engine=Vllm(),
        user_environment={"SM_VLLM_TENSOR_PARALLEL_SIZE": degree},
    )
    subject = replace(on_shared(stack, accelerators=2), container=container)

    assert found(subject) == dict.fromkeys(["component-tensor-parallel"][:errors], Severity.ERROR)


@pytest.mark.parametrize(("memory", "warned"), [(3276, False), (3277, True)])
def test_much_of_the_memory_is_a_warning(stack: Stack, memory: int, warned: bool) -> None:
    subject = on_shared(stack, instance_type=CPU, memory_mib=memory)

    expected = {"component-memory": Severity.WARNING} if warned else {}
    assert found(subject) == expected


def test_memory_that_only_cloudformation_knows_is_not_compared(stack: Stack) -> None:
    memory = CfnParameter(stack, "Memory", type="Number").value_as_number

    assert found(on_shared(stack, instance_type=CPU, memory_mib=int(memory))) == {}


def test_more_processors_than_an_instance_has_are_an_error(stack: Stack) -> None:
    subject = on_shared(stack, instance_type=CPU, cpus=4.5)

    assert found(subject) == {"component-cpus": Severity.ERROR}


@pytest.mark.parametrize(("taken", "full"), [(8, False), (9, True)])
def test_models_that_do_not_all_fit_are_a_warning(stack: Stack, taken: int, full: bool) -> None:
    subject = on_shared(stack, endpoint={"max_instances": 2}, accelerators=1)
    assert isinstance(subject.hosting, InferenceComponent)

    subject.hosting.endpoint.instances.take_on(None, taken)

    findings = check_all(COMPONENT_RULES, subject)
    assert [each.rule for each in findings] == ["component-endpoint-full"] * full
    assert [each.fix for each in findings] == [
        "raise max_instances to 3, or give copies fewer accelerators"
    ] * full


@pytest.mark.parametrize("shared", [True, False])
def test_isolation_of_one_model_alone_is_a_warning(stack: Stack, shared: bool) -> None:
    subject = on_shared(stack, endpoint={"network_isolation": shared}, accelerators=1)
    isolated = replace(subject, container=ContainerDefinition(network_isolation=True))

    rules = found(isolated)

    assert rules == ({} if shared else {"component-network-isolation": Severity.WARNING})


def test_the_endpoints_host_image_is_looked_at_for_each_model(stack: Stack) -> None:
    hosting = RealTime(inference_ami_version="al2023-ami-sagemaker-inference-gpu-4-1")
    subject = on_shared(stack, endpoint={"hosting": hosting}, accelerators=1)
    container = ContainerDefinition(image=an_image(cuda="12.8"))

    (finding,) = check_all(HOSTING_RULES, replace(subject, container=container))

    assert finding.rule == "inference-ami-cuda"
