"""Names of what staging makes: by stack and construct, so that two never meet."""

from __future__ import annotations

from aws_cdk import Stack
from constructs import Construct

_FOLDERS = ("__pycache__", ".git", ".ipynb_checkpoints", ".mypy_cache", ".venv")
IGNORED = ["*.pyc", "**/*.pyc", *(f"{d}{each}" for each in _FOLDERS for d in ("", "**/"))]
"""What no asset holds: what the staging program skips, and tools write anew each time."""


def stack_name(scope: Construct) -> str:
    """Return the name of the stack, as text; of a nested one, that of the stack around it."""
    stack = Stack.of(scope)
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    return stack.stack_name


def stack_prefix(scope: Construct) -> str:
    """Return what the keys of all that a stack stages begin with."""
    return f"{stack_name(scope)}/"


def owner_prefix(scope: Construct) -> str:
    """Return what the keys of all that a construct stages begin with."""
    return f"{stack_name(scope)}/{scope.node.addr}/"


def project_name(scope: Construct) -> str:
    """Return the name of a construct's CodeBuild project, at most 150 characters.

    A stack's name has no underscore, so that no other stack's pattern fits this name.
    """
    return f"{stack_name(scope)}_{scope.node.addr[:20]}"


def project_names(scope: Construct) -> str:
    """Return the pattern of the names of a stack's CodeBuild projects."""
    return f"{stack_name(scope)}_*"
