"""Start a local AWS, and end it again."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sagemaker_model.local.certificate import make_certificate
from sagemaker_model.local.environment.parts import Prepared
from sagemaker_model.local.health import log_of, wait_until_up
from sagemaker_model.local.processes import Process
from sagemaker_model.local.programs import search_path
from sagemaker_model.local.record import Record
from sagemaker_model.local.settings import Settings
from sagemaker_model.local.variables import without_credentials

EMULATOR = ("-m", "sagemaker_model.local.server")
_MARK = ".local-aws"
"""File that tells a folder that may be deleted."""
HUB = ("-m", "sagemaker_model.local.hub")


@dataclass(frozen=True)
class Wanted:
    """How a local AWS shall be.

    Args:
        account: Account that it is, 12 digits. Default: ``"123456789012"``.
        region: Region of the commands. Default: ``"us-east-1"``.
        hub: Folder with models, ``org/name/`` each, which a local Hub serves. Default: none, and
            builds download from the Hugging Face Hub.
        samples: Whether a local Hub serves the sample models instead. Default: none does.
        auth: Whether IAM is enforced, which takes TLS. Default: it is not.
        time_factor: What AWS's waits and time-outs are divided by. Default: 20.
        patience: Seconds that it has to answer after its start. Default: 60.
    """

    account: str = "123456789012"
    region: str = "us-east-1"
    hub: Path | None = None
    samples: bool = False
    auth: bool = False
    time_factor: float = Settings.time_factor
    patience: float = 60.0

    def __post_init__(self) -> None:
        if not (self.account.isascii() and self.account.isdigit() and len(self.account) == 12):  # noqa: PLR2004
            raise ValueError(
                f"account {self.account!r} is no AWS account id; give 12 digits, such as "
                "'123456789012'"
            )
        if self.hub is not None and not self.hub.is_dir():
            raise ValueError(
                f"there is no folder {self.hub} to serve models from; give one that holds "
                "org/name/ folders"
            )


def up(
    state: Path, wanted: Wanted, prepared: Prepared, *, emulator: Sequence[str] = EMULATOR
) -> Record:
    """Start a local AWS and wait until it answers; one that runs already is left as it is.

    Args:
        state: Folder of all that it keeps; made where it is missing.
        wanted: How it shall be.
        prepared: What it runs models, builds and functions with.
        emulator: Arguments that make Python run it. Default: the library's own.

    Returns:
        What was started, or runs already.

    Raises:
        RuntimeError: It ended, or did not answer in time; the message ends with its log.
        ValueError: The state folder holds something else, or tells of a local AWS in a way that
            is not understood.
    """
    state = state.absolute()
    before = Record.read(state)
    if before and before.runs():
        return before
    if before:
        down(state, keep=True)
    _lay_out(state)
    record = _start(state, wanted, prepared, emulator)
    record.write()
    try:
        wait_until_up(record, wanted.patience)
    except BaseException:
        down(state, keep=True)
        raise
    return record


def down(state: Path, *, keep: bool = False) -> bool:
    """End what was started, with the endpoints' workers and the builds, and delete its state.

    Args:
        state: Folder of all that it keeps.
        keep: Whether the folder stays, with its logs. Default: it is deleted.

    Returns:
        Whether there was anything to end.
    """
    record = Record.read(state.absolute())
    if record:
        for process in record.processes:
            process.stop()
        record.forget()
    if not keep and (state / _MARK).is_file():
        shutil.rmtree(state)
    return record is not None


def running(state: Path) -> Record:
    """Return the local AWS that runs.

    Raises:
        RuntimeError: None does.
    """
    record = Record.read(state.absolute())
    if record is None:
        raise RuntimeError("no local AWS is up; start one: sagemaker-model local up")
    if not record.runs():
        raise RuntimeError(
            f"the local AWS has ended by itself; {state / 'logs'} tells why, and "
            "sagemaker-model local up starts a new one"
        )
    return record


def _lay_out(state: Path) -> None:
    mark = state / _MARK
    if state.is_dir() and any(state.iterdir()) and not mark.is_file():
        raise ValueError(
            f"{state} holds other files, and the folder of a local AWS is deleted with it; "
            "name one that is empty or not there yet"
        )
    state.mkdir(parents=True, exist_ok=True)
    mark.touch()
    # The folder lies in the user's own repository.
    (state / ".gitignore").write_text("*\n", encoding="utf-8")


def _start(state: Path, wanted: Wanted, prepared: Prepared, emulator: Sequence[str]) -> Record:
    certificate, key = make_certificate(state / "tls") if wanted.auth else (None, None)
    variables = {**without_credentials(), "PATH": search_path(), "PYTHONUNBUFFERED": "1"}
    hub, hub_url = _start_hub(state, wanted, prepared, variables)
    port = _free_port()
    settings = Settings(
        state=state,
        serving_python=prepared.serving_python,
        build_python=prepared.build_python,
        node_path=prepared.node_path,
        hub=hub_url,
        time_factor=wanted.time_factor,
        auth=wanted.auth,
        certificate=certificate,
        key=key,
    )
    told = {
        **variables,
        **settings.to_environment(),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": wanted.account,
        "MINISTACK_REGION": wanted.region,
        "IOT_MTLS_ENABLED": "0",
        "AWS_DEFAULT_REGION": wanted.region,
    }
    return Record(
        state=state,
        endpoint=f"{'https' if wanted.auth else 'http'}://127.0.0.1:{port}",
        account=wanted.account,
        region=wanted.region,
        emulator=Process.start(
            [sys.executable, *emulator], environment=told, log=log_of(state, "emulator")
        ),
        certificate=certificate,
        hub=hub,
        hub_url=hub_url,
    )


def _start_hub(
    state: Path, wanted: Wanted, prepared: Prepared, variables: Mapping[str, str]
) -> tuple[Process | None, str | None]:
    root = state / "hub" if wanted.samples else wanted.hub
    if root is None:
        return None, None
    port = _free_port()
    command = [sys.executable, *HUB, str(root), "--port", str(port)]
    if wanted.samples:
        command.append("--samples")
        variables = {**variables, "PYTHONPATH": str(prepared.samples or "")}
    hub = Process.start(command, environment=variables, log=log_of(state, "hub"))
    return hub, f"http://127.0.0.1:{port}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
