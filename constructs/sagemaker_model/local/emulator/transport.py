"""Requests over plain HTTP, which on AWS come by TLS.

A bucket's policy that refuses what comes without TLS (CDK's ``enforce_ssl``) would else refuse
another account everything. ministack asks it even where IAM is not enforced, as AWS does: "Policy
evaluation logic" and "Cross-account policy evaluation logic" of the IAM user guide.
"""

from __future__ import annotations

from ministack import app

HOOKS = ("ministack.app:pin_request_origin",)


def install() -> None:
    """Have policies judge each request as AWS's SDKs would have sent it, by TLS."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda address, _secure: pin(address, secure_transport=True)
