"""A model's files on this machine: of a folder, of the Hub at one commit, or of S3."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sagemaker_model.staging.bundled import staging_program

if TYPE_CHECKING:
    from model_builder.model import Snapshot

Files = Mapping[str, Path]
"""Where the files of a model folder are, by their paths in it."""

_CODE = "code/"
_MANIFEST = ".manifest.json"
_ARCHIVE = ".tar.gz"
_SELECTING = ("MODEL_ID", "LISTINGS", "ALLOW_PATTERNS", "IGNORE_PATTERNS", "IGNORE_RULES")
# The staging program wants to know where it stages to, of which nothing is made here.
_NOWHERE = "s3://nowhere/at-all/"


def of_folder(folder: Path) -> Files:
    """Return the files of a folder, without what programs keep in it for themselves.

    Args:
        folder: The folder.

    Raises:
        ValueError: There is no such folder, or a file in it could not be staged.
    """
    if not folder.is_dir():
        raise ValueError(f"there is no folder {str(folder)!r}; give one that has the model's files")
    with _told_as_mistakes():
        from model_builder.local_folder import read_folder

        return {each.path: Path(each.location).absolute() for each in read_folder(folder)}


def of_hub(told: Mapping[str, str], *, cache: Path, hub: str | None = None) -> Files:
    """Return the files of the Hub's models that a staging build would take, each fetched once.

    Args:
        told: What such a build is told: ``MODEL_ID`` with revisions, ``ALLOW_PATTERNS`` and so on.
        cache: Folder of what was fetched before.
        hub: URL of the Hub. Default: as *told* or ``HF_ENDPOINT`` say, or the real one.

    Raises:
        ValueError: There is no such model, or a staging build would refuse it.
    """
    from huggingface_hub import constants, get_token

    endpoint = hub or told.get("HF_ENDPOINT") or constants.ENDPOINT
    variables = {name: told[name] for name in _SELECTING if name in told}
    variables |= {"DESTINATION": _NOWHERE, "HF_ENDPOINT": endpoint, "HF_TOKEN": get_token() or ""}
    with _told_as_mistakes():
        snapshots = _snapshots(variables)
    several = len(snapshots) > 1
    return {
        f"{each.model.name}/{path}" if several else path: file
        for each in snapshots
        for path, file in _fetched(each, cache / "hub", endpoint).items()
    }


def of_s3(uri: str, *, client: Any, cache: Path, folder: Path) -> Files:
    """Return the files of S3 at an address, each object fetched once.

    Args:
        uri: ``s3://bucket/prefix/``, ``s3://bucket/….tar.gz``, or the manifest of a staging build,
            ``s3://bucket/….manifest.json``.
        client: A client of S3.
        cache: Folder of what was fetched before.
        folder: Where an archive is unpacked; it is made.

    Raises:
        ServingError: They can't be had, or SageMaker would not take them.
        ValueError: The address is none of these, or the manifest tells of other files.
    """
    from sagemaker_model.local.serving.container import ModelData
    from sagemaker_model.local.serving.model_data import lay_out
    from sagemaker_model.local.serving.object_cache import ObjectCache

    if not uri.endswith(("/", _ARCHIVE, _MANIFEST)):
        raise ValueError(
            f"{uri!r} must end with '/' (the model's files below a prefix), '{_ARCHIVE}' or "
            f"'{_MANIFEST}'"
        )
    place = _told_by(uri, client) if uri.endswith(_MANIFEST) else uri
    archive = place.endswith(_ARCHIVE)
    objects = ObjectCache(cache / "model-data", client)
    lay_out(ModelData(place, archive=archive), folder, objects)
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def without_code(files: Files) -> Files:
    """Return files without the code that they bring, in whose place the user's own goes.

    Args:
        files: The files.
    """
    return {path: file for path, file in files.items() if not path.startswith(_CODE)}


def _snapshots(variables: Mapping[str, str]) -> list[Snapshot]:
    from model_builder.clients import trusted
    from model_builder.connections import Connections
    from model_builder.hub import Hub
    from model_builder.retry import Retry
    from model_builder.settings import Settings
    from model_builder.snapshots import Snapshots

    settings = Settings.from_environment(variables)
    connections = Connections(settings.stall, trusted(os.environ))
    hub = Hub(
        settings.hub,
        settings.token,
        connections=connections,
        retry=Retry(settings.attempts, time.sleep),
        timeout=settings.stall,
    )
    snapshots = Snapshots(settings, hub, (), {})
    try:
        return [snapshots.of(model) for model in settings.models]
    finally:
        connections.drop(settings.hub)


def _fetched(snapshot: Snapshot, cache: Path, endpoint: str) -> Files:
    from glob import escape

    from huggingface_hub import snapshot_download

    folder = snapshot_download(
        snapshot.model.model_id,
        revision=snapshot.commit,
        allow_patterns=[escape(file.path) for file in snapshot.files],
        cache_dir=cache,
        endpoint=endpoint,
    )
    return {file.path: Path(folder, file.path) for file in snapshot.files}


def _told_by(manifest: str, client: Any) -> str:
    """Return the prefix or archive that a manifest tells of, which must hold just its files."""
    bucket, _, key = manifest.removeprefix("s3://").partition("/")
    body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    with _told_as_mistakes():
        from model_builder.manifest import from_json

        told = from_json(body)
    if told is None:
        raise ValueError(
            f"{manifest} is no manifest of a staging build; give the one beside the "
            "prefix that it staged"
        )
    prefix = f"{key.removesuffix(_MANIFEST)}/"
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    there = {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", [])}
    if there != {file.key: file.size for file in told.files}:
        raise ValueError(
            f"below s3://{bucket}/{prefix} lie other files than {manifest} tells of; "
            "stage them anew"
        )
    packed = len(told.files) == 1 and told.files[0].key.endswith(_ARCHIVE)
    return f"s3://{bucket}/{told.files[0].key if packed else prefix}"


@contextmanager
def _told_as_mistakes() -> Iterator[None]:
    """Let the staging program be imported, and raise what it says as the user's mistakes."""
    with staging_program():
        from model_builder.errors import SettingsError, StagingError

        try:
            yield
        except (SettingsError, StagingError) as error:
            raise ValueError(str(error)) from error
