"""An instance type by what it must have."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from sagemaker_model import (
    Container,
    Hardware,
    InferenceComponent,
    SageMakerModel,
    SharedEndpoint,
)
from sagemaker_model.instance.hardware import choose_again
from sagemaker_model.instance.table import instances

CONFIG = "AWS::SageMaker::EndpointConfig"
A_10_G = Hardware(accelerator="A10G", memory_gib=30)


def a_stack(region: str | None = "us-east-1") -> Stack:
    return Stack(App(), "Stack", env=Environment(region=region) if region else None)


def a_container(hardware: Hardware) -> Container:
    return Container(model_id="org/name", instance_type=hardware)


@pytest.mark.parametrize(
    ("hardware", "name"),
    [
        (A_10_G, "ml.g5.2xlarge"),
        (Hardware(accelerator="A10G", count=4), "ml.g5.12xlarge"),
        (Hardware(gpu_memory_gib=40), "ml.g6e.xlarge"),
        (Hardware(count=8, gpu_memory_gib=70), "ml.p4de.24xlarge"),
        (Hardware(vcpus=4, memory_gib=8), "ml.c7i.xlarge"),
        (Hardware(vcpus=4, architecture="arm64"), "ml.c8g.xlarge"),
    ],
    ids=str,
)
def test_the_smallest_type_that_has_it_is_taken(hardware: Hardware, name: str) -> None:
    assert hardware.instance_type("us-east-1") == name


@pytest.mark.parametrize(
    "hardware",
    [
        A_10_G,
        Hardware(accelerator="A10G", count=4),
        Hardware(gpu_memory_gib=40.5),
        Hardware(vcpus=4, architecture="arm64"),
        Hardware(),
    ],
    ids=str,
)
def test_what_a_lock_file_names_is_chosen_as_what_was_asked_for(hardware: Hardware) -> None:
    key = hardware.lock_key("us-east-1")

    assert choose_again(key) == hardware.instance_type("us-east-1")


@pytest.mark.parametrize(
    "key", ["", "region=us-east-1,size=1", "count=4", "count=x,region=us-east-1", "A10G"]
)
def test_a_lock_file_that_names_nothing_is_told(key: str) -> None:
    with pytest.raises(ValueError, match="can't be chosen again"):
        choose_again(key)


@pytest.mark.parametrize(
    "hardware", [A_10_G, Hardware(count=1), Hardware(vcpus=2), Hardware(memory_gib=1)], ids=str
)
def test_what_is_taken_has_all_that_was_asked_for(hardware: Hardware) -> None:
    spec = instances()[hardware.instance_type("eu-west-1")]

    assert spec.memory_mib >= (hardware.memory_gib or 0) * 1024
    assert spec.vcpus >= (hardware.vcpus or 0)
    assert bool(spec.gpus) == bool(hardware.accelerator or hardware.count)
    assert "eu-west-1" in spec.regions
    assert not spec.burstable


def test_a_region_without_such_a_type_is_an_error_that_names_where_there_is_one() -> None:
    with pytest.raises(ValueError, match=r"no instance type in eu-south-1 has 1 x A10G and 30 GiB"):
        A_10_G.instance_type("eu-south-1")
    with pytest.raises(ValueError, match=r"ml.g5.2xlarge has, in .*eu-central-1"):
        A_10_G.instance_type("eu-south-1")


def test_what_no_type_has_is_an_error_that_asks_for_less() -> None:
    with pytest.raises(ValueError, match="ask for less"):
        Hardware(accelerator="T4", count=64).instance_type("us-east-1")


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"accelerator": "A10"}, ValueError, "did you mean 'A10G'"),
        ({"count": 0}, ValueError, "more than 0"),
        ({"memory_gib": "30"}, TypeError, "must be a number"),
        ({"vcpus": True}, TypeError, "must be a number"),
        ({"architecture": "x86"}, ValueError, "x86_64 or arm64"),
    ],
    ids=["gpu", "none", "text", "truth", "architecture"],
)
def test_what_can_be_no_hardware_is_refused_where_it_is_written(
    given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Hardware(**given)


def test_the_endpoint_runs_on_the_type_that_was_chosen() -> None:
    stack = a_stack()

    SageMakerModel(stack, "Model", model=a_container(A_10_G))

    (config,) = Template.from_stack(stack).find_resources(CONFIG).values()
    (variant,) = config["Properties"]["ProductionVariants"]
    assert variant["InstanceType"] == "ml.g5.2xlarge"


def test_all_gpus_of_the_type_that_was_chosen_are_told_to_the_engine() -> None:
    stack = a_stack()

    SageMakerModel(stack, "Model", model=a_container(Hardware(accelerator="A10G", count=4)))

    (model,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Model").values()
    environment = model["Properties"]["PrimaryContainer"]["Environment"]
    assert environment["SM_VLLM_TENSOR_PARALLEL_SIZE"] == "4"


def test_a_region_agnostic_stack_is_told_to_say_its_region() -> None:
    with pytest.raises(ValueError, match=r"needs to know the Region.*give the stack env="):
        SageMakerModel(a_stack(None), "Model", model=a_container(A_10_G))


def test_the_construct_can_say_the_region() -> None:
    stack = a_stack(None)

    SageMakerModel(stack, "Model", model=a_container(A_10_G), region="us-east-1")

    assert "ml.g5.2xlarge" in str(Template.from_stack(stack).to_json())


def test_instances_that_are_shared_are_chosen_alike() -> None:
    stack = a_stack()
    wanted = Hardware(accelerator="A10G", count=4)

    endpoint = SharedEndpoint(stack, "Endpoint", instance_type=wanted, max_instances=2)
    hosting = InferenceComponent(endpoint=endpoint, accelerators=1)
    SageMakerModel(stack, "Model", model=a_container(wanted), hosting=hosting)

    assert "ml.g5.12xlarge" in str(Template.from_stack(stack).to_json())


def test_no_type_is_chosen_before_the_region_is_known() -> None:
    with pytest.raises(TypeError, match="no instance type is chosen yet for 1 x A10G"):
        _ = a_container(A_10_G).type_name
