"""The S3 bucket, in the few words that staging needs."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from model_builder.errors import RetryableError, StagingError
from model_builder.plan import FromStore
from model_builder.s3_errors import AbsentError, explained
from model_builder.uploads import UNFINISHED, Uploads, checksum, only_if, tagging

_DELETED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as S3 tells of it.

    Args:
        key: Its key.
        size: Bytes.
        etag: Its state.
        notes: Metadata that was given with it.
        modified: When it was written.
        sha256: Digest that S3 computed of all its bytes; None where it has none.
    """

    key: str
    size: int
    etag: str
    notes: Mapping[str, str]
    modified: datetime
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a list tells of it."""

    key: str
    size: int
    etag: str


class Store:
    """One bucket.

    Args:
        client: boto3's S3 client.
        bucket: Name of the bucket.
        tagged: Whether objects can have tags, as in Amazon S3. Default: they can.
    """

    def __init__(self, client: Any, bucket: str, *, tagged: bool = True) -> None:
        self._client = client
        self._bucket = bucket
        self._unfinished = UNFINISHED if tagged else {}
        self.uploads = Uploads(client, bucket, self._unfinished)

    def elsewhere(self, bucket: str) -> Store:
        """Return another bucket; this one where *bucket* is empty."""
        return Store(self._client, bucket, tagged=bool(self._unfinished)) if bucket else self

    def listed(self, prefix: str) -> list[Listed]:
        """Return all objects below *prefix*."""
        return [
            Listed(item["Key"], item["Size"], item["ETag"])
            for page in self._pages(prefix)
            for item in page.get("Contents", [])
        ]

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return the size of each object below *prefix*, by key."""
        return {item.key: item.size for item in self.listed(prefix)}

    def level(self, folder: str) -> tuple[list[str], list[str]]:
        """Return the keys directly in *folder*, and its own folders."""
        pages = list(self._pages(folder, Delimiter="/"))
        keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
        folders = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]
        return keys, folders

    def find(self, key: str) -> StoredObject | None:
        """Return an object; None where there is none."""
        try:
            with self._explained(f"looking at {key}"):
                answer = self._client.head_object(
                    Bucket=self._bucket, Key=key, ChecksumMode="ENABLED"
                )
        except AbsentError:
            return None
        return StoredObject(
            key,
            answer["ContentLength"],
            answer["ETag"],
            answer["Metadata"],
            answer["LastModified"],
            _whole_sha256(answer),
        )

    def get(self, key: str) -> bytes | None:
        """Return a small object's bytes; None where there is none."""
        try:
            with self._explained(f"reading {key}"):
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
                return bytes(answer["Body"].read())
        except AbsentError:
            return None

    def read(self, key: str, etag: str, start: int, view: memoryview) -> None:
        """Fill *view* with the bytes of an object from *start* on.

        Raises:
            RetryableError: the body ended early.
            StagingError: the object is not there, or not as it was.
        """
        byte_range = f"bytes={start}-{start + len(view) - 1}"
        try:
            with self._explained(f"reading {key}"):
                body = self._client.get_object(
                    Bucket=self._bucket, Key=key, Range=byte_range, IfMatch=etag
                )["Body"]
                done = 0
                while done < len(view) and (count := body.readinto(view[done:])):
                    done += count
        except AbsentError as error:
            raise StagingError(f"{key} went away while it was copied; run again") from error
        if done < len(view):
            raise RetryableError(f"the body of {key} ended early")

    def put(
        self,
        key: str,
        body: bytes | bytearray,
        notes: Mapping[str, str] | None = None,
        *,
        finished: bool = False,
        new: bool = False,
    ) -> None:
        """Write a whole object, which S3 checks against its checksum.

        Args:
            key: Where.
            body: What.
            notes: Metadata to give with it. Default: none.
            finished: Whether it never expires. Default: it has the tag that lets it.
            new: Whether nothing may lie there.

        Raises:
            ChangedError: something lies there, though it was to be new.
        """
        with self._explained(f"writing {key}"):
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                Metadata=dict(notes or {}),
                ChecksumCRC32=checksum(body),
                **tagging({} if finished else self._unfinished),
                **only_if(new),
            )

    def copy(self, source: FromStore, key: str, notes: Mapping[str, str]) -> str | None:
        """Copy an object of up to 5 GiB inside S3, and return the SHA-256 that S3 finds in it.

        Raises:
            ChangedError: the source is not as it was, or something else lies at *key*.
        """
        with self._explained(f"copying {source.key} to {key}"):
            answer = self._client.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": source.bucket or self._bucket, "Key": source.key},
                CopySourceIfMatch=source.etag,
                Metadata=dict(notes),
                MetadataDirective="REPLACE",
                TaggingDirective="REPLACE",
                ChecksumAlgorithm="SHA256",
                **tagging(self._unfinished),
                # An object that is copied onto itself is there.
                **only_if(key != source.key or bool(source.bucket)),
            )
        return _whole_sha256(answer["CopyObjectResult"])

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects."""
        rest = list(keys)
        while rest:
            batch, rest = rest[:_DELETED_AT_ONCE], rest[_DELETED_AT_ONCE:]
            with self._explained(f"deleting {batch[0]}"):
                answer = self._client.delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True},
                )
            if answer.get("Errors"):
                raise StagingError(f"S3 did not delete {answer['Errors'][0]['Key']}")

    def tags(self, key: str) -> dict[str, str]:
        """Return the tags of an object."""
        if not self._unfinished:
            return {}
        with self._explained(f"reading the tags of {key}"):
            answer = self._client.get_object_tagging(Bucket=self._bucket, Key=key)
        return {tag["Key"]: tag["Value"] for tag in answer["TagSet"]}

    def set_tags(self, key: str, tags: Mapping[str, str]) -> None:
        """Give an object just these tags."""
        listed = [{"Key": name, "Value": value} for name, value in tags.items()]
        with self._explained(f"writing the tags of {key}"):
            if not listed:
                self._client.delete_object_tagging(Bucket=self._bucket, Key=key)
                return
            self._client.put_object_tagging(
                Bucket=self._bucket, Key=key, Tagging={"TagSet": listed}
            )

    def _pages(self, prefix: str, **options: str) -> Iterator[dict[str, Any]]:
        with self._explained(f"listing {prefix}"):
            paginator = self._client.get_paginator("list_objects_v2")
            yield from paginator.paginate(Bucket=self._bucket, Prefix=prefix, **options)

    def _explained(self, what: str) -> AbstractContextManager[None]:
        return explained(f"s3://{self._bucket}: {what}")


def _whole_sha256(answer: Mapping[str, Any]) -> str | None:
    """Return the SHA-256 that S3 tells, unless it is one of the digests of parts ("…-3")."""
    told = answer.get("ChecksumSHA256")
    return base64.b64decode(told).hex() if told and "-" not in told else None
