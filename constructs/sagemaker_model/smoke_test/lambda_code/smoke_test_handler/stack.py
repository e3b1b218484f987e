"""The stack that the test belongs to."""

from __future__ import annotations

import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger(__name__)


def may_roll_back(cloudformation: Any, stack_id: str) -> bool:
    """Return whether a stack undoes a deployment that failed; also where nobody can tell.

    A failure would then leave it in ``UPDATE_ROLLBACK_FAILED``, out of which only a person helps.
    So say the states with ``ROLLBACK`` in their name ("StackStatus" in CloudFormation's API
    reference).

    Args:
        cloudformation: boto3's CloudFormation client.
        stack_id: ARN of the stack.
    """
    try:
        (stack,) = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        log.warning("taken to be rolled back, as CloudFormation does not tell: %s", error)
        return True
    return "ROLLBACK" in stack["StackStatus"]
