"""What is asked of a stack once, and not again for each of its models.

Every question to CDK is a round trip to Node.js, and an app may have hundreds of models.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct

MIRROR_KEY = "sagemaker-model:mirror"
"""Context key of a registry host that has copies of all images that the app uses."""


@dataclass(frozen=True, slots=True)
class StackFacts:
    """What does not change in a stack.

    Args:
        region: The Region, a token in a Region-agnostic stack.
        mirror: The registry that AWS's images are pulled from instead; None for AWS's own.
    """

    region: str
    mirror: str | None


_KNOWN: WeakKeyDictionary[Construct, StackFacts] = WeakKeyDictionary()


def stack_facts(scope: Construct) -> StackFacts:
    """Return the facts of the stack that *scope* belongs to."""
    facts = _KNOWN.get(scope)
    if facts is None:
        facts = _KNOWN[scope] = _facts_of(Stack.of(scope))
    return facts


def _facts_of(stack: Stack) -> StackFacts:
    facts = _KNOWN.get(stack)
    if facts is None:
        mirror = stack.node.try_get_context(MIRROR_KEY)
        facts = _KNOWN[stack] = StackFacts(stack.region, None if mirror is None else str(mirror))
    return facts
