"""All that an account has in a Region, as far as this library's stacks make it."""

from __future__ import annotations

from local.live import LocalAws

# What lists each kind of thing: service, operation, member of the answer, member with the name.
_KINDS = (
    ("sagemaker", "list_endpoints", "Endpoints", "EndpointName"),
    ("sagemaker", "list_endpoint_configs", "EndpointConfigs", "EndpointConfigName"),
    ("sagemaker", "list_models", "Models", "ModelName"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("iam", "list_policies", "Policies", "PolicyName"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("stepfunctions", "list_state_machines", "stateMachines", "name"),
)
_BY_SAGEMAKER = "/aws/sagemaker/Endpoints/"
"""Log groups that SageMaker makes for endpoints: they stay on AWS too, and are no stack's."""


def inventory(aws: LocalAws) -> set[str]:
    """Return the names of all things, each behind the operation that tells it."""
    found = {
        f"{operation} {each[name]}"
        for service, operation, member, name in _KINDS
        for page in aws.client(service).get_paginator(operation).paginate(**_own(operation))
        for each in page[member]
        if not each[name].startswith(_BY_SAGEMAKER)
    }
    projects = aws.client("codebuild").list_projects()["projects"]
    return found | {f"list_projects {name}" for name in projects}


def _own(operation: str) -> dict[str, str]:
    return {"Scope": "Local"} if operation == "list_policies" else {}
