"""Toolkit containers: the real toolkit in the serving environment, with models from S3."""

from __future__ import annotations

import json
import os
import signal
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes.wheel import make_wheel
from local.serving.conftest import (
    JSON,
    ROOT,
    TOOLKIT_IMAGE,
    Containers,
    Storage,
    await_that,
    prefix_source,
)
from local.serving.processes import has_ended
from local.serving.recorded import ANSWERED, ECHO, REFUSED, as_recorded
from sagemaker_model.local.serving.answers import Answer
from sagemaker_model.local.serving.worker import Worker

pytestmark = pytest.mark.usefixtures("serving")


def code(text: str, **files: str) -> dict[str, bytes]:
    """Return a code folder."""
    written = {"inference.py": textwrap.dedent(text), **files}
    return {f"code/{name}": content.encode() for name, content in written.items()}


Serve = Callable[..., Worker]


@pytest.fixture
def begin(containers: Containers, storage: Storage) -> Callable[..., Worker]:
    """Return a function that starts a toolkit container with files, without waiting for it."""

    def start(files: dict[str, bytes], **environment: str) -> Worker:
        source = prefix_source(storage.put(files)) if files else {}
        return containers.start(Image=TOOLKIT_IMAGE, Environment=environment, **source)

    return start


@pytest.fixture
def serve(begin: Callable[..., Worker]) -> Serve:
    """Return a function that serves files in a toolkit container."""

    def start(files: dict[str, bytes], **environment: str) -> Worker:
        worker = begin(files, **environment)
        await_that(lambda: worker.ready() or worker.exited() is not None)
        assert worker.ready(), worker.exited()
        return worker

    return start


def ask(worker: Worker, inputs: object) -> Any:
    answer = worker.invoke(json.dumps({"inputs": inputs}).encode(), JSON, 30)
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def test_a_staged_model_with_its_handler_gives_the_known_embedding(
    serve: Serve, minilm: Path
) -> None:
    handler = ROOT / "custom_inference" / "embeddings" / "code"
    files = {
        f"code/{path.relative_to(handler).as_posix()}": path.read_bytes()
        for path in handler.rglob("*.py")
    }
    names = ("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")
    files |= {name: (minilm / name).read_bytes() for name in names}
    files |= {
        path.relative_to(minilm).as_posix(): path.read_bytes()
        for path in (*minilm.glob("*.json"), *minilm.glob("1_Pooling/*"))
    }

    vector = ask(serve(files), ["hello"])[0]

    assert vector[:3] == pytest.approx([-0.062772, 0.054959, 0.052165], abs=1e-5)
    assert sum(value * value for value in vector) == pytest.approx(1)


def test_nothing_about_it_is_not_real(serve: Serve) -> None:
    assert serve(code(ECHO)).note is None


def test_answers_are_those_that_the_model_server_gave(serve: Serve) -> None:
    worker = serve(code(ECHO))

    for what, (headers, body, expected) in ANSWERED.items():
        answer = worker.invoke(body, headers, 30)
        assert (what, answer.status, answer.body) == (what, 200, expected)
        assert answer.headers["content-type"] == "application/json"


def test_refusals_are_those_that_the_model_server_gave(serve: Serve) -> None:
    worker = serve(code(ECHO))

    answers = {what: worker.invoke(sent[1], sent[0], 30) for what, sent in REFUSED.items()}

    assert {what: told.body.decode() for what, told in answers.items()} == {
        what: as_recorded(message) for what, (_, _, message) in REFUSED.items()
    }
    assert {told.status for told in answers.values()} == {400}


def test_a_streamed_answer_is_the_whole_one(serve: Serve) -> None:
    answer = serve(code(ECHO)).stream(b'{"inputs":"hello"}', JSON, 30)

    assert (answer.status, b"".join(answer.parts)) == (200, b'{"echo":"hello"}')


def test_code_that_does_not_load_ends_the_program_with_its_traceback(
    begin: Callable[..., Worker], containers: Containers
) -> None:
    worker = begin(code('raise RuntimeError("the weights are not mine")'))

    await_that(lambda: worker.exited() is not None)

    ended = worker.exited() or ""
    assert not worker.ready()
    assert ended.splitlines()[-2:] == [
        "RuntimeError: the weights are not mine",
        "exited with code 1",
    ]
    assert ended.splitlines() == containers.lines[-10:]


def test_what_the_code_prints_is_logged(serve: Serve, containers: Containers) -> None:
    ask(
        serve(
            code(ECHO.replace("    return {", "    print('printed by predict_fn')\n    return {"))
        ),
        "hello",
    )

    await_that(lambda: "printed by predict_fn" in containers.lines)


def test_a_program_that_is_killed_in_a_request_is_told_apart_from_a_slow_one(serve: Serve) -> None:
    worker = serve(code("def model_fn(d): return 1\ndef predict_fn(x, m): import os; os.abort()"))

    with pytest.raises(ConnectionError):
        worker.invoke(b'{"inputs": 1}', JSON, 30)

    await_that(lambda: worker.exited() is not None)
    assert str(worker.exited()).endswith("ended by SIGABRT")


def test_an_answer_that_takes_too_long_is_given_up(serve: Serve) -> None:
    slow = """
        import threading

        def model_fn(model_dir):
            return threading.Event()

        def predict_fn(data, model):
            model.wait()
    """
    worker = serve(code(slow))

    with pytest.raises(TimeoutError):
        worker.invoke(b'{"inputs": 1}', JSON, 0.2)

    assert worker.ready()


