"""The local AWS as a process: ``python -m sagemaker_model.local.server``.

It is ministack with what a deployment needs besides: SageMaker, Application Auto Scaling, builds
that really run. It listens on 127.0.0.1 alone, on the port of ``GATEWAY_PORT``.
"""

from __future__ import annotations

import os
import sys

from sagemaker_model.local.settings import Settings

# Read by ministack when it is imported.
_FIXED = {
    "BIND_HOST": "127.0.0.1",
    "MINISTACK_HOST": "127.0.0.1",
    "IOT_MTLS_ENABLED": "0",
}


def main() -> None:
    """Run until the process is told to end."""
    settings = Settings.from_environment()
    settings.state.mkdir(parents=True, exist_ok=True)
    os.environ.update(_FIXED)
    os.environ.update(_told(settings))
    install(settings)
    from ministack import app

    from sagemaker_model.local.sagemaker.fleet import retire_all

    sys.argv[1:] = []
    try:
        app.main()
    finally:
        retire_all()


def install(settings: Settings) -> None:
    """Add what ministack lacks.

    Args:
        settings: How this local AWS runs.
    """
    from sagemaker_model.local.autoscaling import api as autoscaling
    from sagemaker_model.local.autoscaling import cloudformation as autoscaling_types
    from sagemaker_model.local.emulator import (
        authorization,
        buckets,
        codebuild,
        custom_resources,
        encryption,
        faults,
        functions,
        ports,
        resources,
        secret_refs,
        transport,
    )
    from sagemaker_model.local.emulator.services import add_service
    from sagemaker_model.local.runtime.api import runtime
    from sagemaker_model.local.sagemaker import cloudformation as sagemaker_types
    from sagemaker_model.local.sagemaker.api import TARGET, SageMakerApi

    sagemaker = SageMakerApi(settings, runtime)
    add_service("sagemaker", sagemaker, target_prefix=TARGET)
    add_service("application-autoscaling", autoscaling.answer, target_prefix=autoscaling.TARGET)
    sagemaker_types.install(faults.met_by_calls(sagemaker.call))
    autoscaling_types.install()
    buckets.install()
    encryption.install()
    secret_refs.install()
    authorization.install()
    codebuild.install(settings)
    resources.install()
    custom_resources.install()
    functions.install()
    ports.install()
    if settings.certificate is None:
        transport.install()
    if settings.faults:
        faults.install()


def _told(settings: Settings) -> dict[str, str]:
    told = {
        "AUTH": "true" if settings.auth else "false",
        "SFN_WAIT_SCALE": str(settings.wait(1)),
    }
    if settings.node_path is not None:
        told["NODE_PATH"] = str(settings.node_path)
    if settings.certificate is not None:
        told |= {
            "USE_SSL": "1",
            "MINISTACK_SSL_CERT": str(settings.certificate),
            "MINISTACK_SSL_KEY": str(settings.key),
            "AWS_CA_BUNDLE": str(settings.certificate),
            # Functions in Node.js would trust what this machine's own variable names instead.
            "NODE_EXTRA_CA_CERTS": str(settings.certificate),
        }
    return told


if __name__ == "__main__":
    main()
