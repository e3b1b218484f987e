"""The rules against real models: what is known to run passes, what is known not to is refused."""

from __future__ import annotations

import pytest

from checks.deployments import a_deployment
from fit.recorded import Pair, models, pairs, sources
from sagemaker_model.checks.compute_rules import COMPUTE_RULES
from sagemaker_model.checks.engine_rules import ENGINE_RULES
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.fit_rules import FIT_RULES
from sagemaker_model.checks.licence_rules import LICENCE_RULES
from sagemaker_model.checks.model_code_rules import MODEL_CODE_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.engine.engines import find_engine
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.fit.settings import read_settings
from sagemaker_model.fit.smallest import smallest_fits

AT_LEAST_MODELS = 60
AT_LEAST_REFUSED = 0.9
RULES = (*FIT_RULES, *COMPUTE_RULES, *ENGINE_RULES, *MODEL_CODE_RULES, *LICENCE_RULES)


def errors(pair: Pair) -> list[str]:
    found = check_all(RULES, pair.deployed())
    return [str(each) for each in found if each.severity is Severity.ERROR]


def test_every_recorded_model_tells_where_its_facts_are_from() -> None:
    assert len(models()) >= AT_LEAST_MODELS
    assert all(source["shape"] and source["size"] for source in sources().values())
    assert all(pair.source for kind in ("works", "fails") for pair in pairs(kind))


@pytest.mark.parametrize("pair", pairs("works"), ids=str)
def test_what_is_known_to_work_is_not_refused(pair: Pair) -> None:
    assert errors(pair) == [], pair.source


def test_nine_of_ten_that_are_known_not_to_work_are_refused() -> None:
    failing = pairs("fails")
    refused = [pair for pair in failing if errors(pair)]

    assert len(refused) >= AT_LEAST_REFUSED * len(failing)


@pytest.mark.parametrize(
    ("reason", "rules"),
    [
        ("weights", {"model-too-large"}),
        ("heads", {"heads-not-divisible"}),
        ("context", {"context-too-long"}),
        ("context-beyond", {"context-beyond-model"}),
        ("memory", {"host-memory-too-small"}),
        ("dtype", {"bfloat16-on-old-gpu", "float16-refused"}),
        ("quantization", {"quantization-on-old-gpu", "quantization-of-plain-weights"}),
    ],
)
def test_each_is_refused_for_its_own_reason(reason: str, rules: set[str]) -> None:
    for pair in pairs("fails"):
        if pair.reason == reason:
            assert rules & {each.rule for each in check_all(RULES, pair.deployed())}, str(pair)


@pytest.mark.parametrize("engine", ["vllm", "lmi", "sglang", "tgi", "tei", "toolkit"])
def test_no_proposal_is_refused_by_the_rules_that_make_it(engine: str) -> None:
    settings = read_settings(find_engine(engine), {})
    assert settings is not None
    refused = []
    for model in models().values():
        for fit in smallest_fits(model, settings, most=9):
            whole = fit.degree == fit.instance.gpus or not settings.memory.splits
            options = ServingOptions(tensor_parallel_degree=None if whole else fit.degree)
            subject = a_deployment(model, engine, fit.instance.name, options=options)
            found = check_all((*FIT_RULES, *COMPUTE_RULES), subject)
            refused += [str(each) for each in found if each.severity is Severity.ERROR]

    assert refused == []
