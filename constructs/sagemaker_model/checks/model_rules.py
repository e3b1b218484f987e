"""Rules about the model: where its weights come from, and what serves it."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.image.suggestion import nearest_image

_ZONES = 2


@rule(
    "hub-without-network",
    Severity.WARNING,
    "The container downloads the model but can't.",
    fix="Use subnets with a NAT gateway, a mirror of the Hub (`HF_ENDPOINT`), or weights "
    "from S3 and the VPC endpoints that the message names.",
)
def hub_without_network(deployed: Deployed) -> Iterator[Problem]:
    """Find a download from the Hub where there is no way out."""
    container = deployed.container
    if not container.downloads:
        return
    weights = "or have them in S3: Weights.staged(), Weights.from_s3(…)"
    if container.network_isolation:
        yield Problem(
            "network_isolation",
            "leaves the container without a network, so it can't download the model from the Hub",
            fix=f"leave it out, {weights}",
        )
    if deployed.without_egress:
        yield Problem(
            "vpc_subnets",
            "have no way to the internet, so the container can't download the model from the Hub",
            fix="choose subnets with a NAT gateway, reach a mirror of the Hub (env HF_ENDPOINT), "
            f"{weights}, with VpcEndpoints.of(vpc) as the way to S3 and to what else the "
            "container calls",
        )


@rule(
    "s3-without-gateway",
    Severity.WARNING,
    "The model's files lie in S3, which its subnets do not lead to.",
    fix="Call `VpcEndpoints.of(vpc)` before the model is made, or give the VPC a gateway endpoint "
    "for S3.",
)
def s3_without_gateway(deployed: Deployed) -> Iterator[Problem]:
    """Find a VPC of the app without a way to S3; source: host-vpc of the developer guide."""
    if deployed.without_s3 and deployed.container.model_data is not None:
        yield Problem(
            "vpc",
            "has subnets without a NAT gateway, and so far no gateway endpoint for S3, through "
            "which SageMaker copies the model's files",
            fix="call VpcEndpoints.of(vpc) before the model is made; acknowledge this if the "
            "endpoint is made elsewhere",
        )


@rule(
    "subnets-in-one-zone",
    Severity.WARNING,
    "SageMaker wants two Availability Zones.",
    fix="Give subnets of two Availability Zones.",
)
def subnets_in_one_zone(deployed: Deployed) -> Iterator[Problem]:
    """Find subnets of one zone; source: "Give SageMaker AI hosted endpoints access to a VPC"."""
    if deployed.zones is not None and deployed.zones < _ZONES:
        yield Problem(
            "vpc_subnets",
            "lie in one Availability Zone; SageMaker wants two, even for one instance",
            fix="choose subnets of two zones that offer the instance type",
        )


@rule(
    "serving-option-unsupported",
    Severity.WARNING,
    "The engine does not have a serving option.",
    fix="Leave the option out, or choose another engine.",
)
def serving_option_unsupported(deployed: Deployed) -> Iterator[Problem]:
    """Find options that would have no effect."""
    served, engine = deployed.container.served, deployed.container.engine
    if served and engine:
        for option in engine.unsupported(served):
            yield Problem(
                f"serving.{option}",
                f"is not an option of {engine.title}, so it has no effect",
                fix="leave it out, or choose another engine",
            )


@rule(
    "image-unknown",
    Severity.WARNING,
    "The image is not one that is known.",
    fix="Take the suggested image, or accept it; an image in a registry of your own has no "
    "such finding.",
)
def image_unknown(deployed: Deployed) -> Iterator[Problem]:
    """Find a misspelt image; a newer one than the table passes with this warning."""
    image = deployed.container.image
    if image and image.unlisted:
        meant = nearest_image(image.unlisted)
        new = "acknowledge this if it is a new image"
        yield Problem(
            "container",
            "is not an image of AWS that this version knows, so little about it can be checked",
            got=image.unlisted,
            fix=f"did you mean {meant}? {new}" if meant else new,
        )


@rule(
    "image-in-other-region",
    Severity.WARNING,
    "The image is in another Region than the model.",
    fix="Give an image in the stack's Region.",
)
def image_in_other_region(deployed: Deployed) -> Iterator[Problem]:
    """Find a registry of another Region; source: ContainerDefinition in the API reference."""
    image, region = deployed.container.image, deployed.region
    if image and image.region and region and image.region != region:
        yield Problem(
            "container",
            "is in another Region than the stack, and SageMaker pulls from the model's own",
            got=image.region,
            allowed=region,
            fix=f"copy the image to a registry in {region}, or let the library find AWS's there: "
            "ContainerImage.of(…), 'repository:tag'",
        )


@rule(
    "image-tag-moves",
    Severity.WARNING,
    "The image's tag may move to another image.",
    fix="Give a full version, or a digest.",
)
def image_tag_moves(deployed: Deployed) -> Iterator[Problem]:
    """Find tags such as ``latest``: instances may start with different images."""
    image = deployed.container.image
    if image and image.mutable:
        yield Problem(
            "container",
            "has a tag that moves, so an instance that starts later may run another image",
            got=image.uri.rpartition("/")[2],
            fix="use a full version or a digest",
        )


@rule(
    "engine-in-maintenance",
    Severity.INFO,
    "The engine gets no new features.",
    fix="Choose vLLM or SGLang for a new deployment.",
)
def engine_in_maintenance(deployed: Deployed) -> Iterator[Problem]:
    """Tell of TGI's state; source: the README of huggingface/text-generation-inference."""
    engine = deployed.container.engine
    if engine and engine.name == "tgi":
        yield Problem(
            "container",
            "is Text Generation Inference, which has been in maintenance mode since December 2025",
            fix="for a new deployment prefer ContainerImages.HF_VLLM_LATEST or SGLANG_LATEST",
        )


