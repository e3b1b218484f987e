"""``sagemaker-model token set``: the token reaches the secret, and nothing else."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from typer.testing import CliRunner, Result

from sagemaker_model.cli.main import app
from sagemaker_model.local.hub.control import Control
from sagemaker_model.local.hub.server import Hub

TOKEN = "hf_" + "SecretOfATest" * 2
OTHER = "hf_" + "AnotherOfATest" * 2


@pytest.fixture(scope="module")
def secrets_manager() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def _hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    server = Hub(tmp_path_factory.mktemp("hub"))
    server.serve_in_background()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hub(_hub: Hub) -> Hub:
    """A Hub that knows whose the token is."""
    _hub.control = Control(users={TOKEN: "somebody", OTHER: "somebody"})
    return _hub


@pytest.fixture(autouse=True)
def client(secrets_manager: str, hub: Hub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """An empty Secrets Manager, which the command asks too, and a Hub."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", secrets_manager)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
    made = boto3.client("secretsmanager")
    for each in made.list_secrets()["SecretList"]:
        made.delete_secret(SecretId=each["Name"], ForceDeleteWithoutRecovery=True)
    return made


def set_token(*arguments: str, typed: str = f"{TOKEN}\n") -> Result:
    return CliRunner().invoke(app, ["token", "set", *arguments], input=typed)


def test_a_piped_token_becomes_the_text_of_a_secret(client: Any) -> None:
    done = set_token()

    assert done.exit_code == 0, done.output
    assert done.stdout == 'hf_token="hugging-face-token"\n'
    assert client.get_secret_value(SecretId="hugging-face-token")["SecretString"] == TOKEN
    assert "it is a token of somebody" in done.stderr


def test_a_secret_that_is_there_gets_a_new_value_and_keeps_the_old(client: Any) -> None:
    set_token("hub")

    done = set_token("hub", "--json", typed=OTHER)

    told = json.loads(done.stdout)
    assert (told["created"], told["line"]) == (False, 'hf_token="hub"')
    assert client.get_secret_value(SecretId="hub")["SecretString"] == OTHER
    old = client.get_secret_value(SecretId="hub", VersionStage="AWSPREVIOUS")
    assert old["SecretString"] == TOKEN


def test_a_secret_is_known_by_its_arn_too(client: Any) -> None:
    arn = json.loads(set_token("hub", "--json").stdout)["arn"]

    done = set_token(arn, typed=OTHER)

    assert done.stdout == f'hf_token="{arn}"\n'
    assert f"is the new value of {arn}" in done.stderr
    assert client.get_secret_value(SecretId="hub")["SecretString"] == OTHER


@pytest.mark.parametrize("again", [False, True], ids=["new", "there"])
def test_key_and_tags_are_put_on_it(client: Any, *, again: bool) -> None:
    if again:
        set_token("hub")

    set_token("hub", "--kms-key", "alias/mine", "--tag", "team=search")

    told = client.describe_secret(SecretId="hub")
    assert told["KmsKeyId"] == "alias/mine"
    assert told["Tags"] == [{"Key": "team", "Value": "search"}]


def test_without_input_it_is_taken_from_the_environment(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", OTHER)

    set_token("hub", typed="")

    assert client.get_secret_value(SecretId="hub")["SecretString"] == OTHER


def test_where_the_input_is_asked_for_nothing_else_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_TOKEN", OTHER)

    done = set_token("hub", "-", typed="")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "no token is given" in done.stderr


def test_where_the_hub_can_not_be_asked_it_is_stored_and_told(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")

    done = set_token("hub")

    assert done.exit_code == 0
    assert "not checked whose token it is" in done.stderr
    assert client.get_secret_value(SecretId="hub")["SecretString"] == TOKEN


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("hub",), "hf_mistyped\n", "no token of the Hub"),
        (("hub",), f"hf_{'Unknown' * 4}\n", "refuses the token"),
        ((TOKEN,), "", "where the secret's name belongs"),
        (("a secret",), TOKEN, "secret must be"),
        (("hub", TOKEN), "", "the token is no argument"),
        (("hub", "--region", "nowhere at all"), TOKEN, "AWS"),
    ],
    ids=["mistyped", "unknown", "as-name", "bad-name", "as-argument", "aws"],
)
def test_what_goes_wrong_never_shows_the_token(
    arguments: tuple[str, ...], typed: str, told: str, client: Any
) -> None:
    done = set_token(*arguments, typed=typed)

    assert done.exit_code in {1, 2, 4}
    assert " ".join(told.split()) in " ".join(done.stderr.replace("│", "").split())
    shown = done.output + "".join(traceback.format_exception(done.exception))
    assert TOKEN not in shown
    assert not typed.strip() or typed.strip() not in shown
    assert client.list_secrets()["SecretList"] == []


def test_a_mirrors_token_of_another_form_is_stored_when_told_so(client: Any) -> None:
    done = set_token("hub", "--no-check", typed="mirror-token")

    assert "mirror-token" not in done.output
    assert client.get_secret_value(SecretId="hub")["SecretString"] == "mirror-token"


def test_at_a_terminal_it_is_asked_for_and_not_shown(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sagemaker_model.cli.token.is_terminal", lambda: True)
    monkeypatch.setattr("sagemaker_model.cli.token._input", lambda: "")

    done = set_token("hub")

    assert "not shown" in done.stderr
    assert TOKEN not in done.output
    assert client.get_secret_value(SecretId="hub")["SecretString"] == TOKEN
