"""Any deployment with any hosting and any options: a valid template, or a plain word about why not.

What is drawn is always the same, so that what fails fails again; ``make fuzz`` draws more of it.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from aws_cdk import App, Duration, Stack, TimeZone
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

import sagemaker_model
from conftest import STRICT, VIRGINIA
from hosting.drawn_hosting import Arguments, Draw, hosting, rarely, some
from hosting.drawn_models import CANDIDATE, UNKNOWN_TYPE, deployment, surroundings
from sagemaker_model import InferenceComponent, LoraAdapter, SageMakerModel, SmokeTest

SHARDS = 4
"""Parts of the draws, which may run beside each other."""
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "520")) // SHARDS
LINTED = 30
"""How many templates of each part cfn-lint looks at, where it is installed."""
CONTEXT = {**STRICT, "aws:cdk:disable-asset-staging": True}
CAPACITIES: Arguments = st.fixed_dictionaries(
    {"max_capacity": st.sampled_from([2, 4])},
    optional={"min_capacity": st.sampled_from([0, 1, 3]), "detached": st.booleans()},
)
THRESHOLDS = some(
    server_errors=st.just(5),
    latency=st.just(Duration.seconds(5)),
    backlog=st.just(50),
    gpu_memory=st.sampled_from([90, None]),
)
SMOKE_TESTS = some(
    smoke_test=st.sampled_from(
        [None, SmokeTest(), SmokeTest({"inputs": "a"}, expect="b"), SmokeTest("a" * 9000)]
    )
)
OUTPUTS = some(prefix=st.sampled_from(["Chat", "-"]), openai=st.booleans())
ARTIFACTS = st.sampled_from(["s3://bucket/adapter.tar.gz", "s3://bucket/adapter/"])
GRANTS = ["grant_invoke", "grant_invoke_stream", "grant_invoke_async", "grant_invoke_openai"]
POLICIES = ["scale_on_invocations", "scale_on_concurrency", "scale_on_backlog"]


def options() -> Iterator[str]:
    """Give every name that a user can have written: of arguments and of methods."""
    for name in sagemaker_model.__all__:
        cls = getattr(sagemaker_model, name)
        constructor = vars(cls).get("__init__")
        if constructor is not None:
            yield from inspect.signature(constructor).parameters
        for method, function in inspect.getmembers(cls, inspect.isfunction):
            if not method.startswith("_"):
                yield from (method, *inspect.signature(function).parameters)


OPTIONS = frozenset(options()) - {"self", "scope", "id", "model"}


def word(action: Callable[[], object], *errors: type[Exception]) -> str | None:
    """Return what is said about why not; None where it works."""
    try:
        action()
    except errors as error:
        return str(error)
    return None


def build(draw: Draw, stack: Stack) -> None:
    served = deployment(draw, stack)
    way = hosting(draw, stack, served, shadow=CANDIDATE)
    shared = isinstance(way, InferenceComponent)
    given = {} if shared and not draw(rarely()) else surroundings(draw, stack)
    tested = draw(SMOKE_TESTS)
    model = SageMakerModel(stack, "Model", model=served, hosting=way, **given, **tested)
    if shared and draw(rarely()):
        LoraAdapter(stack, "Adapter", base=model, artifact=draw(ARTIFACTS))
    if draw(rarely()):
        scale(draw, model)
    if draw(rarely()):
        model.roll_back_on(*model.add_default_alarms(**draw(THRESHOLDS)))
    if draw(rarely()):
        model.retain_logs(draw(st.sampled_from([30, 29])))
        model.add_outputs(**draw(OUTPUTS))
        cloudwatch.Dashboard(stack, "Dashboard", widgets=model.dashboard_widgets())
    if draw(st.booleans()):
        caller = iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal())
        getattr(model, draw(st.sampled_from(GRANTS)))(caller)


def scale(draw: Draw, model: SageMakerModel) -> None:
    scaling = model.auto_scale(**draw(CAPACITIES))
    for policy in draw(st.lists(st.sampled_from(POLICIES), max_size=2)):
        getattr(scaling, policy)(5)
    if draw(rarely()):
        scaling.scale_on_office_hours(
            start="08:00", end="18:00", time_zone=TimeZone.EUROPE_BERLIN, wakes=draw(st.booleans())
        )
    if draw(st.booleans()):
        at_night = autoscaling.Schedule.cron(hour="20", minute="0")
        scaling.scale_on_schedule("Night", at_night, min_capacity=draw(st.integers(0, 1)))


def template(draw: Draw) -> str | None:
    """Return the template of one draw as text; None where it was refused in plain words."""
    app = App(context=CONTEXT)
    stack = Stack(app, "Stack", env=VIRGINIA if draw(st.booleans()) else None)

    said = word(lambda: build(draw, stack), TypeError, ValueError)
    if said is not None:
        assert "jsii" not in said.lower()
        assert OPTIONS & set(re.findall(r"\w+", said)), said
        return None
    found = word(app.synth, RuntimeError)
    if found is not None:
        assert "[sagemaker-model:" in found
        assert "CloudFormation Validate" not in found
        return None
    return json.dumps(Template.from_stack(stack).to_json())


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("shard", range(SHARDS))
def test_it_is_a_valid_template_or_a_plain_error(shard: int, tmp_path: Path) -> None:
    valid: dict[str, None] = {}

    @seed(shard)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def draw_many(data: st.DataObject) -> None:
        text = template(data.draw)
        if text is not None:
            valid[text] = None

    draw_many()

    assert len(valid) >= EXAMPLES // 8, "so few say little"
    if find_spec("cfnlint") is not None:
        known = [text for text in valid if UNKNOWN_TYPE not in text]
        assert lint(tmp_path, known[-LINTED:]) == []


def lint(folder: Path, templates: list[str]) -> list[str]:
    """Return what cfn-lint finds in templates, all in one run of it."""
    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner

    paths = [folder / f"{index}.json" for index in range(len(templates))]
    for path, text in zip(paths, templates, strict=True):
        path.write_text(text, encoding="utf-8")
    # A parameter for the instance type is not used where there are no instances.
    config = ConfigMixIn(templates=[str(path) for path in paths], ignore_checks=["W2001"])
    return [f"{match.rule.id} {match.message}" for match in Runner(config).run()]
