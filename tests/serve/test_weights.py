"""A model's files come to this machine from wherever they are, each once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.serving.conftest import BUCKET, Storage, archive
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.serve.app_model import AppModel
from sagemaker_model.serve.hub_files import of_hub
from sagemaker_model.serve.model_files import Finder
from sagemaker_model.serve.model_folder import lay_out
from sagemaker_model.serve.weights import of_folder, of_s3

STAGED = {"model.safetensors", "config.json", "[odd].json"}


def test_the_hubs_files_are_those_of_a_staging_build(hub: Hub, tmp_path: Path) -> None:
    files = of_hub({"MODEL_ID": "org/one"}, cache=tmp_path, hub=hub.url)

    assert set(files) == STAGED
    assert json.loads(files["[odd].json"].read_text()) == {"model_type": "bert"}


def test_a_build_that_selects_files_selects_them_here_too(hub: Hub, tmp_path: Path) -> None:
    told = {"MODEL_ID": "org/one", "ALLOW_PATTERNS": "*.onnx", "IGNORE_RULES": "A1,A2,A3"}

    assert set(of_hub(told, cache=tmp_path, hub=hub.url)) == {"onnx/model.onnx"}


def test_several_models_lie_in_a_folder_each(hub: Hub, tmp_path: Path) -> None:
    told = {"MODEL_ID": "org/one,org/two", "DESTINATION": "s3://…", "BUNDLE_PYTHON": "3.12"}

    files = of_hub(told, cache=tmp_path, hub=hub.url)

    assert set(files) == {f"{name}/{path}" for name in ("one", "two") for path in STAGED}


@pytest.mark.parametrize("revision", ["main", "a commit"])
def test_what_was_downloaded_is_not_downloaded_again(
    hub: Hub, tmp_path: Path, revision: str
) -> None:
    commit = hub.repositories.commit("org/one") if revision == "a commit" else revision
    told = {"MODEL_ID": f"org/one@{commit}"}
    before = of_hub(told, cache=tmp_path, hub=hub.url)
    hub.requests.clear()

    after = of_hub(told, cache=tmp_path, hub=hub.url)

    assert after == before
    assert not [each for each in hub.requests if "safetensors" in each]
    assert bool(hub.requests) is (revision == "main")


def test_a_model_that_is_not_there_is_told(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="org/none is not there, or private"):
        of_hub({"MODEL_ID": "org/none"}, cache=tmp_path, hub=hub.url)


def fetched(storage: Storage, uri: str, home: Path) -> dict[str, bytes]:
    files = of_s3(uri, client=storage.client, cache=home / "cache", folder=home / "fetched")
    return {path: file.read_bytes() for path, file in files.items()}


def test_a_prefix_and_an_archive_hold_the_same_files(storage: Storage, tmp_path: Path) -> None:
    packed = {"a.json": b"{}", "b/c": b"2"}
    uri = storage.put(packed)
    storage.client.put_object(Bucket=BUCKET, Key="model.tar.gz", Body=archive(packed))

    assert fetched(storage, uri, tmp_path / "1") == packed
    assert fetched(storage, f"s3://{BUCKET}/model.tar.gz", tmp_path / "2") == packed


def manifest(storage: Storage, *keys: str) -> str:
    """Write the manifest of a staging build beside the prefix ``staged/``."""
    files = [
        {"key": key, "size": 2, "sha256": "0" * 64, "path": key.removeprefix("staged/")}
        for key in keys
    ]
    told = {"fingerprint": "", "selection": "", "created": 0, "models": [], "members": []}
    text = json.dumps({"version": 1, **told, "files": files, "head": None})
    storage.client.put_object(Bucket=BUCKET, Key="staged.manifest.json", Body=text.encode())
    return f"s3://{BUCKET}/staged.manifest.json"


def test_a_manifest_names_the_files_that_were_staged(storage: Storage, tmp_path: Path) -> None:
    storage.put({"a": b"{}"}, prefix="staged/")

    assert fetched(storage, manifest(storage, "staged/a"), tmp_path) == {"a": b"{}"}


def test_other_files_than_a_manifest_tells_of_are_refused(storage: Storage, tmp_path: Path) -> None:
    storage.put({"a": b"{}", "b": b"{}"}, prefix="staged/")

    with pytest.raises(ValueError, match=r"lie other files than .* stage them anew"):
        fetched(storage, manifest(storage, "staged/a"), tmp_path)


def test_what_is_not_in_s3_is_told(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(ServingError, match="no object below this prefix"):
        fetched(storage, f"s3://{BUCKET}/none/", tmp_path)


def test_an_address_of_no_model_is_refused(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end with '/' .*'\.tar\.gz' or '\.manifest\.json'"):
        fetched(storage, f"s3://{BUCKET}/model.zip", tmp_path)


def test_a_folder_is_linked_and_stays_as_it_is(tmp_path: Path) -> None:
    weights, code = tmp_path / "weights", tmp_path / "mine"
    (weights / "code").mkdir(parents=True)
    (weights / "code" / "inference.py").write_text("of the model")
    (weights / "config.json").write_text("{}")
    (code / "__pycache__").mkdir(parents=True)
    (code / "__pycache__" / "inference.pyc").write_bytes(b"")
    (code / "inference.py").write_text("mine")

    lay_out(of_folder(weights), code, tmp_path / "both")
    lay_out(of_folder(weights), None, tmp_path / "alone")
    (code / "inference.py").write_text("changed")

    assert (tmp_path / "both" / "code" / "inference.py").read_text() == "mine"
    assert (tmp_path / "alone" / "code" / "inference.py").read_text() == "of the model"
    assert (tmp_path / "both" / "config.json").read_text() == "{}"
    assert [each.name for each in (tmp_path / "both" / "code").iterdir()] == ["inference.py"]


def test_a_container_that_downloads_by_itself_gets_no_files(tmp_path: Path) -> None:
    finder = Finder(cache=tmp_path, folder=tmp_path, s3=lambda: None)

    assert finder.files_of(AppModel(path="Chat/Model")) == {}


def test_files_that_only_the_deployment_knows_must_be_given(tmp_path: Path) -> None:
    finder = Finder(cache=tmp_path, folder=tmp_path, s3=lambda: None)

    with pytest.raises(ValueError, match="known to the deployment only; give the address with"):
        finder.files_of(AppModel(path="Chat/Model", staging={}))
