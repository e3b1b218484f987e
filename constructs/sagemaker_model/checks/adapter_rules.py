"""Rules about a LoRA adapter, and the model that it is made for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.deployment.deployment import ContainerDefinition

_OFF = frozenset({"false", "0"})


class Adapted(NamedTuple):
    """An adapter and its model.

    Args:
        container: The model's container.
        role_needs: Statements that the role lacks to read the adapter, as JSON; None where it has
            them.
    """

    container: ContainerDefinition
    role_needs: str | None = None


@rule(
    "adapter-lora-off",
    Severity.WARNING,
    "LoRA is not switched on in the model's engine.",
    fix="Set the variables that the message names in the model's `env`.",
)
def adapter_lora_off(adapted: Adapted) -> Iterator[Problem]:
    """Find a model that can't load adapters, so that the adapter fails when it is made."""
    engine, environment = adapted.container.engine, adapted.container.environment
    wanted = engine.lora_variables if engine else {}
    missing = [name for name in wanted if environment.get(name, "false").strip().lower() in _OFF]
    if missing and engine:
        named = ", ".join(f"{name!r}: {wanted[name]!r}" for name in missing)
        yield Problem(
            "base",
            f"does not load adapters, as {engine.title} does so only where it is told to",
            fix=f"give the model env={{{named}}}",
        )


@rule(
    "adapter-engine-unknown",
    Severity.WARNING,
    "The model's engine is not known to take adapters.",
    fix="Serve the model by `DJL_INFERENCE_LMI_LATEST` or a vLLM image; accept it where you know "
    "that yours loads adapters.",
)
def adapter_engine_unknown(adapted: Adapted) -> Iterator[Problem]:
    """Find an engine of which nobody says that it loads adapters for SageMaker."""
    engine = adapted.container.engine
    if engine is None or not engine.lora_variables:
        yield Problem(
            "base",
            "is served by what is not known to load adapters of SageMaker",
            got=engine.title if engine else "a model package",
            fix="container=ContainerImages.DJL_INFERENCE_LMI_LATEST with env OPTION_ENABLE_LORA, "
            "or a vLLM image",
        )


@rule(
    "adapter-role-needs-permissions",
    Severity.WARNING,
    "The role must be given the right to read the adapter by someone else.",
    fix="Give the role the statements that the message lists.",
)
def adapter_role_needs_permissions(adapted: Adapted) -> Iterator[Problem]:
    """List what a role lacks that could not, or was not to, be changed."""
    if adapted.role_needs is not None:
        yield Problem(
            "role",
            "of the SharedEndpoint is left as it is, so it may not read the adapter",
            fix=f"see that it has these statements: {adapted.role_needs}",
        )


ADAPTER_RULES = (adapter_lora_off, adapter_engine_unknown, adapter_role_needs_permissions)
