"""Stacks that go when a module's tests have ended: what serves for them is needed no more."""

from __future__ import annotations

from functools import partial

from local.live import LocalAws, until


def remove(aws: LocalAws, *stacks: str) -> None:
    """Delete stacks, without the CLI: what depends on others comes first."""
    cloudformation = aws.client("cloudformation")
    for stack in stacks:
        cloudformation.delete_stack(StackName=stack)
        until(partial(_is_gone, aws, stack))


def _is_gone(aws: LocalAws, stack: str) -> bool:
    return stack not in aws.stacks()
