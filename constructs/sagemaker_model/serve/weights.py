"""A model's files on this machine: of a folder, or of S3."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sagemaker_model.serve.selection import told_as_mistakes

Files = Mapping[str, Path]
"""Where the files of a model folder are, by their paths in it."""

_CODE = "code/"
_MANIFEST = ".manifest.json"
_ARCHIVE = ".tar.gz"


def of_folder(folder: Path) -> Files:
    """Return the files of a folder, without what programs keep in it for themselves.

    Args:
        folder: The folder.

    Raises:
        ValueError: There is no such folder, or a file in it could not be staged.
    """
    if not folder.is_dir():
        raise ValueError(f"there is no folder {str(folder)!r}; give one that has the model's files")
    with told_as_mistakes():
        from model_builder.local_folder import read_folder

        return {each.path: Path(each.location).absolute() for each in read_folder(folder)}


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


def _told_by(manifest: str, client: Any) -> str:
    """Return the prefix or archive that a manifest tells of, which must hold just its files."""
    bucket, _, key = manifest.removeprefix("s3://").partition("/")
    body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    with told_as_mistakes():
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
