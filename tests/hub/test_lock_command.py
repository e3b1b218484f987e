"""``sagemaker-model lock``, against a Hub that answers for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack, Stage
from typer.testing import CliRunner, Result

from hub.hubs import CONFIG, MODEL, TOKEN, put_model
from sagemaker_model import Container, Hardware, SageMakerModel, SharedEndpoint
from sagemaker_model.cli.main import app as command
from sagemaker_model.image.lock_key import lock_image
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.model_lock.given import LOCK_KEY
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.lock_file import read_lock, write_lock

Lock = Callable[..., Result]
VLLM = "huggingface-vllm/gpu"
LATER = {"Retry-After": "3600"}


@pytest.fixture
def lock(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lock:
    """Return a function that runs the command in an empty folder."""
    folder = tmp_path / "app"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "no token"))
    return lambda *arguments: CliRunner().invoke(command, ["lock", *arguments])


def describe_app(*models: Mapping[str, Any], **context: object) -> None:
    """Write a cdk.json that describes models."""
    of_models = [{"instance_type": "ml.g5.2xlarge", **model} for model in models]
    data = {"app": "python app.py", "context": {"models": of_models, **context}}
    Path("cdk.json").write_text(json.dumps(data))


def locked(path: str = "models.lock.json") -> ModelLock:
    return read_lock(path)


def layers(asked: str) -> int | None:
    return locked().models[asked].config.num_hidden_layers


def move_on(hub: Hub) -> None:
    """Move the branch of the model to another commit."""
    hub.repositories.keep(MODEL)
    put_model(hub, {"config.json": json.dumps({**CONFIG, "num_hidden_layers": 9}).encode()})


def put_back_image() -> None:
    """Make the locked image one that an older version of the library would have chosen."""
    lock = locked()
    older = replace(lock.images[VLLM], image="huggingface-vllm:0.1.0-old", version="0.1.0")
    Path("models.lock.json").write_text(write_lock(replace(lock, images={VLLM: older})))


def test_a_model_that_is_named_is_locked(hub: Hub, lock: Lock) -> None:
    put_model(hub)

    done = lock(MODEL)

    assert done.exit_code == 0
    assert locked().models[MODEL].commit == hub.repositories.commit(MODEL)
    assert f"added    {MODEL}" in done.stdout
    assert LOCK_KEY in done.stderr


def test_a_revision_is_locked_under_its_name(hub: Hub, lock: Lock) -> None:
    put_model(hub)

    lock(f"{MODEL}@main")

    assert locked().models[f"{MODEL}@main"].revision == "main"


def test_the_models_and_images_of_the_app_are_locked(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})

    assert lock().exit_code == 0

    assert [*locked().models] == [MODEL]
    assert locked().images == {VLLM: lock_image(VLLM)}


def test_the_file_is_the_one_that_the_context_names(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL}, **{LOCK_KEY: "own.json"})

    done = lock()

    assert [*locked("own.json").models] == [MODEL]
    assert LOCK_KEY not in done.stderr


def test_what_is_locked_stays_although_branches_and_images_moved_on(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})
    lock()
    put_back_image()
    before = locked()
    move_on(hub)
    hub.requests.clear()

    done = lock()

    assert (done.stdout, done.exit_code) == ("", 0)
    assert locked() == before
    assert hub.requests == []


def test_an_upgrade_moves_images_and_branches_and_says_so(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})
    lock()
    put_back_image()
    move_on(hub)

    done = lock("--upgrade")

    assert layers(MODEL) == 9
    assert locked().images == {VLLM: lock_image(VLLM)}
    image, model = done.stdout.splitlines()
    assert image.startswith(f"changed  {VLLM}  image huggingface-vllm:0.1.0-old → ")
    assert model.startswith(f"changed  {MODEL}  commit ")


def test_an_upgrade_offline_moves_images_alone(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})
    lock()
    put_back_image()
    move_on(hub)
    hub.requests.clear()

    assert lock("--upgrade", "--offline").exit_code == 0

    assert layers(MODEL) == 2
    assert locked().images == {VLLM: lock_image(VLLM)}
    assert hub.requests == []


def test_a_model_at_a_commit_is_not_asked_for_again(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    commit = hub.repositories.keep(MODEL)
    describe_app({"model_id": MODEL, "revision": commit})
    lock()
    hub.requests.clear()

    lock("--upgrade")

    assert hub.requests == []


def test_a_model_that_is_named_is_locked_anew_and_the_others_stay(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    put_model(hub, model_id="org/other")
    lock(MODEL, "org/other")
    other = locked().models["org/other"]
    move_on(hub)

    lock(MODEL)

    assert layers(MODEL) == 9
    assert locked().models["org/other"] == other


def test_what_the_app_does_not_have_any_more_is_removed(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    put_model(hub, model_id="org/other")
    lock("org/other")
    describe_app({"model_id": MODEL})

    done = lock()

    assert [*locked().models] == [MODEL]
    assert "removed  org/other" in done.stdout


def test_a_check_fails_for_a_file_that_lacks_something_and_writes_nothing(
    hub: Hub, lock: Lock
) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})

    done = lock("--check")

    assert done.exit_code == 1
    assert done.stdout.splitlines() == [f"missing  {MODEL}", f"missing  {VLLM}"]
    assert not Path("models.lock.json").exists()
    assert hub.requests == []


def test_a_check_fails_for_a_file_that_holds_too_much(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    put_model(hub, model_id="org/other")
    describe_app({"model_id": MODEL}, {"model_id": "org/other"})
    lock()
    describe_app({"model_id": MODEL})

    done = lock("--check")

    assert (done.exit_code, done.stdout) == (1, "removed  org/other\n")


def test_programs_are_told_what_changed_in_json(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})

    missing = lock("--check", "--json")
    lock()
    fine = lock("--check", "--json")

    told = {"file": "models.lock.json", "changes": [f"missing  {MODEL}", f"missing  {VLLM}"]}
    assert (missing.exit_code, json.loads(missing.stdout)) == (1, told)
    assert (fine.exit_code, json.loads(fine.stdout)["changes"]) == (0, [])


def test_a_check_passes_where_the_file_is_what_the_app_needs(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})
    lock()
    before = Path("models.lock.json").read_bytes()
    move_on(hub)

    assert lock("--check").exit_code == 0
    assert Path("models.lock.json").read_bytes() == before


def test_a_check_of_an_upgrade_fails_where_something_would_move(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    describe_app({"model_id": MODEL})
    lock()
    passed = lock("--check", "--upgrade")
    move_on(hub)

    done = lock("--check", "--upgrade")

    assert passed.exit_code == 0
    assert done.exit_code == 1
    assert f"changed  {MODEL}  commit " in done.stdout
    assert layers(MODEL) == 2


def test_a_synthesized_app_tells_what_it_needs_its_stages_too(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    put_model(hub, model_id="org/staged")
    app = App(outdir=str(Path("cdk.out").absolute()))
    for scope, model_id in ((app, MODEL), (Stage(app, "Prod"), "org/staged")):
        container = Container(model_id=model_id, instance_type="ml.g5.2xlarge")
        SageMakerModel(Stack(scope, "Stack"), "Model", model=container)
    app.synth()

    lock("--assembly", "cdk.out")

    assert [*locked().models] == ["org/staged", MODEL]
    assert [*locked().images] == [VLLM]


def test_an_instance_type_that_the_library_chooses_is_locked(lock: Lock) -> None:
    app = App(outdir=str(Path("cdk.out").absolute()))
    stack = Stack(app, "Stack", env=Environment(region="us-east-1"))
    hardware = Hardware(accelerator="A10G", count=4, memory_gib=30.5)
    SharedEndpoint(stack, "Shared", instance_type=hardware, max_instances=2)
    app.synth()

    done = lock("--assembly", "cdk.out")

    key = "accelerator=A10G,count=4,memory_gib=30.5,region=us-east-1"
    assert locked().instances == {key: "ml.g5.12xlarge"}
    assert done.stdout == f"added    {key}  ml.g5.12xlarge\n"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"artifacts": [7]}', '{"artifacts": 7}'])
def test_an_assembly_that_is_none_is_told(lock: Lock, content: str) -> None:
    Path("cdk.out").mkdir()
    Path("cdk.out/manifest.json").write_text(content)

    done = lock("--assembly", "cdk.out")

    assert done.exit_code == 1
    assert "is no synthesized app that can be read" in done.stderr


@pytest.mark.parametrize("content", ["", "[]", '{"context": 7}', '{"context": {"models": 7}}'])
def test_a_context_that_is_none_is_told(lock: Lock, content: str) -> None:
    Path("cdk.json").write_text(content)

    done = lock()

    assert done.exit_code == 1
    assert done.stderr.startswith("error: ")


def test_without_models_the_ways_to_name_them_are_told(lock: Lock) -> None:
    done = lock()

    assert done.exit_code == 1
    assert "--assembly cdk.out" in done.stderr


def test_a_file_that_is_no_lock_is_not_written_over(hub: Hub, lock: Lock) -> None:
    put_model(hub)
    Path("models.lock.json").write_text("<<<<<<< HEAD")

    done = lock(MODEL)

    assert done.exit_code == 1
    assert "line 1 is no JSON" in done.stderr
    assert Path("models.lock.json").read_text() == "<<<<<<< HEAD"


@pytest.mark.parametrize("name", ["", "a/b/c", "../x", "org/na me", "org/name@", "org/name@a b"])
def test_a_name_that_can_be_none_is_told_without_asking(hub: Hub, lock: Lock, name: str) -> None:
    done = lock(name)

    assert done.exit_code != 0 or name == "org/name@"
    assert hub.requests == [] or name == "org/name@"


EXIT_CODES = {
    "401": (401, 4),
    "403": (403, 6),
    "404": (404, 7),
    "429": (429, 9),
    "503": (503, 10),
    "418": (418, 13),
}


@pytest.mark.parametrize(("status", "code"), EXIT_CODES.values(), ids=EXIT_CODES)
def test_each_outcome_ends_with_a_code_of_its_own_and_nothing_is_written(
    hub: Hub, lock: Lock, status: int, code: int
) -> None:
    put_model(hub)
    hub.control.faults = [{"match": "/api/", "status": status, "headers": LATER}]

    assert lock(MODEL).exit_code == code
    assert not Path("models.lock.json").exists()


def test_a_gated_model_ends_with_another_code_than_one_that_is_not_there(
    hub: Hub, lock: Lock
) -> None:
    put_model(hub)
    hub.control.gated = {MODEL: TOKEN}

    assert lock(MODEL).exit_code == 5
    assert lock(f"{MODEL}x").exit_code == 4


def test_offline_what_is_missing_ends_with_a_code_of_its_own(hub: Hub, lock: Lock) -> None:
    put_model(hub)

    assert lock("--offline", MODEL).exit_code == 3
    assert hub.requests == []


def test_the_program_takes_hub_and_token_of_the_environment_and_prints_no_token(
    hub: Hub, tmp_path: Path
) -> None:
    put_model(hub)
    hub.control.gated = {MODEL: TOKEN}
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_DEBUG": "1", "HF_HOME": str(tmp_path)}
    run = [sys.executable, "-m", "sagemaker_model.cli", "lock"]

    let_in, kept_out = (
        subprocess.run(
            [*run, MODEL],
            cwd=tmp_path,
            env={**environment, "HF_TOKEN": token},
            text=True,
            capture_output=True,
            check=False,
        )
        for token in (TOKEN, f"{TOKEN}x")
    )

    assert (let_in.returncode, kept_out.returncode) == (0, 5)
    assert TOKEN not in let_in.stdout + let_in.stderr + kept_out.stdout + kept_out.stderr
    assert TOKEN not in (tmp_path / "models.lock.json").read_text()
