"""Which roles a service of AWS may assume."""

from __future__ import annotations

import json

import pytest

from sagemaker_model.local.emulator.credentials import trusts

SERVICE = "sagemaker.amazonaws.com"


def policy(principal: object, effect: str = "Allow", action: object = "sts:AssumeRole") -> str:
    statement = {"Effect": effect, "Action": action, "Principal": principal}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "document",
    [
        policy({"Service": SERVICE}),
        policy({"Service": ["lambda.amazonaws.com", SERVICE]}),
        policy({"Service": SERVICE}, action=["sts:AssumeRole", "sts:TagSession"]),
    ],
)
def test_a_service_that_the_trust_policy_names_may_assume_the_role(document: str) -> None:
    assert trusts(document, SERVICE)


@pytest.mark.parametrize(
    "document",
    [
        policy({"Service": "lambda.amazonaws.com"}),
        policy({"AWS": "*"}),
        policy("*"),
        policy({"Service": SERVICE}, effect="Deny"),
        policy({"Service": SERVICE}, action="sts:TagSession"),
        "{}",
    ],
)
def test_a_service_that_it_does_not_name_may_not(document: str) -> None:
    assert not trusts(document, SERVICE)
