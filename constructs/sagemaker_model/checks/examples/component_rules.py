"""Examples for the rules about a model on a shared endpoint."""

from __future__ import annotations

from aws_cdk import Stack

from sagemaker_model import InferenceComponent, SageMakerModel, SharedEndpoint
from sagemaker_model.checks.examples.parts import a_container


def component_accelerators(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    hosting = InferenceComponent(endpoint=endpoint, accelerators=2)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def component_tensor_parallel(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.12xlarge", max_instances=1)
    model = a_container("ml.g5.12xlarge", SM_VLLM_TENSOR_PARALLEL_SIZE="4")
    hosting = InferenceComponent(endpoint=endpoint, accelerators=2)
    SageMakerModel(stack, "Model", model=model, hosting=hosting)


def component_memory(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    hosting = InferenceComponent(endpoint=endpoint, memory_mib=16384)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def component_cpus(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    hosting = InferenceComponent(endpoint=endpoint, cpus=16)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def component_endpoint_full(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    hosting = InferenceComponent(endpoint=endpoint, accelerators=1, copies=2)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting)


def component_network_isolation(stack: Stack) -> None:
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.2xlarge", max_instances=1)
    hosting = InferenceComponent(endpoint=endpoint)
    SageMakerModel(stack, "Model", model=a_container(), hosting=hosting, network_isolation=True)
