"""Rules about Python code that a model's repository brings, by what the lock file says of it."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.engine_knowledge import is_native, model_and_engine
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.placed_model import deployed_settings
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed


@rule(
    "remote-code-needed",
    Severity.ERROR,
    "The model needs code of its repository to run.",
    fix="Read the code at the commit that is locked, then give `trust_remote_code=True`.",
)
def remote_code_needed(deployed: Deployed) -> Iterator[Problem]:
    """Find a model whose own code must run, and that it was not allowed to."""
    model, engine = model_and_engine(deployed)
    settings = deployed_settings(deployed)
    if model is None or engine is None or settings is None or settings.trust_remote_code:
        return
    if not model.config.auto_map or engine.name == "tei" or is_native(deployed, model):
        return
    yield Problem(
        "serving.trust_remote_code",
        f"is not given, and {model.id} brings Python code without which it can't be loaded",
        got=", ".join(model.config.architectures) or (model.config.model_type or ""),
        fix="read that code at the commit that is locked, then "
        "serving=ServingOptions(trust_remote_code=True)",
    )


@rule(
    "tokenizer-code-unused",
    Severity.WARNING,
    "The tokenizer may need code of its repository.",
    fix="Acknowledge it if the model starts; otherwise give `trust_remote_code=True`.",
)
def tokenizer_code_unused(deployed: Deployed) -> Iterator[Problem]:
    """Find a tokenizer with code of its own, of a model that needs none."""
    model, engine = model_and_engine(deployed)
    settings = deployed_settings(deployed)
    if model is None or engine is None or settings is None or settings.trust_remote_code:
        return
    native = not model.config.auto_map or is_native(deployed, model)
    if model.remote_code and native and engine.name != "tei":
        yield Problem(
            "serving.trust_remote_code",
            f"is not given, and the tokenizer of {model.id} brings Python code",
            fix="acknowledge this if it starts, or read that code, then "
            "serving=ServingOptions(trust_remote_code=True)",
        )


MODEL_CODE_RULES = (remote_code_needed, tokenizer_code_unused)
