"""Rules about the instance type, and about what runs on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.placed_model import used_gpus
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.image.suggestion import nearest_region
from sagemaker_model.image.table import registry_regions
from sagemaker_model.instance.table import InstanceSpec, similar_instances, suggest

_SHOWN = 3
# All types of ProductionVariant.InstanceType in the SageMaker API reference are of this form.
_FORM = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9-]+")


@rule(
    "region-unknown",
    Severity.WARNING,
    "The Region is not one that is known.",
    fix="Take the suggested Region; accept it where the Region is newer than the tables.",
)
def region_unknown(deployed: Deployed) -> Iterator[Problem]:
    """Find a misspelt Region; a newer one than the tables passes with this warning."""
    region = deployed.region
    if region is None or region in registry_regions():
        return
    meant = nearest_region(region)
    yield Problem(
        "region",
        "is not a Region that this version knows",
        got=region,
        fix=f"did you mean {meant}?" if meant else "acknowledge this if it is a new Region",
    )


@rule(
    "instance-type-form",
    Severity.ERROR,
    "The instance type can be none of SageMaker's.",
    fix="Write `ml.family.size`, as suggested.",
)
def instance_type_form(deployed: Deployed) -> Iterator[Problem]:
    """Find the names of EC2's types, and what has no family or size."""
    given = deployed.instance_type
    if given is None or _FORM.fullmatch(given):
        return
    meant = " or ".join(suggest(given))
    yield Problem(
        "instance_type",
        "can be no instance type of SageMaker",
        got=given,
        allowed="ml.family.size in lower case, such as ml.g5.2xlarge",
        fix=f"did you mean {meant}?" if meant else "write family and size after ml.",
    )


@rule(
    "instance-type-unknown",
    Severity.WARNING,
    "The instance type is not one that is known.",
    fix="Take the suggested type; accept it where the type is newer than the table.",
)
def instance_type_unknown(deployed: Deployed) -> Iterator[Problem]:
    """Find a misspelt type; a newer one than the table passes with this warning."""
    given = deployed.instance_type
    if given is None or deployed.instance is not None or not _FORM.fullmatch(given):
        return
    meant = " or ".join(suggest(given))
    yield Problem(
        "instance_type",
        "is not an instance type that this version knows, so nothing about it can be checked",
        got=given,
        fix=f"did you mean {meant}?" if meant else "acknowledge this if it is a new type",
    )


@rule(
    "instance-type-not-in-region",
    Severity.WARNING,
    "The instance type is not offered in the Region.",
    fix="Take a type that is named, deploy elsewhere, or accept it, as prices are added "
    "faster than tables.",
)
def instance_type_not_in_region(deployed: Deployed) -> Iterator[Problem]:
    """Find a type without a price in the Region; prices are added faster than tables."""
    instance, region = deployed.instance, deployed.region
    if instance is None or region in {None, *instance.regions}:
        return
    if region not in registry_regions():
        return  # which region_unknown tells
    alike = similar_instances(instance, region)[:_SHOWN]
    yield Problem(
        "instance_type",
        f"had no hosting price in {region} when the table was made",
        got=instance.name,
        allowed=", ".join(sorted(instance.regions)) or "no Region",
        fix=f"in {region} there is {', '.join(alike)}" if alike else "deploy to another Region",
    )


@rule(
    "image-needs-gpu",
    Severity.ERROR,
    "The image needs a GPU and the instance has none.",
    fix="Choose a type with a GPU, or an image for the CPU.",
)
def image_needs_gpu(deployed: Deployed) -> Iterator[Problem]:
    """Find a GPU image on a CPU."""
    image, instance = deployed.container.image, deployed.instance
    if image and image.processor == "gpu" and instance and not instance.gpus:
        yield Problem(
            "instance_type",
            "has no GPU, which the image needs",
            got=instance.name,
            fix="choose a type with one (ml.g5.2xlarge, ml.g6.2xlarge …), or an image for the "
            "CPU (ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST, TEI_CPU_LATEST …)",
        )


