"""The line that runs a model's container with Docker as SageMaker runs it.

Source: "How SageMaker AI runs your inference image" (the argument ``serve``) and "How your
container should respond to inference requests" (port 8080, ``/opt/ml/model``),
https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sagemaker_model.serve.app_model import AppModel, source_of
from sagemaker_model.weights.hub_model import HubModel

_PORT = 8080
_MOUNTED = "/opt/ml/model"
_MANIFEST = ".manifest.json"
_REGISTRY = re.compile(r"\d{12}\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.[a-z0-9.-]+")
# A value stands in the line, in the shell's history and in the list of processes.
_SECRETS = frozenset({"HF_TOKEN", "HF_API_TOKEN", "HUGGING_FACE_HUB_TOKEN"})
# Docker's own 64 MiB are too little for what GPUs exchange; Text Generation Inference's guide has
# 1 GiB, and tensor parallelism wants more of it.
_SHARED_GIB, _SHARED_GIB_OF_A_GPU = 1, 4

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DockerRun:
    """What runs a container, and what comes before it.

    Args:
        login: Logs Docker in at the image's registry; the second reads what the first writes.
            Empty where the registry needs none.
        fetch: Brings the model's files to this machine; empty where they are here.
        run: Runs the container.
        environment: Variables that are passed by their names, so that nobody sees their values.
    """

    login: tuple[Command, Command] | None
    fetch: tuple[Command, ...]
    run: Command
    environment: Mapping[str, str]

    def lines(self) -> list[str]:
        """Return the lines for a shell, in their order."""
        login = [" | ".join(map(shlex.join, self.login))] if self.login else []
        return [*login, *map(shlex.join, self.fetch), shlex.join(self.run)]


def docker_run(
    model: AppModel,
    *,
    folder: Path,
    port: int = _PORT,
    environment: Mapping[str, str] | None = None,
) -> DockerRun:
    """Return what runs a model's container.

    Args:
        model: The model.
        folder: Where the model's files go, if they are not together in a folder already.
        port: Where it shall listen on this machine. Default: 8080.
        environment: Variables besides the container's own, which they replace. Default: none.

    Raises:
        ValueError: It is a model package, or where image or files are only the deployment tells.
    """
    image = image_of(model)
    files, fetch = _files(model, folder)
    variables = {**model.environment, **(environment or {})}
    hidden = {name: value for name, value in variables.items() if name in _SECRETS}
    shared = max(_SHARED_GIB, _SHARED_GIB_OF_A_GPU * model.gpus)
    run = ["docker", "run", "--rm"]
    run += ["--gpus", str(model.gpus)] if model.gpus else []
    run += ["--shm-size", f"{shared}g", "--publish", f"127.0.0.1:{port}:{_PORT}"]
    run += ["--volume", f"{files}:{_MOUNTED}:ro"] if files else []
    for name, value in variables.items():
        run += ["--env", name if name in hidden else f"{name}={value}"]
    # Without a value here, Docker passes on none.
    run += [] if files or hidden else ["--env", "HF_TOKEN"]
    return DockerRun(
        login=_login(image), fetch=fetch, run=(*run, image, "serve"), environment=hidden
    )


def _files(model: AppModel, folder: Path) -> tuple[Path | None, tuple[Command, ...]]:
    """Return the folder that is mounted, and what makes it; None where nothing is."""
    code, weights = model.folders.get("code"), model.folders.get("weights")
    if code is None and weights is not None:
        return weights, ()
    fetch = _copied(weights, folder) if weights else _fetched(model, folder)
    if code is None:
        return (folder, fetch) if fetch else (None, ())
    # Docker can't mount a folder into one that is mounted read-only.
    return folder, (*fetch, *_copied(code, folder / "code"))


def _copied(source: Path, folder: Path) -> tuple[Command, ...]:
    return ("mkdir", "-p", str(folder)), ("cp", "-R", f"{source}/.", str(folder))


def image_of(model: AppModel) -> str:
    """Return the address of a model's image.

    Raises:
        ValueError: It has none of its own, or only the deployment tells it.
    """
    if model.model_package:
        raise ValueError(
            f"{model.path} is a model package, whose image only SageMaker may run; deploy it, and "
            "ask the endpoint"
        )
    if model.image is None:
        raise ValueError(
            f"the image of {model.path} is known to the deployment only; deploy to an account and "
            "Region that the stack names: Stack(…, env=Environment(account=…, region=…))"
        )
    if model.region is None and _REGISTRY.match(model.image):
        raise ValueError(
            f"the registry of {model.path}'s image depends on the Region, which the stack leaves "
            "open; name it with --region"
        )
    return model.image


def _login(image: str) -> tuple[Command, Command] | None:
    found = _REGISTRY.match(image)
    if found is None:
        return None
    password = ("aws", "ecr", "get-login-password", "--region", found["region"])
    return password, ("docker", "login", "--username", "AWS", "--password-stdin", found[0])


def _fetched(model: AppModel, folder: Path) -> tuple[Command, ...]:
    """Return what brings the files of a model here, by tools that everybody has."""
    told = model.staging or {}
    if "MODEL_ID" in told:
        models = [HubModel.parse(each) for each in told["MODEL_ID"].split(",")]
        return tuple(_of_hub(each, folder, alone=len(models) == 1) for each in models)
    source = source_of(model)
    return () if source is None else _of_s3(source, folder)


def _of_hub(model: HubModel, folder: Path, *, alone: bool) -> Command:
    revision = ("--revision", model.revision) if model.revision else ()
    place = folder if alone else folder / model.model_id.rpartition("/")[2]
    return ("hf", "download", model.model_id, *revision, "--local-dir", str(place))


def _of_s3(uri: str, folder: Path) -> tuple[Command, ...]:
    if not uri.endswith(".tar.gz"):
        prefix = f"{uri.removesuffix(_MANIFEST)}/" if uri.endswith(_MANIFEST) else uri
        return (("aws", "s3", "sync", prefix, str(folder)),)
    archive = f"{folder}.tar.gz"
    unpack = ("tar", "--extract", "--gzip", "--file", archive, "--directory", str(folder))
    return ("aws", "s3", "cp", uri, archive), ("mkdir", "-p", str(folder)), unpack
