"""Run the program: ``python -m model_builder plan|build``."""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model_builder.errors import SettingsError, StagingError
from model_builder.memory import use_one_heap
from model_builder.model import LocalFile
from model_builder.settings import Settings, parse_destination

log = logging.getLogger("model_builder")
_USAGE = "usage: python -m model_builder plan|build (settings come from the environment)"
_DONE, _FAILED, _WRONG_SETTINGS = 0, 1, 2


def main(arguments: Sequence[str], environment: MutableMapping[str, str]) -> int:
    """Do what the arguments say, and return the exit code."""
    _log_to(sys.stderr, environment.get("HF_TOKEN", ""))
    if len(arguments) != 1 or arguments[0] not in {"plan", "build"}:
        log.error("%s", _USAGE)
        return _WRONG_SETTINGS
    try:
        settings = Settings.from_environment(environment)
        _trust(environment)
        with tempfile.TemporaryDirectory() as work:
            _run(arguments[0], settings, environment, Path(work))
    except SettingsError as error:
        return _fail(arguments[0], f"the settings are wrong: {error}", _WRONG_SETTINGS, environment)
    except StagingError as error:
        return _fail(arguments[0], f"could not stage: {error}", _FAILED, environment)
    except Exception as error:
        log.exception("this is a fault of the program")
        return _fail(arguments[0], f"could not stage: {error!r}", _FAILED, environment)
    return _DONE


def _fail(command: str, message: str, code: int, environment: Mapping[str, str]) -> int:
    if command == "build":
        _leave_error(message, environment)
    log.error("%s", message)
    return code


def _leave_error(message: str, environment: Mapping[str, str]) -> None:
    """Say beside the prefix why the build failed, if that can be said at all."""
    from model_builder import beside
    from model_builder.clients import s3_client
    from model_builder.store import Store

    try:
        bucket, prefix = parse_destination(environment.get("DESTINATION", "").strip())
    except ValueError:
        return
    told = _without(environment.get("HF_TOKEN", ""), message)
    client = s3_client(environment, connections=1, attempts=2, stall=10)
    try:
        store = Store(client, bucket, tagged=environment.get("OBJECT_TAGS", "").strip() != "0")
        store.put(beside.error_key(prefix), beside.error_to_json(told, time.time()))
    except StagingError as error:
        log.warning("the error cannot be left beside the prefix: %s", error)


def _run(
    command: str, settings: Settings, environment: MutableMapping[str, str], work: Path
) -> None:
    use_one_heap()
    # huggingface_hub and boto3 read the environment when they are imported.
    environment.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from model_builder.clients import s3_client, trusted
    from model_builder.connections import Connections
    from model_builder.hub import Hub
    from model_builder.manifest import selection_name
    from model_builder.plan_report import describe
    from model_builder.planning import make_plan
    from model_builder.report import table
    from model_builder.retry import Retry
    from model_builder.sources import Sources
    from model_builder.staging import Builder, Limits
    from model_builder.store import Store

    retry = Retry(settings.attempts, time.sleep)
    connections = Connections(settings.stall, trusted(environment))
    hub = Hub(
        settings.hub,
        settings.token,
        connections=connections,
        retry=retry,
        timeout=settings.stall,
    )
    client = s3_client(
        environment,
        connections=settings.connections,
        attempts=settings.attempts,
        stall=settings.stall,
    )
    store = Store(client, settings.bucket, tagged=settings.tagged)
    plan = make_plan(settings, hub, store, _code(settings, work), datetime.now(UTC))
    if command == "plan":
        print(json.dumps(describe(plan), indent=1))
        return
    limits = Limits(settings.connections, settings.memory)
    sources = Sources(hub, store, retry)
    builder = Builder(store, sources, limits, clock=time.monotonic, now=time.time)
    manifest = builder.build(plan, selection_name(settings.allow, settings.ignore))
    for line in table(manifest):
        log.info("%s", line)


def _code(settings: Settings, work: Path) -> tuple[LocalFile, ...]:
    from model_builder.code_folder import read_code_folder
    from model_builder.wheels import with_wheels

    if settings.code_folder is None:
        return ()
    code = read_code_folder(settings.code_folder)
    if settings.bundle_python is None:
        return code
    return with_wheels(code, settings.bundle_python, settings.bundle_architecture, work)


def _trust(environment: MutableMapping[str, str]) -> None:
    """Let all libraries trust what CA_BUNDLE names, unless they were told apart."""
    bundle = environment.get("CA_BUNDLE")
    if bundle:
        if not os.path.isfile(bundle):  # noqa: PTH113 - a path as the libraries take it
            raise SettingsError(f"CA_BUNDLE is {bundle!r}, but there is no such file")
        for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            environment.setdefault(name, bundle)


class _WithoutToken(logging.Formatter):
    """Writes lines in which the token cannot appear, whoever wrote them."""

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        return _without(self._token, super().format(record))


def _without(token: str, text: str) -> str:
    return text.replace(token.strip(), "***") if token.strip() else text


def _log_to(stream: Any, token: str) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_WithoutToken(token))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
