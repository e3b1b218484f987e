"""The stack that the resource belongs to."""

from __future__ import annotations

from typing import Any


def rolls_back(cloudformation: Any, stack_id: str) -> bool:
    """Return whether a stack undoes a deployment that failed, and is neither changed nor deleted.

    So say the states with ``ROLLBACK`` in their name, the clean-up after it too ("Understand stack
    creation events" and "StackStatus" of CloudFormation's user guide and API reference).

    Args:
        cloudformation: boto3's CloudFormation client.
        stack_id: ARN of the stack.
    """
    (stack,) = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    return "ROLLBACK" in stack["StackStatus"]
