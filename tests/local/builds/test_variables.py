"""A build's environment variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from sagemaker_model.local.builds.variables import (
    SecretReference,
    Variable,
    VariableError,
    merge,
    override,
    resolve,
)

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:hub-AbCdEf"


class Vault:
    """Secrets and parameters in memory; it notes what it is asked for."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = secrets
        self.asked: list[object] = []

    def secret(self, reference: SecretReference) -> str:
        self.asked.append(reference)
        return self.secrets[reference.secret]

    def parameters(self, names: Iterable[str]) -> Mapping[str, str]:
        self.asked.append(tuple(names))
        return {"/ci/user": "someone"}


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("hub", SecretReference("hub")),
        ("hub:token", SecretReference("hub", "token")),
        ("hub::AWSPREVIOUS", SecretReference("hub", "", "AWSPREVIOUS")),
        ("hub:token::v1", SecretReference("hub", "token", "", "v1")),
        (ARN, SecretReference(ARN)),
        (f"{ARN}:token:AWSCURRENT:v1", SecretReference(ARN, "token", "AWSCURRENT", "v1")),
    ],
)
def test_a_secret_is_named_with_its_key_and_version(text: str, reference: SecretReference) -> None:
    assert SecretReference.parse(text) == reference


def test_a_secret_with_too_many_parts_is_refused() -> None:
    with pytest.raises(VariableError, match="write secret-id:json-key:version-stage:version-id"):
        SecretReference.parse("a:b:c:d:e")


def test_the_later_layer_wins_and_codebuilds_own_names_are_not_taken() -> None:
    spec = [Variable("A", "spec"), Variable("B", "spec"), Variable("CODEBUILD_BUILD_ID", "mine")]

    merged = merge(spec, [Variable("B", "project")])

    assert {name: each.value for name, each in merged.items()} == {"A": "spec", "B": "project"}


def test_a_calls_variables_replace_the_projects_or_come_after() -> None:
    project = [{"name": "A", "value": "1", "type": "PLAINTEXT"}, {"name": "B", "value": "2"}]
    call = [{"name": "B", "value": "hub", "type": "SECRETS_MANAGER"}, {"name": "C", "value": "3"}]

    assert override(project, call) == [
        {"name": "A", "value": "1", "type": "PLAINTEXT"},
        {"name": "B", "value": "hub", "type": "SECRETS_MANAGER"},
        {"name": "C", "value": "3", "type": "PLAINTEXT"},
    ]


def test_values_are_read_where_they_are_and_those_from_a_vault_are_secret() -> None:
    vault = Vault(hub='{"token": "hf_abc", "uses": 3}', plain="all of it")

    resolved = resolve(
        merge(
            [
                Variable("PLAIN", "text"),
                Variable("USER", "/ci/user", "PARAMETER_STORE"),
                Variable("TOKEN", "hub:token", "SECRETS_MANAGER"),
                Variable("USES", "hub:uses", "SECRETS_MANAGER"),
                Variable("WHOLE", "plain", "SECRETS_MANAGER"),
            ]
        ),
        vault,
    )

    assert resolved.values == {
        "PLAIN": "text",
        "USER": "someone",
        "TOKEN": "hf_abc",
        "USES": "3",
        "WHOLE": "all of it",
    }
    assert set(resolved.secrets) == {"someone", "hf_abc", "3", "all of it"}


def test_nothing_is_asked_of_a_vault_for_plain_text() -> None:
    vault = Vault()

    resolve(merge([Variable("PLAIN", "text")]), vault)

    assert vault.asked == []


@pytest.mark.parametrize("text", ["no json", '["a list"]', '{"other": 1}'])
def test_a_key_that_a_secret_lacks_is_told(text: str) -> None:
    with pytest.raises(VariableError, match="secret hub has no JSON key 'token'; name one"):
        resolve(merge([Variable("T", "hub:token", "SECRETS_MANAGER")]), Vault(hub=text))


def test_a_parameter_that_does_not_exist_is_told() -> None:
    with pytest.raises(VariableError, match="parameter does not exist: /ci/other"):
        resolve(merge([Variable("T", "/ci/other", "PARAMETER_STORE")]), Vault())


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(VariableError, match="variable A has type 'SSM'; give one of PLAINTEXT"):
        Variable.of({"name": "A", "value": "1", "type": "SSM"})
