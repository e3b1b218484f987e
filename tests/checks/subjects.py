"""What the rules look at, made of as little as a test wants to say."""

from __future__ import annotations

from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import ContainerDefinition
from sagemaker_model.engine.engine import ServedModel
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.hosting.on_instances import AUTOMATIC
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.table import try_find_instance


def an_image(
    processor: str | None = "gpu",
    *,
    cuda: str | None = None,
    architecture: str | None = "x86_64",
) -> BoundImage:
    uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1.0"
    return BoundImage(uri=uri, pull=(), processor=processor, cuda=cuda, architecture=architecture)


def deployed(
    instance_type: str | None = "ml.g5.12xlarge",
    *,
    image: BoundImage | None = None,
    region: str | None = None,
    degree: int | None = None,
    volume_size_gib: int | None = None,
    volume_key: bool = False,
    ami: str | None = AUTOMATIC,
) -> Deployed:
    options = ServingOptions(tensor_parallel_degree=degree)
    return Deployed(
        instance_type=instance_type,
        instance=None if instance_type is None else try_find_instance(instance_type),
        region=region,
        container=ContainerDefinition(
            image=image, served=ServedModel(model_id="org/name", options=options)
        ),
        hosting=RealTime(volume_size_gib=volume_size_gib, inference_ami_version=ami),
        volume_key=volume_key,
    )
