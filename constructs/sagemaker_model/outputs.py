"""What a stack tells of a model's endpoint when it has been deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from aws_cdk import Aws, CfnMapping, CfnOutput, Stack
from aws_cdk.region_info import RegionInfo
from constructs import Construct

from sagemaker_model.stack_facts import stack_facts
from sagemaker_model.tokens import is_token

CONSOLES = "SageMakerModelConsoles"
"""Id of the stack's child that knows each partition's console."""

# "AWS service endpoints" of each partition's general reference.
_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-eusc": "console.amazonaws-eusc.eu",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_HOST = "host"
_PREFIX = re.compile(r"[a-zA-Z0-9]*")


class Told(NamedTuple):
    """What can be told of an endpoint.

    Args:
        endpoint_name: Name of the endpoint.
        component: Name of the inference component on it; None for an endpoint of the model's own.
        openai: Whether it has a path for clients of OpenAI.
    """

    endpoint_name: str
    component: str | None
    openai: bool


def make_outputs(scope: Construct, told: Told, prefix: str | None) -> Mapping[str, CfnOutput]:
    """Make an output for each thing that can be told.

    Args:
        scope: Where they are put.
        told: What they tell.
        prefix: What their names begin with; None has CDK make names up.

    Raises:
        ValueError: *prefix* can't be part of an output's name.
    """
    if prefix is not None and not _PREFIX.fullmatch(prefix):
        raise ValueError(f"prefix must be letters and digits, got {prefix!r}; such as 'Chat'")
    parent = Construct(scope, "Outputs")
    outputs = {}
    for name, (value, description) in _values(scope, told).items():
        outputs[name] = CfnOutput(parent, name, value=value, description=description)
        if prefix is not None:
            outputs[name].override_logical_id(prefix + name)
    return outputs


def _values(scope: Construct, told: Told) -> Mapping[str, tuple[str, str]]:
    """Return value and description of each output."""
    region, name = stack_facts(scope).region, told.endpoint_name
    values = {"EndpointName": (name, "Name of the endpoint")}
    path = name
    if told.component is not None:
        values["InferenceComponentName"] = (told.component, "Name of the model's component on it")
        path = f"{name}/inference-components/{told.component}"
    host = _console_host(scope, region)
    if host is not None:
        link = f"https://{region}.{host}/sagemaker/home?region={region}#/endpoints/{name}"
        values["Console"] = (link, "The endpoint in the console of AWS")
    if told.openai:
        url = f"https://runtime.sagemaker.{region}.{Aws.URL_SUFFIX}/endpoints/{path}/openai/v1"
        values["OpenAiUrl"] = (url, "Base URL for clients of OpenAI, with a bearer token")
    return values


def _console_host(scope: Construct, region: str) -> str | None:
    """Return the host of the console; None in a partition whose console is not known."""
    if not is_token(region):
        return _HOSTS.get(RegionInfo.get(region).partition or "aws")
    stack = Stack.of(scope)
    found = stack.node.try_find_child(CONSOLES)
    if not isinstance(found, CfnMapping):
        mapping = {partition: {_HOST: host} for partition, host in _HOSTS.items()}
        found = CfnMapping(stack, CONSOLES, mapping=mapping)
    return found.find_in_map(Aws.PARTITION, _HOST)
