"""Rules about a model on an endpoint that it shares.

Source: ``InferenceComponentComputeResourceRequirements`` in the SageMaker API reference, and what
is named below.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import Token

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.inference_component import InferenceComponent

# On ml.g5.xlarge, which has 16 GiB, 1 GiB is placed and 4 GiB are not.
_SHARE_OF_MEMORY = 5


@rule(
    "component-accelerators",
    Severity.ERROR,
    "A copy wants more accelerators than an instance has.",
    fix="Leave `accelerators` out for all of an instance.",
)
def component_accelerators(deployed: Deployed) -> Iterator[Problem]:
    """Find a copy that fits on no instance: it can't be spread over two."""
    component, instance = _component(deployed), deployed.instance
    there = component.endpoint.instances.devices if component else None
    wanted = component.accelerators if component else None
    if wanted is None or there is None or instance is None or wanted <= there:
        return
    yield Problem(
        "hosting.accelerators",
        f"is more than {instance.name} has, and a copy lies on one instance",
        got=str(wanted),
        allowed=f"1 to {there}" if there else "none, as there are no accelerators",
        fix="leave it out for all of an instance" if there else "leave it out",
    )


@rule(
    "component-tensor-parallel",
    Severity.ERROR,
    "The model is split over more GPUs than a copy gets.",
    fix="Leave the variable out: the engine is told of `accelerators`.",
)
def component_tensor_parallel(deployed: Deployed) -> Iterator[Problem]:
    """Find a variable that tells the engine of GPUs that the copy can't see."""
    component, container = _component(deployed), deployed.container
    if component is None or component.accelerators is None or container.engine is None:
        return
    version = container.image.version if container.image else None
    name = container.engine.option_variables(version).get("tensor_parallel_degree", "")
    degree = container.user_environment.get(name, "")
    if degree.isdecimal() and int(degree) > component.accelerators:
        yield Problem(
            f"env.{name}",
            "splits the model over more GPUs than each copy gets, so that it can't start",
            got=degree,
            allowed=f"1 to {component.accelerators}",
            fix="leave it out, as the engine is told of hosting.accelerators",
        )


@rule(
    "component-memory",
    Severity.WARNING,
    "A copy reserves more memory than may be there.",
    fix="Reserve less; a copy may use more than it reserves.",
)
def component_memory(deployed: Deployed) -> Iterator[Problem]:
    """Find a reservation that SageMaker may have no room for, beside what it runs itself."""
    component, instance = _component(deployed), deployed.instance
    memory = _known(component.memory_mib) if component else None
    if memory is None or instance is None or memory * _SHARE_OF_MEMORY <= instance.memory_mib:
        return
    yield Problem(
        "hosting.memory_mib",
        f"is a large part of the {instance.memory_mib} MiB of {instance.name}, and may be refused "
        "as “not enough hardware resources”: 4096 of 16384 MiB were",
        got=f"{memory} MiB",
        allowed=f"up to {instance.memory_mib // _SHARE_OF_MEMORY} MiB without this warning",
        fix="reserve less; a copy may use more than it reserves",
    )


@rule(
    "component-cpus",
    Severity.ERROR,
    "A copy wants more processors than an instance has.",
    fix="Leave `cpus` out, or choose a larger type.",
)
def component_cpus(deployed: Deployed) -> Iterator[Problem]:
    """Find a copy that fits on no instance."""
    component, instance = _component(deployed), deployed.instance
    cpus = component.cpus if component else None
    if cpus is not None and instance is not None and cpus > instance.vcpus:
        yield Problem(
            "hosting.cpus",
            f"is more than {instance.name} has",
            got=f"{cpus:g}",
            allowed=f"up to {instance.vcpus}",
            fix="leave it out, or choose a larger type",
        )


@rule(
    "component-endpoint-full",
    Severity.WARNING,
    "Not all models fit on the shared endpoint.",
    fix="Raise `max_instances`, or give each copy fewer accelerators.",
)
def component_endpoint_full(deployed: Deployed) -> Iterator[Problem]:
    """Find copies that need more accelerators than all instances have; the last one would wait."""
    component = _component(deployed)
    if component is None:
        return
    instances = component.endpoint.instances
    there, each = instances.all_devices, instances.devices
    if there and each and instances.taken > there:
        yield Problem(
            "hosting.endpoint",
            f"has {there} accelerators at most, but its models take {instances.taken} at first, so "
            "that this one finds no room",
            fix=f"raise max_instances to {-(-instances.taken // each)}, or give copies fewer "
            "accelerators",
        )


@rule(
    "component-network-isolation",
    Severity.WARNING,
    "The model is isolated, but the endpoint that it shares is not.",
    fix="Give `network_isolation=True` to the `SharedEndpoint`.",
)
def component_network_isolation(deployed: Deployed) -> Iterator[Problem]:
    """Find isolation that the configuration of the endpoint does not have.

    ``CreateEndpointConfig.EnableNetworkIsolation`` is about all containers of the endpoint.
    """
    component = _component(deployed)
    if component is None or not deployed.container.network_isolation:
        return
    if not component.endpoint.instances.place.network_isolation:
        yield Problem(
            "network_isolation",
            "is said of this model alone, while a shared endpoint says it for all that lie on it",
            fix="give network_isolation=True to the SharedEndpoint; network_isolation=False where "
            "this model needs none",
        )


COMPONENT_RULES = (
    component_accelerators,
    component_tensor_parallel,
    component_memory,
    component_cpus,
    component_endpoint_full,
    component_network_isolation,
)


def _component(deployed: Deployed) -> InferenceComponent | None:
    hosting = deployed.hosting
    return hosting if isinstance(hosting, InferenceComponent) else None


def _known(number: int) -> int | None:
    return None if Token.is_unresolved(number) else number
