"""``web``: a page in a browser to use an endpoint by."""

from __future__ import annotations

import threading
from typing import Annotated

import typer

from sagemaker_model.cli.ask import Asked, Component, Engine, find_endpoint
from sagemaker_model.cli.aws import Local, Profile, Region
from sagemaker_model.cli.chat import FORMATS, Format
from sagemaker_model.cli.console import err, out
from sagemaker_model.cli.until_ended import until_ended
from sagemaker_model.runtime import Endpoint, PromptFormat
from sagemaker_model.web.answered import answered
from sagemaker_model.web.task import Task, offered

_PORT = 7860


def web(
    endpoint: Asked,
    *,
    page: Annotated[
        list[Task] | None, typer.Option(help="Which pages. Default: all that the endpoint answers.")
    ] = None,
    prompt_format: Annotated[
        Format | None, typer.Option(help="For a model without a chat template.")
    ] = None,
    port: Annotated[int, typer.Option(help="Where to listen on this machine; 0: any.")] = _PORT,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in your browser.")
    ] = True,
    share: Annotated[
        bool,
        typer.Option("--share", help="Let anyone with the link use it, through Gradio's service."),
    ] = False,
    engine: Engine = None,
    component: Component = None,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Serve a page to chat with a model, or to try what else it does; Ctrl-C ends it.

    It is for this machine alone, and loads nothing from elsewhere. For example:

        sagemaker-model web chat

        sagemaker-model web pythia --prompt-format open-assistant

        sagemaker-model web search --page embed --local --no-open --port 0
    """
    from sagemaker_model.web.server import launch
    from sagemaker_model.web.site import Site

    asked = find_endpoint(
        endpoint, engine=engine, component=component, local=local, region=region, profile=profile
    )
    chat_format = None if prompt_format is None else FORMATS[prompt_format]
    tasks = _tasks(asked, chat_format, page or [])
    if share:
        err.print(
            "warning: whoever has the link asks the endpoint in your name and at your cost, and "
            "all that is written goes through Gradio's servers",
            style="yellow",
            markup=False,
        )
    site = Site(endpoint=asked, prompt_format=chat_format)
    url = launch(site.draw(tasks), port=port, share=share)
    out.print(f"The page of {asked.name} is at {url}", markup=False)
    if open_page:
        typer.launch(url)
    with until_ended():
        threading.Event().wait()


def _tasks(
    endpoint: Endpoint, prompt_format: PromptFormat | None, wanted: list[Task]
) -> list[Task]:
    tasks = offered(endpoint.protocol, prompt_format, wanted)
    if wanted:
        return tasks
    with err.status("asking the endpoint what its model does"):
        return answered(endpoint, tasks, prompt_format)