def test_requests_are_answered_one_after_the_other(serve: Serve) -> None:
    counting = """
        import threading

        def model_fn(model_dir):
            return {"now": 0, "most": 0}

        def predict_fn(data, model):
            model["now"] += 1
            model["most"] = max(model["most"], model["now"])
            threading.Event().wait(0.05)
            model["now"] -= 1
            return model["most"]
    """
    worker = serve(code(counting))
    answers: list[Answer] = []

    def send() -> None:
        answers.append(worker.invoke(b'{"inputs": 1}', JSON, 30))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert [answer.body for answer in answers] == [b"1"] * 4


TELLING = """
    import os, sys, torch

    def model_fn(model_dir):
        return model_dir

    def predict_fn(data, model):
        return {"model": model, "variables": dict(os.environ), "cwd": os.getcwd(),
                "path": sys.path[0], "threads": torch.get_num_threads(), "pid": os.getpid(),
                "group": os.getpgid(0), "parent": os.getppid()}
"""


def test_a_container_has_its_own_variables_and_the_role_s_credentials_and_no_others(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_EMULATOR", "told to nobody")

    told = ask(serve(code(TELLING), GREETING="hello"), 1)["variables"]

    assert told["GREETING"] == "hello"
    assert told["AWS_ACCESS_KEY_ID"] == "test"
    assert told["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert "SECRET_OF_THE_EMULATOR" not in told


def test_variables_that_only_imports_read_get_a_new_interpreter(serve: Serve) -> None:
    forked = ask(serve(code(TELLING)), 1)
    fresh = ask(serve(code(TELLING), OMP_NUM_THREADS="2"), 1)

    assert (forked["threads"], fresh["threads"]) == (1, 2)


def test_the_toolkit_s_own_paths_are_those_of_this_container(serve: Serve) -> None:
    both = [
        serve(code(TELLING.replace("model_dir", "folder") + IMPORTED)),
        serve(code(TELLING.replace("model_dir", "folder") + IMPORTED)),
    ]

    told = [ask(worker, 1) for worker in both]

    assert [each["model"] for each in told] == [each["base"] + "/model" for each in told]
    assert told[0]["base"] != told[1]["base"]


IMPORTED = """
    from sagemaker_inference import environment

    without_base = predict_fn

    def predict_fn(data, model):
        return {**without_base(data, model), "base": environment.base_dir}
"""


def test_another_module_is_served_where_the_variable_names_it(serve: Serve) -> None:
    files = {"code/other.py": textwrap.dedent(ECHO).encode()}

    assert ask(serve(files, SAGEMAKER_PROGRAM="other.py"), "hello") == {"echo": "hello"}


def test_two_containers_have_their_own_modules_of_one_name(serve: Serve) -> None:
    workers = [
        serve(
            code(
                "from own import NAME\ndef model_fn(d): return NAME\ndef predict_fn(x, m): return m"
            )
            | {"code/own.py": f"NAME = {name!r}".encode()}
        )
        for name in ("first", "second")
    ]

    assert [ask(worker, 1) for worker in workers] == ["first", "second"]


def test_stopping_ends_what_the_model_started_and_deletes_the_model(
    begin: Callable[..., Worker], containers: Containers
) -> None:
    starting = """
        import subprocess

        def model_fn(model_dir):
            print("started", subprocess.Popen(["sleep", "600"]).pid, model_dir, flush=True)
    """
    worker = begin(code(starting))
    await_that(worker.ready)
    line = next(line for line in containers.lines if line.startswith("started"))
    pid, folder = int(line.split()[1]), Path(line.split()[2])

    worker.stop()
    worker.stop()

    await_that(lambda: has_ended(pid))
    assert not folder.exists()
    assert not worker.ready()


def test_one_that_is_stopped_does_not_look_as_if_something_had_killed_it(serve: Serve) -> None:
    worker = serve(code(TELLING))

    worker.stop()

    assert str(worker.exited()).splitlines()[-1] == "stopped"


def test_a_process_that_is_gone_is_never_signalled(serve: Serve) -> None:
    worker = serve(code(TELLING))
    pid = ask(worker, 1)["pid"]
    os.kill(pid, signal.SIGKILL)
    await_that(lambda: worker.exited() is not None)

    worker.stop()

    assert str(worker.exited()).endswith("ended by SIGKILL")


def test_requirements_that_the_environment_lacks_are_installed_for_this_model_alone(
    serve: Serve, serving: Path, tmp_path: Path
) -> None:
    wheel = make_wheel(tmp_path / "wheels", "needed_by_one_model")
    needing = """
        import needed_by_one_model

        def model_fn(model_dir):
            return needed_by_one_model

        def predict_fn(data, model):
            return [model.VERSION, model.__file__]
    """
    wanted = f"--no-index\n--find-links {wheel.parent}\nneeded_by_one_model\n"

    version, file = ask(serve(code(needing, **{"requirements.txt": wanted})), 1)

    assert version == "1.0"
    assert not file.startswith(str(serving.parents[1]))


def test_requirements_that_the_environment_has_are_not_installed_again(serve: Serve) -> None:
    wanted = "--no-index\ntransformers>=4\n"

    told = ask(serve(code(TELLING, **{"requirements.txt": wanted})), 1)

    assert "fork" in Path(f"/proc/{told['pid']}/cmdline").read_text()


def test_requirements_that_can_t_be_installed_fail_the_start_with_pip_s_words(
    begin: Callable[..., Worker],
) -> None:
    wanted = "--no-index\nno-such-package-anywhere==1\n"
    worker = begin(code(ECHO, **{"requirements.txt": wanted}))

    await_that(lambda: worker.exited() is not None)

    ended = worker.exited() or ""
    assert "No matching distribution found for no-such-package-anywhere==1" in ended
    assert ended.endswith("exited with code 1")
