"""The registry: every rule there is."""

from __future__ import annotations

from sagemaker_model.checks.asynchronous_rules import ASYNCHRONOUS_RULES
from sagemaker_model.checks.component_rules import COMPONENT_RULES
from sagemaker_model.checks.compute_rules import COMPUTE_RULES
from sagemaker_model.checks.engine_rules import ENGINE_RULES
from sagemaker_model.checks.environment_rules import ENVIRONMENT_RULES, Environment
from sagemaker_model.checks.finding import Finding
from sagemaker_model.checks.fit_rules import FIT_RULES
from sagemaker_model.checks.hosting_rules import HOSTING_RULES
from sagemaker_model.checks.instance_rules import INSTANCE_RULES
from sagemaker_model.checks.licence_rules import LICENCE_RULES
from sagemaker_model.checks.lock_rules import LOCK_RULES
from sagemaker_model.checks.model_code_rules import MODEL_CODE_RULES
from sagemaker_model.checks.model_rules import MODEL_RULES
from sagemaker_model.checks.roll_out_rules import ROLL_OUT_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.scaling_rules import SCALING_RULES
from sagemaker_model.checks.serverless_rules import SERVERLESS_RULES
from sagemaker_model.checks.staging_rules import STAGING_RULES
from sagemaker_model.checks.subject import Deployed

RULES = (
    *INSTANCE_RULES,
    *HOSTING_RULES,
    *ROLL_OUT_RULES,
    *SCALING_RULES,
    *SERVERLESS_RULES,
    *ASYNCHRONOUS_RULES,
    *COMPONENT_RULES,
    *MODEL_RULES,
    *STAGING_RULES,
    *FIT_RULES,
    *COMPUTE_RULES,
    *LOCK_RULES,
    *ENGINE_RULES,
    *MODEL_CODE_RULES,
    *LICENCE_RULES,
)
"""The rules about a whole deployment; those about its environment and code are beside them."""


def check(deployed: Deployed) -> list[Finding]:
    """Return what every rule finds in a deployment."""
    findings = check_all(RULES, deployed)
    container = deployed.container
    if container.engine is not None:
        environment = Environment(
            engine=container.engine,
            user=container.user_environment,
            rendered=container.own_environment,
            mounted=container.model_data is not None,
        )
        findings += check_all(ENVIRONMENT_RULES, environment)
    if container.code is not None:
        from sagemaker_model.checks.code_rules import CODE_RULES

        findings += check_all(CODE_RULES, container.code)
    return findings
