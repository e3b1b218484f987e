"""``sagemaker-model init``, with a Hub that answers for real."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pytest
from aws_cdk import App
from typer.testing import CliRunner, Result

from hub.hubs import MODEL, put_model
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.synthesis import synthesized
from sagemaker_model.cli.main import app as command
from sagemaker_model.cost.fleet import Billing
from sagemaker_model.cost.prices import Price, PriceKey, Prices, read_prices
from sagemaker_model.local.hub.control import Control
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.model_lock.lock_file import read_lock

Init: TypeAlias = Callable[..., Result]
Type: TypeAlias = Callable[..., Result]
ROOT = Path(__file__).parents[2]
TOKENIZER = {"tokenizer.json": b"{}"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    server = Hub(tmp_path_factory.mktemp("hub"))
    server.serve_in_background()
    put_model(server, TOKENIZER)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def init(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Init:
    """Return a function that runs the command in an empty folder."""
    hub.control = Control()
    folder = tmp_path / "app"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "no token"))
    return lambda *arguments: CliRunner().invoke(command, ["init", *arguments])


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Return a function that runs the command at a terminal, where somebody types."""
    monkeypatch.setattr("sagemaker_model.cli.init.is_terminal", lambda: True)
    return lambda typed, *given: CliRunner().invoke(command, ["init", *given], input=typed)


def texts(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_model_id_is_enough_for_an_app_with_tests_and_lock(init: Init) -> None:
    done = init(MODEL)

    assert done.exit_code == 0, done.output
    assert set(texts(Path())) == {
        ".gitignore",
        "README.md",
        "app.py",
        "cdk.json",
        "models.lock.json",
        "pytest.ini",
        "requirements.txt",
        "tests/test_app.py",
    }
    assert "TEI: its task is feature-extraction, and TEI has bert" in done.stderr
    assert "ml.c7i.xlarge: 4 processors" in done.stderr


def test_the_lock_holds_what_the_app_needs(init: Init, hub: Hub) -> None:
    init(MODEL)

    lock = read_lock("models.lock.json")
    assert lock.models[MODEL].commit == hub.repositories.commit(MODEL)
    assert list(lock.images) == ["huggingface-tei-cpu/cpu"]
    runpy.run_path("app.py")["build"](made := App(outdir=str(Path("cdk.out").absolute())))
    made.synth()
    checked = CliRunner().invoke(command, ["lock", "--check", "--assembly", "cdk.out"])
    assert "holds all that the app needs" in checked.stderr


def test_the_written_tests_pass(init: Init) -> None:
    init(MODEL, "--custom", "--region", "eu-west-1")
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]

    # It needs none of the plugins that are installed here.
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(run, env=env, capture_output=True, text=True, check=False)

    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_nothing_is_found_in_the_app(init: Init) -> None:
    init("--custom")
    Path("node_modules").symlink_to(ROOT / "node_modules")

    with synthesized(Path()) as synthesis:
        findings = [each.finding for each in synthesis.findings]

    assert synthesis.worked, synthesis.output
    assert [each for each in findings if each.severity is not Severity.INFO] == []


def test_the_same_command_writes_the_same_bytes(init: Init) -> None:
    first = init(MODEL, "--custom", "--folder", "one")
    second = init(MODEL, "--custom", "--folder", "two")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert texts(Path("one")) == texts(Path("two"))


def test_a_file_in_the_way_stops_all(init: Init) -> None:
    Path("cdk.json").write_text("mine")

    done = init(MODEL)

    assert done.exit_code == 1
    assert "cdk.json of" in done.stderr
    assert "nothing is overwritten" in done.stderr
    assert texts(Path()) == {"cdk.json": b"mine"}


def test_a_gated_model_gets_the_secrets_name(init: Init, hub: Hub) -> None:
    hub.control.info = {MODEL: {"gated": "manual"}}

    done = init(MODEL, "--json")

    assert json.loads(done.stdout)["hf_token"] == "hugging-face-token"
    assert 'hf_token="hugging-face-token"' in Path("app.py").read_text()
    assert "token set hugging-face-token" in Path("README.md").read_text()
    assert "gated" in done.stderr


def test_what_is_asked_for_is_taken(init: Init) -> None:
    done = init(
        f"{MODEL}@main",
        *("--name", "Search", "--instance-type", "ml.m5.large", "--region", "eu-west-1"),
        *("--container", "HF_PYTORCH_INFERENCE_CPU_LATEST", "--json"),
    )

    told = json.loads(done.stdout)
    assert (told["stack"], told["instance_type"]) == ("Search", "ml.m5.large")
    text = Path("app.py").read_text()
    assert "container=ContainerImages.HF_PYTORCH_INFERENCE_CPU_LATEST" in text
    assert 'revision="main"' in text
    assert 'env={"HF_TASK": "feature-extraction"}' in text
    assert 'Environment(region="eu-west-1")' in text


def test_a_price_is_told_and_kept_and_never_made_up(
    init: Init, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[PriceKey] = []

    def ask(wanted: Iterable[PriceKey], profile: str | None) -> Prices:
        del profile
        asked.extend(wanted)
        return Prices({asked[0]: Price(Decimal("0.214"), date(2026, 11, 21))})

    monkeypatch.setattr("sagemaker_model.cli.new_project.asked_prices", ask)

    without = init(MODEL, "--json", "--folder", "without")
    done = init(MODEL, "--prices", "--region", "eu-west-1")

    assert json.loads(without.stdout)["usd_an_hour"] is None
    assert asked == [("eu-west-1", "ml.c7i.xlarge", Billing.HOSTING)]
    assert "$0.214 an hour, $156.22 a month" in done.stderr
    assert read_prices(Path("prices.json")).known[asked[0]].usd == Decimal("0.214")


def test_an_app_with_an_error_is_not_written(init: Init) -> None:
    done = init(MODEL, "--instance-type", "ml.m5.large", "--container", "TEI_LATEST")

    assert done.exit_code == 1
    assert "[sagemaker-model:image-needs-gpu]" in done.stderr
    assert "Traceback" not in done.output
    assert texts(Path()) == {}


def test_without_the_hub_nothing_is_written(init: Init, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)

    done = init(MODEL)

    assert done.exit_code == 3
    assert "the Hub is not asked while offline" in done.stderr
    assert texts(Path()) == {}


def test_a_model_that_nothing_serves_names_the_ways_out(init: Init, hub: Hub) -> None:
    card = b"---\npipeline_tag: text-to-image\nlibrary_name: diffusers\n---\n"
    put_model(hub, {"README.md": card, "config.json": b"{}"}, "org/pictures")

    done = init("org/pictures")

    assert done.exit_code == 1
    assert "--custom" in done.stderr


def test_without_a_model_and_a_terminal_it_asks_nothing(init: Init) -> None:
    done = init()

    assert done.exit_code == 2
    assert "name a model" in done.stderr


@pytest.mark.usefixtures("init")
def test_at_a_terminal_it_asks_for_model_and_instance_type(terminal: Type) -> None:
    done = terminal(f"{MODEL}\nml.g4dn.xlarge\ny\n")

    assert done.exit_code == 0, done.output
    text = Path("app.py").read_text()
    assert 'instance_type="ml.g4dn.xlarge"' in text
    assert "ContainerImages.TEI_LATEST" in text  # as the type has a GPU


@pytest.mark.usefixtures("init")
def test_a_no_writes_nothing(terminal: Type) -> None:
    done = terminal("\nn\n", MODEL)

    assert done.exit_code == 1
    assert texts(Path()) == {}
