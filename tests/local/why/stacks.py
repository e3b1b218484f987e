"""Stacks of one endpoint, deployed at once and without the CDK CLI."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack, cloud_assembly_schema

from local.live import ACCOUNT, REGION, LocalAws, until
from sagemaker_model import SageMakerModel

REGISTRY = f"763104351884.dkr.ecr.{REGION}.amazonaws.com"
VLLM = f"{REGISTRY}/huggingface-vllm:0.29.0-gpu"
TGI = f"{REGISTRY}/huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
TOOLKIT = f"{REGISTRY}/huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
_DONE = ("CREATE_COMPLETE", "ROLLBACK_COMPLETE", "CREATE_FAILED")


def endpoint(
    image: str, environment: Mapping[str, str], data: str | None = None, *, isolated: bool = False
) -> str:
    """Return the template of an endpoint as the API has it, with nothing checked at synth.

    Args:
        image: URI of its image.
        environment: Its container's variables.
        data: S3 URI of its model's files.
        isolated: Whether it has no way to a network.
    """
    source = {"S3Uri": data, "S3DataType": "S3Prefix", "CompressionType": "None"}
    container = {
        "Image": image,
        "Environment": environment,
        **({"ModelDataSource": {"S3DataSource": source}} if data else {}),
    }
    trusted = {"Service": "sagemaker.amazonaws.com"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusted}
    policy = {"Version": "2012-10-17", "Statement": [trust]}
    variant = {
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "VariantName": "AllTraffic",
        "InstanceType": "ml.g5.2xlarge",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1,
    }
    role = {"Fn::GetAtt": ["Role", "Arn"]}
    model = {"ExecutionRoleArn": role, "PrimaryContainer": container}
    config = {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
    parts = {
        "Role": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": policy}),
        "Model": ("AWS::SageMaker::Model", {**model, "EnableNetworkIsolation": isolated}),
        "Config": ("AWS::SageMaker::EndpointConfig", {"ProductionVariants": [variant]}),
        "Endpoint": ("AWS::SageMaker::Endpoint", {"EndpointConfigName": config}),
    }
    resources = {name: {"Type": kind, "Properties": told} for name, (kind, told) in parts.items()}
    return json.dumps({"Resources": resources})


def synthesized(aws: LocalAws, folder: Path, name: str, **model: Any) -> str:
    """Return the template of a stack of the library, whose assets are in S3 then.

    Args:
        aws: The local AWS, bootstrapped.
        folder: Where the app is synthesized.
        name: Name of the stack.
        **model: Arguments of the construct.
    """
    app = App(outdir=str(folder / name))
    stack = Stack(app, name, env=Environment(account=ACCOUNT, region=REGION))
    SageMakerModel(stack, "Model", **model)
    assembly = app.synth()
    (artifact,) = assembly.stacks
    _publish(aws, Path(assembly.directory), name)
    return Path(artifact.template_full_path).read_text(encoding="utf-8")


def _publish(aws: LocalAws, folder: Path, stack: str) -> None:
    told = cloud_assembly_schema.Manifest.load_asset_manifest(str(folder / f"{stack}.assets.json"))
    files = told.files or {}
    for each in files.values():
        path = folder / str(each.source.path)
        for place in each.destinations.values():
            body = _zipped(path) if path.is_dir() else path.read_bytes()
            aws.client("s3").put_object(Bucket=place.bucket_name, Key=place.object_key, Body=body)


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            archive.write(path, path.relative_to(folder))
    return packed.getvalue()


def deploy(
    aws: LocalAws, templates: Mapping[str, str], *, kept: str = "", seconds: float = 120
) -> None:
    """Create stacks at once, and wait until each is there or has failed.

    Args:
        aws: The local AWS.
        templates: Their templates, by name.
        kept: Name of a stack that is not rolled back.
        seconds: How long that may take.
    """
    cloudformation = aws.client("cloudformation")
    for name, template in templates.items():
        capabilities = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=template,
            Capabilities=capabilities,
            DisableRollback=name == kept,
        )
    # Each look at all of them costs what they need themselves.
    until(lambda: all(aws.stacks()[name] in _DONE for name in templates), seconds, every=0.5)
