"""A bucket, in the few words that the handlers need."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from .answers import code_of

_UNFINISHED = {"Key": "staging", "Value": "unfinished"}
"""Tag of what a store's rule deletes after some days, as the staging program writes it."""
_GONE = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchUpload", "404"})


class Bucket:
    """One bucket; what is not there, or no longer, is nothing.

    Args:
        client: boto3's S3 client.
        name: Name of the bucket.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def read(self, key: str) -> tuple[bytes, float] | None:
        """Return what lies at *key*, and when it was written; None where there is nothing."""
        with _absent():
            answer = self._client.get_object(Bucket=self._name, Key=key)
            return answer["Body"].read(), answer["LastModified"].timestamp()
        return None

    def write(self, key: str, data: Mapping[str, object]) -> None:
        """Write a JSON object."""
        self._client.put_object(Bucket=self._name, Key=key, Body=json.dumps(data).encode())

    def size(self, prefix: str) -> int:
        """Return the bytes of all objects below *prefix*."""
        pages = self._pages("list_objects_v2", Prefix=prefix)
        return sum(item["Size"] for page in pages for item in page.get("Contents", ()))

    def delete(self, prefix: str, until: Callable[[], bool]) -> bool:
        """Delete all objects below *prefix*; return whether that was all before time was up."""
        for page in self._pages("list_objects_v2", Prefix=prefix):
            self._delete([{"Key": item["Key"]} for item in page.get("Contents", ())])
            if until():
                return False
        return True

    def let_expire(self, prefix: str, until: Callable[[], bool]) -> bool:
        """Tag all objects below *prefix* as unfinished; return whether that was all in time.

        Tags of others stay.
        """
        for page in self._pages("list_objects_v2", Prefix=prefix):
            for item in page.get("Contents", ()):
                self._tag(item["Key"])
                if until():
                    return False
        return True

    def delete_versions(self, until: Callable[[], bool]) -> bool:
        """Delete all there is, older versions too; return whether that was all."""
        for page in self._pages("list_object_versions"):
            items = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            self._delete([{"Key": i["Key"], "VersionId": i["VersionId"]} for i in items])
            if until():
                return False
        return True

    def delete_keys(self, *keys: str) -> None:
        """Delete single objects."""
        self._delete([{"Key": key} for key in keys])

    def abort_uploads(self, prefix: str = "") -> None:
        """Drop all unfinished uploads below *prefix*."""
        for page in self._pages("list_multipart_uploads", Prefix=prefix):
            for upload in page.get("Uploads", ()):
                with _absent():
                    self._client.abort_multipart_upload(
                        Bucket=self._name, Key=upload["Key"], UploadId=upload["UploadId"]
                    )

    def _tag(self, key: str) -> None:
        with _absent():
            there = self._client.get_object_tagging(Bucket=self._name, Key=key)["TagSet"]
            others = [tag for tag in there if tag["Key"] != _UNFINISHED["Key"]]
            self._client.put_object_tagging(
                Bucket=self._name, Key=key, Tagging={"TagSet": [*others, _UNFINISHED]}
            )

    def _delete(self, objects: Sequence[Mapping[str, str]]) -> None:
        if not objects:
            return
        with _absent():
            answer = self._client.delete_objects(
                Bucket=self._name, Delete={"Objects": objects, "Quiet": True}
            )
            for error in answer.get("Errors", ()):
                raise ClientError({"Error": error}, "DeleteObjects")

    def _pages(self, operation: str, **arguments: str) -> Iterator[dict[str, Any]]:
        with _absent():
            paginator = self._client.get_paginator(operation)
            yield from paginator.paginate(Bucket=self._name, **arguments)


@contextmanager
def _absent() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) not in _GONE:
            raise