@rule(
    "package-of-your-own",
    Severity.INFO,
    "A registered package needs rights of its own.",
    fix="Let the construct's `role` pull the image and read the data.",
)
def package_of_your_own(deployed: Deployed) -> Iterator[Problem]:
    """Tell that a package of the user's registry has an image and data that the role must read."""
    package = deployed.container.model_package
    if package and "${" not in package and package.rpartition("/")[2].isdecimal():
        yield Problem(
            "packages",
            "is a version of your own registry; its image and its data are not known here",
            got=package,
            fix="let the construct's role pull the image and read the data",
        )


@rule(
    "removal-policy-unused",
    Severity.WARNING,
    "A removal policy without staged weights.",
    fix="Leave `removal_policy` out.",
)
def removal_policy_unused(deployed: Deployed) -> Iterator[Problem]:
    """Tell that nothing is kept: the policy is about weights that this construct staged."""
    if deployed.removal_policy and deployed.container.staged is None:
        yield Problem(
            "removal_policy",
            "is about staged weights only, and this deployment stages none",
            fix="leave it out; for the endpoint itself use its L1s' apply_removal_policy",
        )


@rule(
    "role-needs-permissions",
    Severity.WARNING,
    "The role must be given rights by someone else.",
    fix="Give the role the statements that the message lists.",
)
def role_needs_permissions(deployed: Deployed) -> Iterator[Problem]:
    """List what a role lacks that could not, or was not to, be changed."""
    if deployed.role_needs is not None:
        yield Problem(
            "role",
            "is left as it is, so nothing was granted to it",
            fix=f"see that it has these statements: {deployed.role_needs}",
        )


MODEL_RULES = (
    hub_without_network,
    s3_without_gateway,
    subnets_in_one_zone,
    serving_option_unsupported,
    image_unknown,
    image_in_other_region,
    image_tag_moves,
    engine_in_maintenance,
    package_of_your_own,
    removal_policy_unused,
    role_needs_permissions,
)
