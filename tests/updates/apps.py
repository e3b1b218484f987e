"""The smallest app in which an argument of each class can be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from aws_cdk import App, Duration, Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk.assertions import Template

from conftest import VIRGINIA
from sagemaker_model import (
    ArtifactStore,
    Asynchronous,
    Container,
    ContainerImages,
    CustomInference,
    DataCapture,
    Hardware,
    InferenceComponent,
    LoraAdapter,
    ModelPackage,
    ReadyHandlers,
    RealTime,
    RollOut,
    SageMakerModel,
    Serverless,
    ServingOptions,
    Shadow,
    SharedEndpoint,
    SmokeTest,
    StagedWeights,
    Staging,
    Weights,
)
from sagemaker_model.hosting.hosting import Hosting
from updates.change import Change, given
from updates.differences import Resources

ROOT = Path(__file__).parents[2]
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
PACKAGES = "arn:aws:sagemaker:us-east-1:865070037744:model-package"
GPU: dict[str, Any] = {
    "model_id": "org/name",
    "instance_type": "ml.g5.2xlarge",
    "revision": COMMIT,
}
FILES: dict[str, Any] = {**GPU, "weights": Weights.from_s3("s3://models/name/")}
TGI: dict[str, Any] = {
    **FILES,
    "instance_type": "ml.g5.12xlarge",
    "container": ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST,
}
LMI: dict[str, Any] = {
    **FILES,
    "container": ContainerImages.DJL_INFERENCE_LMI_LATEST,
    "env": {"OPTION_ENABLE_LORA": "true"},
}
CPU: dict[str, Any] = {
    **GPU,
    "instance_type": "ml.m5.xlarge",
    "container": ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST,
    "weights": Weights.from_s3("s3://models/name/model.tar.gz"),
}
CODE: dict[str, Any] = {
    "model_id": "org/name",
    "instance_type": "ml.m5.xlarge",
    "revision": COMMIT,
    "code_folder": ReadyHandlers.PIPELINE,
}
OWN_IMAGE = {**FILES, "container": "123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1"}
WAIT = Duration.minutes(5)
STACK = "Chat"
UNCOPIED = {"aws:cdk:disable-asset-staging": True}
"""Assets keep their hashes, and are not copied for each template."""
Arguments = Mapping[str, Any]


def deploy(stack: Stack, arguments: Arguments) -> SageMakerModel:
    """Make a model, without a smoke test, which would be asked anew by nearly all changes."""
    given = {"model": Container(**FILES), "smoke_test": None, **arguments}
    return SageMakerModel(stack, "Model", **given)


def scaled(stack: Stack, arguments: Arguments) -> None:
    model = deploy(stack, {"model": Container(**CPU)})
    if arguments:
        model.auto_scale(**arguments)


def scaled_on(method: str, hosting: Hosting, stack: Stack, arguments: Arguments) -> None:
    model = deploy(stack, {"model": Container(**CPU), "hosting": hosting})
    getattr(model.auto_scale(max_capacity=4), method)(**arguments)


def rolled_out(make: Callable[..., RollOut], stack: Stack, arguments: Arguments) -> None:
    hosting = RealTime(initial_instance_count=4, roll_out=make(**arguments))
    deploy(stack, {"hosting": hosting})


def rolled_back(stack: Stack, arguments: Arguments) -> None:
    """Roll back on as many alarms as are asked for, made elsewhere."""
    model = deploy(stack, {k: v for k, v in arguments.items() if k != "alarms"})
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
    alarms = [
        cloudwatch.Alarm.from_alarm_arn(stack, name, f"{arn}{name}")
        for name in arguments.get("alarms", ())
    ]
    if alarms:
        model.roll_back_on(*alarms)


def tested(stack: Stack, arguments: Arguments) -> None:
    """Ask an endpoint; ``hosting`` is the construct's."""
    test = {name: value for name, value in arguments.items() if name != "hosting"}
    deploy(stack, {"hosting": arguments.get("hosting"), "smoke_test": SmokeTest(**test)})


def staged(stack: Stack, arguments: Arguments) -> None:
    deploy(stack, {"model": Container(**{**GPU, "weights": Weights.staged(), **arguments})})


def shared(stack: Stack, arguments: Arguments) -> None:
    instance_type = arguments.get("instance_type", TGI["instance_type"])
    model = Container(**{**(CPU if "m5" in instance_type else TGI), "instance_type": instance_type})
    given = {"instance_type": instance_type, "max_instances": 3, **arguments}
    hosting = InferenceComponent(endpoint=SharedEndpoint(stack, "Shared", **given))
    deploy(stack, {"model": model, "hosting": hosting})


def component(stack: Stack, arguments: Arguments) -> None:
    """Lay a model on one of two endpoints: ``endpoint`` is its index."""
    endpoints = [
        SharedEndpoint(stack, name, instance_type=TGI["instance_type"], max_instances=3)
        for name in ("Shared", "Other")
    ]
    chosen = {"endpoint": endpoints[arguments.get("endpoint", 0)]}
    hosting = InferenceComponent(**{**arguments, **chosen})
    deploy(stack, {"model": Container(**TGI), "hosting": hosting})


