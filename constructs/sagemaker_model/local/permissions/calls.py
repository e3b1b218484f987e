"""The documented calls of one endpoint, and of one build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sagemaker_model.local.permissions.documented import Call, Service, documented
from sagemaker_model.local.permissions.subjects import Subjects, of_endpoint, of_project


@dataclass(frozen=True)
class Place:
    """Where a service runs.

    Args:
        account: The account, 12 digits.
        region: The Region.
        partition: The partition. Default: ``aws``.
    """

    account: str
    region: str
    partition: str = "aws"


def documented_calls(
    model: Mapping[str, Any], config: Mapping[str, Any], *, endpoint: str, place: Place
) -> list[Call]:
    """Return what SageMaker calls as the execution role for one endpoint.

    Args:
        model: The CreateModel request.
        config: The CreateEndpointConfig request.
        endpoint: Name of the endpoint.
        place: Where it is.
    """
    return _calls("sagemaker", of_endpoint(model, config), place, endpoint=endpoint)


def documented_build_calls(project: Mapping[str, Any], *, place: Place) -> list[Call]:
    """Return what CodeBuild calls as the service role for one build.

    Args:
        project: The CreateProject request, or a build's record.
        place: Where it is.
    """
    return _calls("codebuild", of_project(project), place)


def _calls(service: Service, subjects: Subjects, place: Place, **more: str) -> list[Call]:
    shared = {
        "account": place.account,
        "region": place.region,
        "partition": place.partition,
        **more,
    }
    return [
        call.about({**shared, **parts})
        for call in documented(service)
        for parts in subjects.get(call.when, [])
    ]
