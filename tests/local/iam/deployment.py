"""What a deployment under enforced IAM is made of, and how its roles lose one right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

STACK = "rights"
OTHERS, OURS = "bucket-of-others", "bucket-of-ours"
Statement = dict[str, Any]


@dataclass(frozen=True)
class Deployment:
    """A stack that was deployed, and the local AWS that it is on.

    Args:
        variables: Those of the local AWS.
        template: The stack's template.
    """

    variables: Mapping[str, str]
    template: Mapping[str, Any]
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a client of a service as the account's root."""
        if service not in self._clients:
            told = self.variables
            keys = {
                "AccessKeyId": told["AWS_ACCESS_KEY_ID"],
                "SecretAccessKey": told["AWS_SECRET_ACCESS_KEY"],
            }
            self._clients[service] = client_of(told, service, keys)
        return self._clients[service]

    def as_role(self, role: str, service: str) -> Any:
        """Return a client of a service as a role, which lets a user of these tests assume it."""
        return client_of(self.variables, service, self._assumed(role))

    @cached_property
    def stack_id(self) -> str:
        """ARN of the stack."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return str(stack["StackId"])

    def endpoint(self, model: str) -> str:
        """Return the name of a model's endpoint."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        return str(outputs[f"{model}Endpoint"])

    @cached_property
    def _tester(self) -> tuple[str, Mapping[str, str]]:
        iam = self.client("iam")
        arn = iam.create_user(UserName="tester")["User"]["Arn"]
        may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        iam.put_user_policy(UserName="tester", PolicyName="assume", PolicyDocument=_document([may]))
        return arn, iam.create_access_key(UserName="tester")["AccessKey"]

    def _assumed(self, role: str) -> Mapping[str, str]:
        arn, keys = self._tester
        iam, name = self.client("iam"), self.id(role)
        trust = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]
        ours = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": arn}}
        if ours not in trust:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=_document([*trust, ours]))
        sts = client_of(self.variables, "sts", keys)
        made = sts.assume_role(RoleArn=self.role_arn(role), RoleSessionName="tester")
        return dict(made["Credentials"])

    @cached_property
    def ids(self) -> dict[str, str]:
        """Physical ids by logical ones."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages.paginate(StackName=STACK)
            for each in page["StackResourceSummaries"]
        }

    def logical(self, path: str) -> str:
        """Return the logical id of a construct's resource."""
        wanted = {f"{STACK}/{path}", f"{STACK}/{path}/Resource", f"{STACK}/{path}/Default"}
        (found,) = (
            name
            for name, resource in self.template["Resources"].items()
            if resource.get("Metadata", {}).get("aws:cdk:path") in wanted
        )
        return str(found)

    def id(self, path: str) -> str:
        """Return the physical id of a construct's resource."""
        return self.ids[self.logical(path)]

    def role_arn(self, path: str) -> str:
        """Return the ARN of a role."""
        return str(self.client("iam").get_role(RoleName=self.id(path))["Role"]["Arn"])

    @contextmanager
    def without(self, role: str, *sids: str) -> Iterator[None]:
        """Take statements from a role until they are given back.

        Args:
            role: Path of the role.
            sids: Names of the statements, or the action of one without a name.
        """
        name, iam = self.id(role), self.client("iam")
        changed = {}
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            left = [each for each in document["Statement"] if not _is(each, sids)]
            if len(left) < len(document["Statement"]):
                changed[policy] = (document["Statement"], left or [_NOTHING])
        assert changed, f"{role} has no statement {sids}"
        for policy, (_, left) in changed.items():
            self._put(name, policy, left)
        try:
            yield
        finally:
            for policy, (all_of_them, _) in changed.items():
                self._put(name, policy, all_of_them)

    def _put(self, role: str, policy: str, statements: list[Statement]) -> None:
        self.client("iam").put_role_policy(
            RoleName=role, PolicyName=policy, PolicyDocument=_document(statements)
        )


def _is(statement: Statement, sids: tuple[str, ...]) -> bool:
    return statement.get("Sid", str(statement["Action"])) in sids


# A policy can't be empty.
_NOTHING = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}


def client_of(told: Mapping[str, str], service: str, keys: Mapping[str, str]) -> Any:
    """Return a client of a service that signs with certain keys."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=told["AWS_ENDPOINT_URL"],
        region_name=told["AWS_REGION"],
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
        verify=told["AWS_CA_BUNDLE"],
    )


def _document(statements: list[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def read_template(assembly: Path) -> dict[str, Any]:
    """Return the template of a synthesized app."""
    template: dict[str, Any] = json.loads(
        (assembly / f"{STACK}.template.json").read_text(encoding="utf-8")
    )
    return template