@rule(
    "image-ignores-gpu",
    Severity.WARNING,
    "The image can't use the instance's accelerators.",
    fix="Choose the family's image for these accelerators, or a type without any.",
)
def image_ignores_gpu(deployed: Deployed) -> Iterator[Problem]:
    """Find a CPU image on accelerators, which are paid for all the same."""
    image, instance = deployed.container.image, deployed.instance
    if image and image.processor == "cpu" and instance and instance.accelerated:
        yield Problem(
            "container",
            f"is an image for the CPU; the {_accelerators(instance)} of {instance.name} stay idle",
            fix="choose the family's image for them, or a type without accelerators",
        )


@rule(
    "image-needs-neuron",
    Severity.ERROR,
    "The image needs a Neuron device; there is none.",
    fix="Choose an `ml.inf2` or `ml.trn1` type, or an image for a GPU.",
)
def image_needs_neuron(deployed: Deployed) -> Iterator[Problem]:
    """Find a Neuron image where there is no Inferentia or Trainium."""
    image, instance = deployed.container.image, deployed.instance
    neuron = image is not None and (image.processor or "").startswith("neuron")
    if neuron and instance and not instance.neuron_devices:
        yield Problem(
            "instance_type",
            "has no Inferentia or Trainium device, which the image needs",
            got=instance.name,
            fix="choose an ml.inf2 or ml.trn1 type, or an image for a GPU",
        )


@rule(
    "image-architecture",
    Severity.ERROR,
    "Image and instance have different processors.",
    fix="Choose image and type of one architecture.",
)
def image_architecture(deployed: Deployed) -> Iterator[Problem]:
    """Find an x86 image on Graviton, or the reverse."""
    image, instance = deployed.container.image, deployed.instance
    if image and instance and image.architecture not in {None, instance.architecture}:
        yield Problem(
            "container",
            f"is built for {image.architecture}, but {instance.name} is {instance.architecture}",
            fix="choose an image and an instance type of the same architecture",
        )


@rule(
    "tensor-parallel-degree",
    Severity.ERROR,
    "The model is split over GPUs that aren't there.",
    fix="Leave the degree out to use all GPUs, or choose a larger type.",
)
def tensor_parallel_degree(deployed: Deployed) -> Iterator[Problem]:
    """Find a degree that is larger than the number of GPUs.

    Neuron splits over cores, of which a device has several, so its degree is not checked.
    """
    served, instance = deployed.container.served, deployed.instance
    degree = served.options.tensor_parallel_degree if served else None
    if degree and instance and 0 < instance.gpus < degree:
        yield Problem(
            "serving.tensor_parallel_degree",
            f"is more than the GPUs that the container gets on {instance.name}",
            got=str(degree),
            allowed=f"1 to {instance.gpus}",
            fix="leave it out to use all GPUs, or choose a larger type",
        )


@rule(
    "tensor-parallel-idle",
    Severity.WARNING,
    "Some of the GPUs stay idle.",
    fix="Leave the degree out, or choose a type with fewer GPUs.",
)
def tensor_parallel_idle(deployed: Deployed) -> Iterator[Problem]:
    """Find GPUs that no part of the model uses."""
    instance, used = deployed.instance, used_gpus(deployed)
    if instance and used is not None and used < instance.gpus:
        served = deployed.container.served
        degree = served.options.tensor_parallel_degree if served else None
        yield Problem(
            "serving.tensor_parallel_degree",
            f"leaves {instance.gpus - used} of the {instance.gpus} GPUs of {instance.name} idle",
            got="" if degree is None else str(degree),
            fix="leave it out to use all, or choose a type with fewer GPUs",
        )


INSTANCE_RULES = (
    region_unknown,
    instance_type_form,
    instance_type_unknown,
    instance_type_not_in_region,
    image_needs_gpu,
    image_ignores_gpu,
    image_needs_neuron,
    image_architecture,
    tensor_parallel_degree,
    tensor_parallel_idle,
)


def _accelerators(instance: InstanceSpec) -> str:
    if instance.gpus:
        return f"{instance.gpus} GPU(s)"
    return f"{instance.neuron_devices} Neuron device(s)"
