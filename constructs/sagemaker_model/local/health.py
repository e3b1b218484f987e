"""Wait until what was started answers, and tell why where it does not."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path

from sagemaker_model.local.processes import Process
from sagemaker_model.local.record import Record

_HEALTH = "/_ministack/health"
_SHOWN_LINES = 20


def log_of(state: Path, name: str) -> Path:
    """Return the file that a program's output goes to.

    Args:
        state: Folder of all that the local AWS keeps.
        name: ``"emulator"`` or ``"hub"``.
    """
    return state / "logs" / f"{name}.log"


def wait_until_up(record: Record, patience: float) -> None:
    """Wait until everything answers.

    Args:
        record: What was started.
        patience: Seconds that each program has.

    Raises:
        RuntimeError: One ended, or did not answer in time; the message ends with its log.
    """
    emulator, hub = log_of(record.state, "emulator"), log_of(record.state, "hub")
    _wait(record.emulator, record.endpoint + _HEALTH, emulator, patience, record.certificate)
    if record.hub and record.hub_url:
        _wait(record.hub, record.hub_url, hub, patience)


def _wait(
    process: Process, url: str, log: Path, patience: float, certificate: Path | None = None
) -> None:
    deadline = time.monotonic() + patience
    while not _answers(url, certificate):
        if not process.runs():
            raise RuntimeError(f"the {log.stem} ended before it answered:\n{_end_of(log)}")
        if time.monotonic() > deadline:
            raise RuntimeError(
                f"the {log.stem} did not answer at {url} in {patience:g} seconds:\n{_end_of(log)}"
            )
        time.sleep(0.05)


def _answers(url: str, certificate: Path | None) -> bool:
    context = ssl.create_default_context(cafile=certificate) if certificate else None
    # No proxy is asked for what is on this machine.
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    try:
        with opener.open(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-_SHOWN_LINES:])
