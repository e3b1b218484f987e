"""What is asked of a stack once, and not again for each of its models.

Every question to CDK is a round trip to Node.js, and an app may have hundreds of models.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct

from sagemaker_model.model_lock.given import LOCK_KEY

MIRROR_KEY = "sagemaker-model:mirror"
"""Context key of a registry host that has copies of all images that the app uses."""


@dataclass(frozen=True, slots=True)
class StackFacts:
    """What does not change in a stack.

    Args:
        region: The Region, a token in a Region-agnostic stack.
        mirror: The registry that AWS's images are pulled from instead; None for AWS's own.
        lock: What the context says of the lock file; None where it says nothing.
    """

    region: str
    mirror: str | None
    lock: object


_KNOWN: WeakKeyDictionary[Construct, StackFacts] = WeakKeyDictionary()


def stack_facts(scope: Construct, parent: Construct | None = None) -> StackFacts:
    """Return the facts of the stack that *scope* belongs to.

    Args:
        scope: A construct.
        parent: What it was put into, if that is at hand: mostly the stack, which then need not
            be asked for.
    """
    facts = _KNOWN.get(scope)
    if facts is None:
        stack = parent if isinstance(parent, Stack) else Stack.of(scope)
        facts = _KNOWN[scope] = _facts_of(stack)
    return facts


def _facts_of(stack: Stack) -> StackFacts:
    facts = _KNOWN.get(stack)
    if facts is None:
        node = stack.node
        mirror = node.try_get_context(MIRROR_KEY)
        facts = _KNOWN[stack] = StackFacts(
            region=stack.region,
            mirror=None if mirror is None else str(mirror),
            lock=node.try_get_context(LOCK_KEY),
        )
    return facts