def adapted(stack: Stack, arguments: Arguments) -> None:
    """Lay an adapter on one of two models: ``base`` is its index."""
    endpoint = SharedEndpoint(stack, "Shared", instance_type=LMI["instance_type"], max_instances=3)
    bases = [
        SageMakerModel(
            stack, name, model=Container(**LMI), hosting=InferenceComponent(endpoint=endpoint)
        )
        for name in ("First", "Second")
    ]
    given = {"artifact": "s3://models/first.tar.gz", **arguments}
    LoraAdapter(stack, "Adapter", **{**given, "base": bases[arguments.get("base", 0)]})


def alarmed(stack: Stack, arguments: Arguments) -> None:
    """Make the default alarms; ``model`` and ``hosting`` are the construct's."""
    own = {name: arguments[name] for name in ("model", "hosting") if name in arguments}
    thresholds = {name: value for name, value in arguments.items() if name not in own}
    deploy(stack, {"model": Container(**CPU), **own}).add_default_alarms(**thresholds)


def told(stack: Stack, arguments: Arguments) -> None:
    deploy(stack, {}).add_outputs(**arguments)


def retained(stack: Stack, arguments: Arguments) -> None:
    deploy(stack, {}).retain_logs(**arguments)


SCALED_BY: dict[str, Hosting] = {
    "scale_on_invocations": RealTime(),
    "scale_on_concurrency": RealTime(),
    "scale_on_metric": RealTime(),
    "scale_on_schedule": RealTime(),
    "scale_on_office_hours": Asynchronous(output_path="s3://b/out", input_path="s3://b/in"),
    "scale_on_backlog": Asynchronous(output_path="s3://b/out", input_path="s3://b/in"),
    "scale_on_utilization": Serverless(memory_mb=2048, provisioned_concurrency=1),
}
BUILDERS: dict[str, Callable[[Stack, Arguments], object]] = {
    "SageMakerModel": deploy,
    "SageMakerModel.roll_back_on": rolled_back,
    "SageMakerModel.auto_scale": scaled,
    "SageMakerModel.add_default_alarms": alarmed,
    "SageMakerModel.add_outputs": told,
    "SmokeTest": tested,
    "SageMakerModel.retain_logs": retained,
    "SharedEndpoint": shared,
    "InferenceComponent": component,
    "LoraAdapter": adapted,
    "ModelPackage": lambda stack, given: deploy(
        stack,
        {
            "model": ModelPackage(
                **{
                    "model_id": "name",
                    "instance_type": "ml.g5.2xlarge",
                    "packages": f"{PACKAGES}/first",
                    **given,
                }
            )
        },
    ),
    "Container": lambda stack, given: deploy(stack, {"model": Container(**{**GPU, **given})}),
    "CustomInference": lambda stack, given: deploy(
        stack, {"model": CustomInference(**{**CODE, **given})}
    ),
    "Hardware": lambda stack, given: deploy(
        stack, {"model": Container(**{**OWN_IMAGE, "instance_type": Hardware(**given)})}
    ),
    "ServingOptions": lambda stack, given: deploy(
        stack, {"model": Container(**TGI, serving=ServingOptions(**given))}
    ),
    "StagedWeights": lambda stack, given: deploy(
        stack,
        {
            "model": Container(
                **{
                    **GPU,
                    "weights": StagedWeights(
                        stack, "Weights", **{"model_id": "org/name", "revision": COMMIT, **given}
                    ).weights,
                }
            )
        },
    ),
    "ArtifactStore": lambda stack, given: staged(
        stack, {"store": ArtifactStore(stack, "Store", **given)}
    ),
    "Staging": lambda stack, given: staged(stack, {"staging": Staging(**given)}),
    "RealTime": lambda stack, given: deploy(
        stack, {"model": Container(**CPU), "hosting": RealTime(**given)}
    ),
    "Asynchronous": lambda stack, given: deploy(
        stack, {"model": Container(**CPU), "hosting": Asynchronous(**given)}
    ),
    "Shadow": lambda stack, given: deploy(
        stack, {"hosting": RealTime(shadow=Shadow(**{"model": Container(**FILES), **given}))}
    ),
    "Serverless": lambda stack, given: deploy(
        stack, {"model": Container(**CPU), "hosting": Serverless(**{"memory_mb": 2048, **given})}
    ),
    "DataCapture": lambda stack, given: deploy(
        stack, {"hosting": RealTime(data_capture=DataCapture(**given))}
    ),
    "RollOut.all_at_once": partial(rolled_out, RollOut.all_at_once),
    "RollOut.canary": partial(rolled_out, RollOut.canary),
    "RollOut.linear": partial(rolled_out, RollOut.linear),
    "RollOut.rolling": partial(rolled_out, RollOut.rolling),
    **{
        f"Scaling.{method}": partial(scaled_on, method, hosting)
        for method, hosting in SCALED_BY.items()
    },
}


def resources(change: Change, arguments: Arguments) -> Resources:
    """Return what the app of *change* makes with these arguments."""
    env: Environment | None = None if change.agnostic else VIRGINIA
    stack = Stack(App(context=UNCOPIED), STACK, env=env)
    BUILDERS[change.of](stack, given(stack, arguments))
    found: Resources = Template.from_stack(stack).to_json()["Resources"]
    return found
