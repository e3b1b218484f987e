"""The role that a model's containers, and the platform around them, act as."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from sagemaker_model.permissions import Statement, account

_DIGITS = 8


@dataclass(frozen=True, slots=True)
class ExecutionRole:
    """A role and the policy that lets it do its work.

    Args:
        role: The role.
        policy: What was granted, on which the model depends; None where nothing was.
        statements: What it is to be allowed, granted or not.
        needs: The statements that someone else must give it, as JSON; None where it has them.
    """

    role: iam.IRole
    policy: iam.Policy | None
    statements: Sequence[Statement]
    needs: str | None = None


def make_execution_role(
    scope: Construct,
    *,
    role: iam.IRole | None,
    statements: Sequence[Statement],
    grant_permissions: bool,
) -> ExecutionRole:
    """Make a role, or use the given one, and let it do what *statements* say.

    The policy lives under *scope*, also for a role of another stack: a grant over there would
    have to name this stack's resources, and the two stacks would need each other.

    Raises:
        ValueError: Nothing may be granted, but there is no role to leave alone.
    """
    if role is not None and not statements:
        return ExecutionRole(role, None, statements)
    if not grant_permissions:
        if role is None:
            raise ValueError(
                "grant_permissions=False leaves a role of yours untouched, but role is not given; "
                "give role=, or leave grant_permissions out"
            )
        return ExecutionRole(role, None, statements, as_json(scope, statements))
    if role is None:
        owned = _make_role(scope)
        policy = _grant(scope, owned, statements)  # pyright: ignore[reportArgumentType]
        return ExecutionRole(owned, policy, statements)  # pyright: ignore[reportArgumentType]
    policy = _grant(scope, role, statements)
    if isinstance(role, iam.Role) or _is_attached(policy):
        return ExecutionRole(role, policy, statements)
    # In no template, but rule packs walk the tree and would find what is never deployed.
    scope.node.try_remove_child(policy.node.id)
    return ExecutionRole(role, None, statements, as_json(scope, statements))


def _make_role(scope: Construct) -> iam.Role:
    """Make a role that only SageMaker may assume, and only on behalf of this account."""
    # jsii's protocols and classes name some arguments differently, which only pyright minds.
    principal = _sagemaker()
    return iam.Role(scope, "Role", assumed_by=principal)  # pyright: ignore[reportArgumentType]


@cache
def _sagemaker() -> iam.ServicePrincipal:
    conditions = {"StringEquals": {"aws:SourceAccount": account()}}
    return iam.ServicePrincipal("sagemaker.amazonaws.com", conditions=conditions)


def _grant(scope: Construct, role: iam.IRole, statements: Sequence[Statement]) -> iam.Policy:
    """Attach *statements* to *role* through the role itself.

    So the role decides: an immutable one is not changed, and one that ``Role.customize_roles``
    replaced notes down what it needs.

    The policy is named after what it says, so that other rights are another policy: an update
    makes it first, and deletes the old one when the endpoint has moved. What serves until then
    keeps all its rights.
    """
    content = {"Version": "2012-10-17", "Statement": list(statements)}
    document = iam.PolicyDocument.from_json(content)
    policy = iam.Policy(scope, f"Policy{_digest(scope, role, statements)}", document=document)
    role.attach_inline_policy(policy)
    return policy


def _digest(scope: Construct, role: iam.IRole, statements: Sequence[Statement]) -> str:
    said = Stack.of(scope).resolve([role.role_arn, list(statements)])
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:_DIGITS]


def _is_attached(policy: iam.Policy) -> bool:
    resource = policy.node.default_child
    return isinstance(resource, iam.CfnPolicy) and bool(Stack.of(policy).resolve(resource.roles))


def as_json(scope: Construct, statements: Sequence[Statement]) -> str:
    """Write statements as a policy's document has them."""
    return json.dumps(Stack.of(scope).resolve(list(statements)))
