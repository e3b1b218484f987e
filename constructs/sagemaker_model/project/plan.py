"""Decide how a model is deployed, by what is asked for and what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sagemaker_model.fit.weights import parameter_count
from sagemaker_model.instance.table import suggest, try_find_instance
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.project.instance import Choice, choose_cpu, choose_gpu
from sagemaker_model.project.project import Project
from sagemaker_model.project.server import (
    choose_server,
    given_server,
    image_expression,
    wants_gpu,
)
from sagemaker_model.project.starter import SKELETON, choose_starter
from sagemaker_model.project.task import task_of
from sagemaker_model.stack_name import stack_name_of
from sagemaker_model.staging.token_secret import TOKEN_SECRET
from sagemaker_model.weights.hub_model import HubModel

_TOOLKIT = "toolkit"
_NAMELESS = "Model"
_NEVER_PINNED = "llama-cpp"
_MILLION = 1_000_000
_BILLION = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked for; all else is decided.

    Args:
        model: The model, and the revision that is to stand in the app; None for code without one.
        custom: Whether it is served by inference code of their own. Default: it is not.
        name: Name of the stack.
        instance_type: Instance type.
        container: Image, as ``Container`` takes one, or a name of ``ContainerImages``.
        max_total_tokens: Longest prompt and answer together.
        region: Region of the stack.
        hf_token: Name or ARN of the secret with the Hub token.
        samples: Whether the model is a sample of this machine. Default: it is the Hub's.
    """

    model: HubModel | None = None
    custom: bool = False
    name: str | None = None
    instance_type: str | None = None
    container: str | None = None
    max_total_tokens: int | None = None
    region: str | None = None
    hf_token: str | None = None
    samples: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A project, and why it is as it is.

    Args:
        project: The project.
        reasons: Why, a line for each decision.
    """

    project: Project
    reasons: tuple[str, ...]


def make_plan(model: LockedModel | None, asked: Asked) -> Plan:
    """Return how a model is deployed.

    Args:
        model: What the Hub says of it; None for inference code without one.
        asked: What was asked for.

    Raises:
        ValueError: Nothing is known to serve it, or it fits on no instance type.
    """
    if asked.custom or model is None:
        return _custom(model, asked)
    spec = try_find_instance(asked.instance_type or "")
    server = (
        given_server(model, asked.container)
        if asked.container
        else choose_server(model, gpu=None if spec is None else bool(spec.gpus))
    )
    choice = _instance(model, server.engine or "", asked, gpu=server.gpu)
    project = replace(
        _project(model, asked, choice),
        image=server.image,
        env=server.env,
        max_total_tokens=asked.max_total_tokens,
        pinned=server.engine != _NEVER_PINNED,
    )
    return Plan(project, (*_facts(model), f"{server.title}: {server.why}", *_why(choice)))


def _custom(model: LockedModel | None, asked: Asked) -> Plan:
    starter = choose_starter(model) if model else SKELETON
    gpu = model is not None and wants_gpu(model)
    choice = _instance(model, _TOOLKIT, asked, gpu=gpu)
    project = replace(
        _project(model, asked, choice),
        image=image_expression(asked.container) if asked.container else None,
        starter=starter,
    )
    facts = _facts(model) if model else ()
    return Plan(project, (*facts, f"code: {starter.why}", *_why(choice)))


def _instance(model: LockedModel | None, engine: str, asked: Asked, *, gpu: bool) -> Choice:
    if asked.instance_type:
        return Choice(asked.instance_type, _as_asked(asked.instance_type))
    if model is None or not gpu:
        return choose_cpu(model, engine, region=asked.region)
    return choose_gpu(model, engine, region=asked.region, context=asked.max_total_tokens)


def _as_asked(instance_type: str) -> str:
    """Say that a type is the one that was asked for, and what was probably meant.

    >>> _as_asked("ml.g5.xlarg")
    "as you asked for, but it is not known; did you mean 'ml.g5.xlarge'?"
    """
    if try_find_instance(instance_type):
        return "as you asked for"
    meant = "".join(f"; did you mean {name!r}?" for name in suggest(instance_type)[:1])
    return f"as you asked for, but it is not known{meant}"


def _project(model: LockedModel | None, asked: Asked, choice: Choice) -> Project:
    own = model.id.rpartition("/")[2] if model else _NAMELESS
    gated = model is not None and model.gated
    return Project(
        name=asked.name or stack_name_of(own),
        instance_type=choice.name,
        model_id=model.id if model else None,
        revision=asked.model.revision if asked.model else None,
        region=asked.region,
        hf_token=asked.hf_token or (TOKEN_SECRET if gated else None),
        task=task_of(model) if model else None,
        samples=asked.samples,
    )


def _facts(model: LockedModel) -> Iterator[str]:
    count = parameter_count(model)
    size = f"{_rounded(count)} parameters" if count else None
    licence = f"licence {model.licence}" if model.licence else "no licence is told"
    yield f"{model.id}: {', '.join(filter(None, [task_of(model), size, licence]))}"
    if model.gated:
        yield "gated: accept its licence on the Hub; a build reads the token from a secret"


def _rounded(count: int) -> str:
    """Write a number of parameters.

    >>> _rounded(22713728), _rounded(7615616512), _rounded(11)
    ('23 million', '7.6 billion', '11')
    """
    if count >= _BILLION:
        return f"{count / _BILLION:.1f} billion"
    return f"{count / _MILLION:.0f} million" if count >= _MILLION else f"{count:,}"


def _why(choice: Choice) -> Iterator[str]:
    yield f"{choice.name}: {choice.why}"
    if choice.others:
        yield f"it fits on {', '.join(choice.others)}, too"
