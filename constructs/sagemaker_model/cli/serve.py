"""``serve``: run a model's container on this machine, as SageMaker runs it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.recording import Recorded
from sagemaker_model.checks.synthesis import synthesized
from sagemaker_model.cli.aws import Local, Profile, Region, choose_aws
from sagemaker_model.cli.console import FAILED, err, out
from sagemaker_model.cli.samples import Samples
from sagemaker_model.cli.until_ended import until_ended
from sagemaker_model.serve.app_model import AppModel, choose_model, models_in, with_weights
from sagemaker_model.serve.docker_run import docker_run, image_of

_STATE = Path(".sagemaker-model") / "serve"


def serve(
    code_folder: Annotated[
        Path | None,
        typer.Argument(help="Folder with inference.py. Default: the model of this folder's app."),
    ] = None,
    *,
    model: Annotated[
        str | None, typer.Option(help="Path of the app's model, where it has several.")
    ] = None,
    model_id: Annotated[
        list[str] | None, typer.Option(help="org/name[@revision], for a code folder.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="The model's files: a folder, or s3://… as for Weights.")
    ] = None,
    env: Annotated[
        list[str] | None,
        typer.Option("--env", "-e", help="NAME=VALUE, or NAME for its value here."),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 is a free one.")] = 8080,
    reload: Annotated[bool, typer.Option(help="Load the code anew when it changes.")] = True,
    docker: Annotated[
        bool, typer.Option("--docker", help="Run the container, where Docker is.")
    ] = False,
    app: Annotated[
        str | None,
        typer.Option("--app", "-a", help="Command that runs the app. Default: as cdk.json says."),
    ] = None,
    context: Annotated[
        list[str] | None, typer.Option("--context", "-c", help="Context of the app: key=value.")
    ] = None,
    serving_python: Annotated[
        Path | None, typer.Option(help="Interpreter of your own environment with the toolkit.")
    ] = None,
    samples: Samples = False,
    local: Local = False,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Serve a model on this machine as SageMaker serves it: /ping and /invocations.

    Hugging Face's inference image is served by its real toolkit, on the CPU; the line of
    'docker run' is printed for all others. For example:

        sagemaker-model serve

        sagemaker-model serve --model Chat/Model --docker

        sagemaker-model serve code --model-id sentence-transformers/all-MiniLM-L6-v2
    """
    from sagemaker_model.local.serving.choose import TOOLKIT, repository
    from sagemaker_model.serve.code_model import code_model

    where = _region(region, profile)
    if code_folder is not None:
        meant = code_model(code_folder, model_ids=model_id or [], weights=weights, region=where)
    elif model_id:
        raise typer.BadParameter("--model-id goes with a code folder; an app names its models")
    else:
        meant = with_weights(_of_app(model, app, context or [], where), weights)
    variables = read_variables(env or [])
    for name in meant.untold:
        if name not in variables:
            err.print(
                f"the deployment only knows {name}; give it with --env {name}=…", markup=False
            )
    if docker or meant.image is None or repository(meant.image) != TOOLKIT:
        _run_docker(meant, variables, port=port, wanted=docker)
        return
    from sagemaker_model.cli.serve_toolkit import Wanted, serve_toolkit

    serve_toolkit(
        meant,
        Wanted(
            environment={**meant.environment, **variables},
            port=port,
            reload=reload,
            serving_python=serving_python,
            samples=samples,
            checked=code_folder is None,
            s3=lambda: choose_aws(local=local, region=region, profile=profile).client("s3"),
        ),
    )


def read_variables(given: list[str]) -> dict[str, str]:
    """Return variables that are given as Docker takes them.

    Args:
        given: ``NAME=VALUE``, or ``NAME`` for the value that it has here; without one it is left
            out.

    Raises:
        ValueError: There is no name.

    >>> read_variables(["HF_TASK=fill-mask", "EMPTY="])
    {'HF_TASK': 'fill-mask', 'EMPTY': ''}
    """
    told = {}
    for each in given:
        name, has_value, value = each.partition("=")
        if not name:
            raise ValueError(f"--env must be NAME=VALUE or NAME, got {each!r}")
        if has_value or name in os.environ:
            told[name] = value if has_value else os.environ[name]
    return told


def _region(given: str | None, profile: str | None) -> str | None:
    """Return the Region of stacks that leave theirs open; None where nobody says it."""
    import boto3

    found = given or os.environ.get("AWS_REGION") or boto3.Session(profile_name=profile).region_name
    return found or None


def _of_app(path: str | None, app: str | None, context: list[str], region: str | None) -> AppModel:
    """Return the model of this folder's app, whose findings are told."""
    with synthesized(Path(), app=app, context=context, copy_assets=False) as synthesis:
        if not synthesis.worked:
            _tell(synthesis.findings)
            if not any(each.finding.severity is Severity.ERROR for each in synthesis.findings):
                err.print(synthesis.output, markup=False)
            raise RuntimeError("the app could not be synthesized; what is wrong is above")
        found = choose_model(models_in(synthesis.assembly, region), path)
        _tell([each for each in synthesis.findings if each.construct == found.path])
    return found


def _tell(findings: list[Recorded] | tuple[Recorded, ...]) -> None:
    for each in findings:
        if each.accepted is None:
            finding = each.finding
            err.print(f"{finding.severity.value}: {finding}", markup=False)


def _run_docker(model: AppModel, variables: dict[str, str], *, port: int, wanted: bool) -> None:
    """Run a model's container, or print what runs it."""
    from sagemaker_model.serve.docker_engine import docker_answers, run

    folder = (_STATE / model.path.replace("/", "-")).absolute()
    line = docker_run(model, folder=folder, port=port, environment=variables)
    if wanted and docker_answers():
        code = 0
        with until_ended():
            code = run(line, image_of(model))
        raise typer.Exit(code)
    if wanted:
        err.print("no Docker engine answers here; this is what runs the container:")
    for each in line.lines():
        out.print(each, markup=False)
    if wanted:
        raise typer.Exit(FAILED)
