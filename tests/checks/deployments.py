"""A deployment of a known model, made of as little as a test wants to say."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import ContainerDefinition, ModelData
from sagemaker_model.engine.engine import ServedModel
from sagemaker_model.engine.engines import find_engine
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.hosting.real_time import RealTime
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.table import try_find_instance
from sagemaker_model.model_lock.locked_model import LockedModel

STAGED = ModelData(uri="s3://bucket/prefix/", compressed=False)


def a_deployment(
    locked: LockedModel | None,
    engine: str = "vllm",
    instance_type: str = "ml.g5.2xlarge",
    *,
    options: ServingOptions | None = None,
    env: Mapping[str, str] | None = None,
    version: str | None = None,
    tag: str = "1.0",
    region: str | None = None,
    model_data: ModelData | None = STAGED,
    volume_size_gib: int | None = None,
) -> Deployed:
    found, instance = find_engine(engine), try_find_instance(instance_type)
    served = ServedModel(
        model_id=locked.id if locked else "org/name",
        mounted=model_data is not None,
        gpus=instance.gpus if instance else None,
        version=version,
        options=options or ServingOptions(),
    )
    own = found.environment(served)
    image = BoundImage(
        uri=f"123456789012.dkr.ecr.us-east-1.amazonaws.com/server:{tag}",
        pull=(),
        engine=found.families[0],
        version=version,
    )
    return Deployed(
        instance_type=instance_type,
        instance=instance,
        region=region,
        container=ContainerDefinition(
            image=image,
            model_data=model_data,
            environment={**own, **(env or {})},
            own_environment=own,
            user_environment=env or {},
            engine=found,
            served=served,
            downloads=model_data is None,
        ),
        hosting=RealTime(volume_size_gib=volume_size_gib),
        locked=locked,
    )
