import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from sagemaker_model.local.environment.parts import Prepared
from sagemaker_model.local.health import log_of
from sagemaker_model.local.lifecycle import Wanted, down, running, up
from sagemaker_model.local.processes import Process
from sagemaker_model.local.record import Record

PLAIN = ("-m", "ministack")
HERE = Path(sys.executable)
PREPARED = Prepared(serving_python=HERE, build_python=HERE, node_path=HERE.parent)
Start = Callable[..., Record]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def start(state: Path) -> Iterator[Start]:
    """Return a function that starts a local AWS, which is ended after the test."""

    def begin(*emulator: str, **wanted: object) -> Record:
        return up(state, Wanted(**wanted), PREPARED, emulator=emulator or PLAIN)  # type: ignore[arg-type]

    yield begin
    down(state)


def ended(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
    return False


def test_what_is_up_answers_on_this_machine_alone(start: Start) -> None:
    record = start()

    with urllib.request.urlopen(f"{record.endpoint}/_ministack/health") as answer:
        assert "sts" in json.load(answer)["services"]
    listening = psutil.Process(record.emulator.pid).net_connections(kind="inet")
    assert {each.laddr.ip for each in listening if each.status == "LISTEN"} == {"127.0.0.1"}


def test_starting_it_again_leaves_the_one_that_runs(start: Start) -> None:
    assert start() == start()


def test_one_that_has_ended_by_itself_is_started_anew(start: Start, state: Path) -> None:
    first = start()
    psutil.Process(first.emulator.pid).kill()
    assert ended(first.emulator.pid)

    with pytest.raises(RuntimeError, match="has ended by itself"):
        running(state)
    assert start().emulator.runs()


def test_ending_it_deletes_its_folder_and_ending_it_again_does_nothing(
    start: Start, state: Path
) -> None:
    record = start()

    assert down(state)
    assert not record.emulator.runs()
    assert not state.exists()
    assert not down(state)
    with pytest.raises(RuntimeError, match="no local AWS is up"):
        running(state)


def test_its_folder_stays_with_the_logs_where_that_is_wished(start: Start, state: Path) -> None:
    start()

    down(state, keep=True)

    assert log_of(state, "emulator").read_text()


def test_one_that_ends_at_once_is_told_with_the_end_of_its_log(start: Start, state: Path) -> None:
    with pytest.raises(RuntimeError, match=r"the emulator ended before it answered:\nout of order"):
        start("-c", "print('out of order')")

    assert Record.read(state) is None


def test_one_that_never_answers_is_ended(start: Start) -> None:
    tells_its_number = "import os, time; print(f'pid {os.getpid()}'); time.sleep(60)"

    with pytest.raises(RuntimeError, match="did not answer at http") as caught:
        start("-c", tells_its_number, patience=0.5)

    assert ended(int(str(caught.value).rpartition("pid ")[2]))


def test_real_credentials_are_not_passed_on(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "HF_TOKEN"):
        monkeypatch.setenv(name, "of-the-real-one")

    with pytest.raises(RuntimeError, match="ended before it answered") as caught:
        start("-c", "import os; print(sorted(os.environ.items()))")

    assert "GATEWAY_PORT" in str(caught.value)
    assert "of-the-real-one" not in str(caught.value)


def test_a_folder_with_other_files_is_neither_used_nor_deleted(start: Start, state: Path) -> None:
    state.mkdir()
    (state / "thesis.txt").write_text("years of work")

    with pytest.raises(ValueError, match=r"holds other files.*name one that is empty"):
        start()
    down(state)

    assert (state / "thesis.txt").exists()


def test_another_process_that_was_given_the_number_is_spared() -> None:
    mistaken = Process(pid=os.getpid(), started=1.0)

    mistaken.stop()

    assert not mistaken.runs()


def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        "print(child.pid, flush=True); time.sleep(60)"
    )
    process = Process.start([sys.executable, "-c", stubborn], environment={}, log=log)
    while not log.read_text().endswith("\n"):
        assert process.runs()

    process.stop(patience=0.2)

    assert not process.runs()
    assert ended(int(log.read_text()))


def test_a_record_that_is_not_understood_is_told(state: Path) -> None:
    state.mkdir()
    (state / "local.json").write_text('{"endpoint": "http://127.0.0.1:1"}')

    with pytest.raises(ValueError, match=r"local\.json does not tell what runs"):
        running(state)


@pytest.mark.parametrize("account", ["", "12345678901", "12345678901x", "\uff11" * 12])
def test_an_account_is_12_digits(account: str) -> None:
    with pytest.raises(ValueError, match="give 12 digits"):
        Wanted(account=account)


def test_a_hub_without_a_folder_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no folder"):
        Wanted(hub=tmp_path / "missing")
