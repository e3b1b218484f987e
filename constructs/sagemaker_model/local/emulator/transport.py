"""Requests over plain HTTP, which on AWS come by TLS.

A bucket's policy that refuses what comes without TLS (CDK's ``enforce_ssl``) would else refuse
another account everything. ministack asks it even where IAM is not enforced, as AWS does: "Policy
evaluation logic" and "Cross-account policy evaluation logic" of the IAM user guide.
"""

from __future__ import annotations

import contextvars

from ministack.core import iam_evaluator

HOOKS = ("ministack.core.iam_evaluator:_request_origin",)


def install() -> None:
    """Have policies judge each request as AWS's SDKs would have sent it, by TLS."""
    iam_evaluator._request_origin = contextvars.ContextVar(  # noqa: SLF001
        "request_origin", default=("127.0.0.1", True)
    )
