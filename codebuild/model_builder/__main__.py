"""Run the program: ``python -m model_builder plan|build``."""

from __future__ import annotations

import json
import logging
import os
import ssl
import sys
import time
from collections.abc import MutableMapping, Sequence
from typing import Any

from model_builder.errors import SettingsError, StagingError
from model_builder.settings import Settings

log = logging.getLogger("model_builder")
_USAGE = "usage: python -m model_builder plan|build (settings come from the environment)"
_DONE, _FAILED, _WRONG_SETTINGS = 0, 1, 2


def main(arguments: Sequence[str], environment: MutableMapping[str, str]) -> int:
    """Do what the arguments say, and return the exit code."""
    _log_to(sys.stderr, environment.get("HF_TOKEN", ""))
    if len(arguments) != 1 or arguments[0] not in {"plan", "build"}:
        return _say(_USAGE, _WRONG_SETTINGS)
    try:
        settings = Settings.from_environment(environment)
        _trust(environment)
        _run(arguments[0], settings, environment)
    except SettingsError as error:
        return _say(f"the settings are wrong: {error}", _WRONG_SETTINGS)
    except StagingError as error:
        return _say(f"could not stage: {error}", _FAILED)
    return _DONE


def _say(message: str, code: int) -> int:
    log.error("%s", message)
    return code


def _run(command: str, settings: Settings, environment: MutableMapping[str, str]) -> None:
    # huggingface_hub and boto3 read the environment when they are imported.
    environment.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from model_builder.connections import Connections
    from model_builder.hub import Hub
    from model_builder.manifest import selection_name
    from model_builder.plan import describe
    from model_builder.planning import make_plan
    from model_builder.report import table
    from model_builder.retry import Retry
    from model_builder.sources import Sources
    from model_builder.staging import Builder, Limits
    from model_builder.store import Store

    retry = Retry(settings.attempts, time.sleep)
    connections = Connections(settings.stall, _tls(environment))
    hub = Hub(
        settings.hub,
        settings.token,
        connections=connections,
        retry=retry,
        timeout=settings.stall,
    )
    store = Store(_s3(settings, environment), settings.bucket)
    plan = make_plan(settings, hub, store)
    if command == "plan":
        print(json.dumps(describe(plan), indent=1))
        return
    limits = Limits(settings.connections, settings.memory)
    sources = Sources(hub, store, retry)
    builder = Builder(store, sources, limits, clock=time.monotonic, now=time.time)
    manifest = builder.build(plan, selection_name(settings.allow, settings.ignore))
    for line in table(manifest):
        log.info("%s", line)


def _s3(settings: Settings, environment: MutableMapping[str, str]) -> Any:
    import boto3
    from botocore.config import Config

    elsewhere = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL")
    config = Config(
        retries={"mode": "standard", "max_attempts": settings.attempts},
        max_pool_connections=settings.connections * 2,
        connect_timeout=settings.stall,
        read_timeout=max(60, settings.stall),
        # Every part carries its checksum, which is signed: hashing it once more adds nothing.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={
            "payload_signing_enabled": False,
            "addressing_style": "path" if elsewhere else "auto",
        },
    )
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    return boto3.client("s3", region_name=region, config=config)


def _trust(environment: MutableMapping[str, str]) -> None:
    """Let all libraries trust what CA_BUNDLE names, unless they were told apart."""
    bundle = environment.get("CA_BUNDLE")
    if bundle:
        if not os.path.isfile(bundle):  # noqa: PTH113 - a path as the libraries take it
            raise SettingsError(f"CA_BUNDLE is {bundle!r}, but there is no such file")
        for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            environment.setdefault(name, bundle)


def _tls(environment: MutableMapping[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    bundle = environment.get("CA_BUNDLE") or environment.get("REQUESTS_CA_BUNDLE")
    if bundle:
        context.load_verify_locations(bundle)
    return context


class _WithoutToken(logging.Formatter):
    """Writes lines in which the token cannot appear, whoever wrote them."""

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
        self._token = token.strip()

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return line.replace(self._token, "***") if self._token else line


def _log_to(stream: Any, token: str) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_WithoutToken(token))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log.setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
