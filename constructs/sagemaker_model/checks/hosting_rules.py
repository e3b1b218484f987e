"""Rules about the host: its image, its volume, and the volume's key."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.hosting.inference_ami import KNOWN_AMIS, InferenceAmi, is_blackwell
from sagemaker_model.hosting.on_instances import AUTOMATIC, OnInstances
from sagemaker_model.instance.table import InstanceSpec, try_find_instance
from sagemaker_model.tokens import is_token

_PATH = "hosting.inference_ami_version"


@rule(
    "inference-ami-unknown",
    Severity.WARNING,
    "The host image is not one that is known.",
    fix="Give a name of `InferenceAmi`; accept it where the host image is newer.",
)
def inference_ami_unknown(deployed: Deployed) -> Iterator[Problem]:
    """Find a misspelt host image; a newer one than the table passes with this warning."""
    chosen = _given_ami(deployed)
    if chosen is not None and chosen not in KNOWN_AMIS:
        yield Problem(
            _PATH,
            "is not a host image that this version knows",
            got=chosen,
            allowed=", ".join(sorted(KNOWN_AMIS)),
            fix="use a name of InferenceAmi, or leave it out",
        )


@rule(
    "inference-ami-cuda",
    Severity.ERROR,
    "The host image does not fit the container's CUDA.",
    fix="Leave `inference_ami_version` out, or choose an image with CUDA 13.",
)
def inference_ami_cuda(deployed: Deployed) -> Iterator[Problem]:
    """Find a CUDA 12 image on the CUDA 13 host, on which it hangs without a log.

    Source: aws/deep-learning-containers#6187.
    """
    if _given_ami(deployed) == InferenceAmi.GPU_4_1 and _cuda(deployed).startswith("12."):
        yield Problem(
            _PATH,
            "is a host for CUDA 13, on which a CUDA 12 container hangs in Creating without a log",
            got=f"CUDA {_cuda(deployed)}",
            fix=f"leave it out ({InferenceAmi.GPU_3_1} fits), or choose an image with CUDA 13",
        )


@rule(
    "inference-ami-old",
    Severity.WARNING,
    "The host's driver is older than the container wants.",
    fix="Leave `inference_ami_version` out.",
)
def inference_ami_old(deployed: Deployed) -> Iterator[Problem]:
    """Find a CUDA 13 image on an older host, where it only starts if it brings its own layer."""
    chosen = _given_ami(deployed)
    older = chosen in KNOWN_AMIS - {InferenceAmi.GPU_4_1, InferenceAmi.NEURON_2}
    if older and _cuda(deployed).startswith("13."):
        yield Problem(
            _PATH,
            "has an older driver than CUDA 13 wants; the container starts only where it brings "
            "a compatibility layer",
            got=str(chosen),
            fix=f"leave it out ({InferenceAmi.GPU_4_1} fits)",
        )


@rule(
    "inference-ami-blackwell",
    Severity.WARNING,
    "Blackwell GPUs need a newer driver.",
    fix="Choose an image with CUDA 13.",
)
def inference_ami_blackwell(deployed: Deployed) -> Iterator[Problem]:
    """Find a Blackwell GPU with an image that is older than it."""
    instance = deployed.instance
    if instance and is_blackwell(instance) and _cuda(deployed)[:3] in {"11.", "12."}:
        yield Problem(
            "container",
            f"has CUDA {_cuda(deployed)}, but the {instance.gpu_name} of {instance.name} needs "
            f"the driver of {InferenceAmi.GPU_4_1}, which fits CUDA 13 only",
            fix="choose an image with CUDA 13, such as ContainerImages.HF_VLLM_LATEST",
        )


@rule(
    "inference-ami-unsaid",
    Severity.WARNING,
    "The container's CUDA version is not known.",
    fix="Give `inference_ami_version`; `None` leaves it to SageMaker.",
)
def inference_ami_unsaid(deployed: Deployed) -> Iterator[Problem]:
    """Find an image on a GPU for which no host image can be chosen."""
    image, instance = deployed.container.image, deployed.instance
    hosting = deployed.hosting.instance_options
    automatic = isinstance(hosting, OnInstances) and hosting.inference_ami_version == AUTOMATIC
    unsaid = image is not None and image.processor in {None, "gpu"} and image.cuda is None
    if automatic and unsaid and instance and instance.gpus:
        yield Problem(
            _PATH,
            "can't be chosen, as the image's CUDA version is not known; a driver that is too "
            "old ends in a container that never starts and leaves no log",
            fix="give the host image of InferenceAmi that fits, or None for SageMaker's own",
        )


@rule(
    "volume-size-on-local-nvme",
    Severity.ERROR,
    "The type has local storage and takes no volume.",
    fix="Leave `volume_size_gib` out.",
)
def volume_size_on_local_nvme(deployed: Deployed) -> Iterator[Problem]:
    """Find a volume size where SageMaker refuses one.

    Source: ``volume_size_supported`` of the SageMaker SDK, and EC2's own descriptions.
    """
    hosting, instance = deployed.hosting, deployed.instance
    size = hosting.volume_size_gib if isinstance(hosting, OnInstances) else None
    if size is not None and instance and instance.local_nvme_gb:
        yield Problem(
            "hosting.volume_size_gib",
            f"can't be set: {instance.name} has {instance.local_nvme_gb} GB of local NVMe storage "
            "and no volume",
            got=f"{size} GiB",
            fix="leave it out",
        )


@rule(
    "encryption-key-on-local-nvme",
    Severity.WARNING,
    "The type has local storage, which takes no key.",
    fix="Accept it, or choose a type without local storage.",
)
def encryption_key_on_local_nvme(deployed: Deployed) -> Iterator[Problem]:
    """Tell that the key is not used: SageMaker refuses one for such types."""
    instance = deployed.instance
    if deployed.volume_key and instance and instance.local_nvme_gb:
        yield Problem(
            "encryption_key",
            f"is not used: {instance.name} has local NVMe storage, which its hardware encrypts "
            "with a key of its own, and SageMaker refuses another",
            fix="acknowledge this, or choose a type without local storage",
        )


@rule(
    "instance-pool-unlike",
    Severity.WARNING,
    "A further type is unlike the first one.",
    fix="Choose types that are alike in architecture, GPUs and storage.",
)
def instance_pool_unlike(deployed: Deployed) -> Iterator[Problem]:
    """Find a type on which the same container, host image or volume may not do.

    One configuration is for all of them: "Heterogeneous endpoints" (realtime-endpoints-
    heterogeneous).
    """
    hosting, first = deployed.hosting, deployed.instance
    further = hosting.instance_pools if isinstance(hosting, OnInstances) else ()
    for name in further:
        other = None if is_token(name) else try_find_instance(name)
        unlike = _differences(first, other) if first and other else []
        if first and unlike:
            yield Problem(
                "hosting.instance_pools",
                f"{name} differs from {first.name} in {', '.join(unlike)}, but gets the same "
                "container, variables, host image and volume",
                fix="take types that are alike",
            )


HOSTING_RULES = (
    inference_ami_unknown,
    inference_ami_cuda,
    inference_ami_old,
    inference_ami_blackwell,
    inference_ami_unsaid,
    volume_size_on_local_nvme,
    encryption_key_on_local_nvme,
    instance_pool_unlike,
)


def _differences(first: InstanceSpec, other: InstanceSpec) -> list[str]:
    """Name what two types differ in, of all that one configuration must fit."""
    facts = {
        "architecture": (first.architecture, other.architecture),
        "number of GPUs": (first.gpus, other.gpus),
        "Neuron devices": (first.neuron_devices, other.neuron_devices),
        "GPU generation": (is_blackwell(first), is_blackwell(other)),
        "kind of storage": (first.ebs_only, other.ebs_only),
    }
    return [fact for fact, (one, two) in facts.items() if one != two]


def _given_ami(deployed: Deployed) -> str | None:
    """Return the host image that the user gave as text."""
    hosting = deployed.hosting.instance_options
    given = hosting.inference_ami_version if isinstance(hosting, OnInstances) else None
    return None if given in {None, AUTOMATIC} or is_token(given) else given


def _cuda(deployed: Deployed) -> str:
    image = deployed.container.image
    return (image.cuda if image else None) or ""
