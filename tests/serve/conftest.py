"""S3 and a Hub on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.serving.conftest import _storage as _storage  # noqa: PLC0414 - a fixture of the next one
from local.serving.conftest import storage as storage  # noqa: PLC0414 - a fixture, for tests here
from sagemaker_model.local.hub.server import Hub

HEAD = (2).to_bytes(8, "little") + b"{}"
"""A file of safetensors without a tensor."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A Hub with two models."""
    root = tmp_path_factory.mktemp("hub")
    for name in ("one", "two"):
        folder = root / "org" / name
        (folder / "onnx").mkdir(parents=True)
        for path in ("config.json", "[odd].json"):
            (folder / path).write_text('{"model_type": "bert"}')
        (folder / "model.safetensors").write_bytes(HEAD)
        (folder / "pytorch_model.bin").write_bytes(b"pickled")
        (folder / "onnx" / "model.onnx").write_bytes(b"for another runtime")
    with Hub(root) as hub:
        hub.serve_in_background()
        yield hub
        hub.shutdown()
