"""Whom a verb asks: an endpoint of AWS or of the local one, or a container by its URL."""

from __future__ import annotations

from typing import Annotated

import typer

from sagemaker_model.cli.aws import choose_aws
from sagemaker_model.cli.completion import complete_endpoint
from sagemaker_model.cli.endpoint_name import find_endpoint_name
from sagemaker_model.runtime import Answer, ContainerEndpoint, Endpoint

Asked = Annotated[
    str,
    typer.Argument(
        help="Name of the endpoint, how it begins, or a stack with one; or the URL of a "
        "container, such as http://127.0.0.1:8080.",
        autocompletion=complete_endpoint,
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        help="Which engine it is. Default: the endpoint's image tells, or 'serve' behind a URL."
    ),
]
Component = Annotated[str | None, typer.Option(help="An inference component.")]


InQueue = Annotated[
    bool,
    typer.Option(
        "--async", help="It is an asynchronous endpoint: put requests into its queue, and wait."
    ),
]


class Queue:
    """An asynchronous endpoint that is asked as others are.

    Args:
        endpoint: The endpoint.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.name = endpoint.name

    @property
    def engine(self) -> str:
        """Name of its engine."""
        return self._endpoint.engine

    def invoke(self, payload: object, *, content_type: str, accept: str) -> Answer:
        """Queue a request and wait for its answer; see :meth:`Endpoint.invoke_async`."""
        return self._endpoint.invoke_async(payload, content_type=content_type, accept=accept)


def find_endpoint(
    name: str,
    *,
    engine: str | None = None,
    component: str | None = None,
    local: bool = False,
    region: str | None = None,
    profile: str | None = None,
) -> Endpoint:
    """Return the client of what somebody means by a name.

    Args:
        name: Name of an endpoint, or of a stack with one endpoint; or the URL of a container.
        engine: Name of its engine. Default: the endpoint's image tells, or the container.
        component: Name of its inference component. Default: it serves one model.
        local: Whether it is on the local AWS of this folder. Default: it is on AWS.
        region: Its Region. Default: that of the profile, or of the local AWS.
        profile: The profile. Default: boto3's own choice.

    Raises:
        ValueError: There is no such endpoint, *engine* is not known, or a URL comes with what only
            AWS has.
        RuntimeError: No local AWS is up, or its packages are missing.
    """
    if "://" not in name:
        aws = choose_aws(local=local, region=region, profile=profile)
        found = find_endpoint_name(aws, name)
        return Endpoint(found, engine=engine, inference_component=component, session=aws)
    of_aws = {"--component": component, "--local": local, "--region": region, "--profile": profile}
    given = [option for option, value in of_aws.items() if value]
    if given:
        raise ValueError(
            f"{', '.join(given)} can't be given with the URL {name}: it names a container, of "
            "which AWS knows nothing"
        )
    return ContainerEndpoint(name, engine=engine)
