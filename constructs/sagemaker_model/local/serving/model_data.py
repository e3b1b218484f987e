"""Model data of a container: from S3 to the folder that is ``/opt/ml/model`` on SageMaker.

Source of the rules: the API reference of S3ModelDataSource,
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.serving.container import ModelData
from sagemaker_model.local.serving.object_cache import ObjectCache, StoredObject, s3_client

_LONGEST_NAME = 255
_WRITE = 0o222


def fetch(data: ModelData | None, folder: Path, *, cache: Path, aws: Mapping[str, str]) -> None:
    """Lay out a container's model data; nobody may write to them afterwards.

    Args:
        data: Where they are; None leaves the folder empty.
        folder: Where they go; it is made.
        cache: Folder of what was fetched before. Each object is asked for all the same.
        aws: Variables of the credentials to read S3 with.

    Raises:
        ServingError: They can't be read, or SageMaker would not take them.
    """
    if data is None:
        folder.mkdir(parents=True)
    else:
        lay_out(data, folder, ObjectCache(cache, s3_client(aws)))
    _forbid_writing(folder)


def lay_out(data: ModelData, folder: Path, cache: ObjectCache) -> None:
    """Put model data into a folder.

    Args:
        data: Where they are.
        folder: Where they go; it is made.
        cache: What fetches them, once.

    Raises:
        ServingError: They can't be read, or SageMaker would not take them.
    """
    folder.mkdir(parents=True)
    try:
        _lay_out(data, folder, cache)
    except (ClientError, BotoCoreError) as error:
        raise _not_downloaded(data.uri, str(error)) from error


def discard(folder: Path) -> None:
    """Delete model data, which nobody may write to.

    Args:
        folder: Where they are; it may be gone already.
    """
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)


def paths_of(prefix: str, keys: Iterable[str]) -> dict[str, str]:
    """Return which key each file of the model folder holds, by its path.

    Args:
        prefix: The key prefix, which every key begins with.
        keys: Keys of the objects below it.

    Raises:
        ServingError: A key makes no name of a file, or is a file and a folder at once.
    """
    paths = {key.removeprefix(prefix): key for key in keys}
    folders = {
        path[:index] for path in paths for index, character in enumerate(path) if character == "/"
    }
    for path, key in paths.items():
        if path in folders:
            raise ServingError(
                f"model data have the object {key!r} and others below '{key}/', which would be a "
                "file and a folder of one name; rename one"
            )
        if not all(_is_name(part) for part in path.split("/")):
            raise ServingError(
                f"the key {key!r} of the model data makes no file name; each part must have 1 to "
                f"{_LONGEST_NAME} bytes and be neither '.' nor '..': delete objects whose keys end "
                "with '/', which the S3 console makes for folders"
            )
    return paths


def _lay_out(data: ModelData, folder: Path, cache: ObjectCache) -> None:
    bucket, _, key = data.uri.removeprefix("s3://").partition("/")
    if data.archive:
        _unpack(cache.get(cache.head(bucket, key)), folder, data.uri)
    elif not key.endswith("/"):
        cache.link({folder / key.rpartition("/")[2]: cache.head(bucket, key)})
    else:
        cache.link(_below(folder, key, cache.list(bucket, key), data.uri))


def _below(
    folder: Path, prefix: str, found: Iterable[StoredObject], uri: str
) -> dict[Path, StoredObject]:
    objects = {each.key: each for each in found}
    if not objects:
        raise _not_downloaded(uri, "there is no object below this prefix")
    return {folder / path: objects[key] for path, key in paths_of(prefix, objects).items()}


def _unpack(archive: Path, folder: Path, uri: str) -> None:
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(folder, filter=_without_links)  # noqa: S202
    except (tarfile.TarError, OSError, EOFError) as error:
        # Wording as endpoints tell it, for example aws/deep-learning-containers#569.
        raise ServingError(
            f'Failed to extract model data archive for container "container_1" from URL "{uri}". '
            "Please ensure that the object located at the URL is a valid tar.gz archive. "
            f"({error})"
        ) from error


def _without_links(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """Refuse names that leave the folder, and symbolic links, which SageMaker does not extract.

    Source: "Failed to extract model data archive for container" in
    https://repost.aws/knowledge-center/sagemaker-endpoint-creation-fail
    """
    if member.issym():
        raise tarfile.TarError(f"{member.name!r} is a symbolic link; pack the file itself")
    return tarfile.data_filter(member, folder)


def _forbid_writing(folder: Path) -> None:
    """Take the right to write from everybody, as SageMaker mounts the folder; root has it still."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~_WRITE)


def _is_name(part: str) -> bool:
    return part not in {"", ".", ".."} and "\0" not in part and len(part.encode()) <= _LONGEST_NAME


def _not_downloaded(uri: str, why: str) -> ServingError:
    # Wording as endpoints tell it, for example
    # aws-solutions-library-samples/fraud-detection-using-machine-learning#9.
    return ServingError(
        f'Failed to download model data for container "container_1" from URL: "{uri}". Please '
        "ensure that there is an object located at the URL and that the role passed to CreateModel "
        f"has permissions to download the object. ({why})"
    )
