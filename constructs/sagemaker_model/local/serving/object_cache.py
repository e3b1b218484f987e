"""Objects of S3 on this disk: those that were fetched before are linked, not fetched again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

_CONNECTIONS = 4
# Time of the last change of all that was fetched: what has another was changed since.
_UNCHANGED = 0


@dataclass(frozen=True)
class StoredObject:
    """An object as S3 lists it.

    Args:
        bucket: Its bucket.
        key: Its key.
        etag: Its ETag, which another content has another of.
        size: Its size in bytes.
    """

    bucket: str
    key: str
    etag: str
    size: int


class ObjectCache:
    """A folder of objects by their ETags, which are asked for again each time.

    Args:
        folder: Where they are; it is made.
        client: Reads S3, as whoever needs the objects: who may not read them is refused, whether
            they are here or not.
    """

    def __init__(self, folder: Path, client: Any) -> None:
        self._folder = folder
        self._client = client
        folder.mkdir(parents=True, exist_ok=True)

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects below a prefix (ListBucket).

        Raises:
            ClientError: S3 refuses.
        """
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=bucket, Prefix=prefix):
            for each in page.get("Contents", []):
                yield StoredObject(bucket, each["Key"], each["ETag"].strip('"'), each["Size"])

    def head(self, bucket: str, key: str) -> StoredObject:
        """Return what S3 tells of an object (GetObject).

        Raises:
            ClientError: S3 refuses.
        """
        told = self._client.head_object(Bucket=bucket, Key=key)
        return StoredObject(bucket, key, told["ETag"].strip('"'), told["ContentLength"])

    def get(self, stored: StoredObject) -> Path:
        """Return where an object's content is; it must not be changed.

        Raises:
            ClientError: S3 refuses.
        """
        path = self._folder / f"{stored.etag}-{stored.size}"
        if _is_whole(path, stored.size):
            self.head(stored.bucket, stored.key)
        else:
            self._download(stored, path)
        return path

    def link(self, objects: Mapping[Path, StoredObject]) -> None:
        """Put objects where they are wanted, several at a time.

        Args:
            objects: What is wanted, by path; folders are made.

        Raises:
            ClientError: S3 refuses.
        """
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            for path, fetched in zip(objects, pool.map(self.get, objects.values()), strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                os.link(fetched, path)

    def _download(self, stored: StoredObject, path: Path) -> None:
        body = self._client.get_object(Bucket=stored.bucket, Key=stored.key)["Body"]
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            fetched = Path(folder) / "object"
            with fetched.open("wb") as file:
                shutil.copyfileobj(body, file, 1 << 20)
            os.utime(fetched, (_UNCHANGED, _UNCHANGED))
            fetched.chmod(0o444)
            fetched.replace(path)


def s3_client(variables: Mapping[str, str]) -> Any:
    """Return a client of S3 that uses credentials of environment variables, not of this process.

    Args:
        variables: ``AWS_ACCESS_KEY_ID`` and so on, with ``AWS_ENDPOINT_URL`` and ``AWS_REGION``;
            ``AWS_CA_BUNDLE`` where the endpoint has a certificate of its own.
    """
    session = boto3.Session(
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=variables.get("AWS_SESSION_TOKEN"),
        region_name=variables["AWS_REGION"],
    )
    return session.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        verify=variables.get("AWS_CA_BUNDLE"),
    )


def _is_whole(path: Path, size: int) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    return (found.st_size, found.st_mtime_ns) == (size, _UNCHANGED)
