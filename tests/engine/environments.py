"""What the linter finds in the environment of a container."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES, Environment
from sagemaker_model.checks.finding import Finding
from sagemaker_model.checks.rule import check_all
from sagemaker_model.engine.engine import Engine
from sagemaker_model.engine.engines import find_engine

TOKEN = "${Token[TypeRef.12]}"
HF_TOKEN = "hf_" + "a" * 34


def findings(
    engine: str | Engine,
    user: Mapping[str, object],
    *,
    rendered: Mapping[str, str] | None = None,
    mounted: bool = False,
) -> list[Finding]:
    found = find_engine(engine) if isinstance(engine, str) else engine
    environment = Environment(engine=found, user=user, rendered=rendered or {}, mounted=mounted)
    return check_all(ENVIRONMENT_RULES, environment)


def rules(engine: str | Engine, user: Mapping[str, object], **more: object) -> list[str]:
    rendered = more.get("rendered")
    assert rendered is None or isinstance(rendered, Mapping)
    found = findings(engine, user, rendered=rendered, mounted=bool(more.get("mounted")))
    return [finding.rule for finding in found]
