"""The S3 bucket, in the few words that staging needs."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError
from isal.isal_zlib import crc32

from model_builder.connections import describe
from model_builder.errors import RetryableError, StagingError
from model_builder.manifest import SUFFIX, Manifest, from_json

log = logging.getLogger(__name__)
_GIB = 1024**3
# S3 copies objects of up to 5 GiB in one request, larger ones in parts.
_COPY = TransferConfig(multipart_threshold=5 * _GIB, multipart_chunksize=_GIB, max_concurrency=8)
_MAX_DEPTH = 6
_DELETED_AT_ONCE = 1000
_FIXES = {
    "NoSuchBucket": "make the bucket, or mend DESTINATION",
    "AccessDenied": "let the role do this on the bucket, and use the bucket's key",
    "PreconditionFailed": "the object changed meanwhile; run again",
}
_GONE = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as S3 tells of it.

    Args:
        key: Its key.
        size: Bytes.
        etag: Its state.
        notes: Metadata that was given with it.
    """

    key: str
    size: int
    etag: str
    notes: Mapping[str, str]


class Store:
    """One bucket.

    Args:
        client: boto3's S3 client.
        bucket: Name of the bucket.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def sizes(self, prefix: str) -> dict[str, int]:
        """Return the size of each object below *prefix*, by key."""
        return {
            item["Key"]: item["Size"]
            for page in self._pages("list_objects_v2", Prefix=prefix)
            for item in page.get("Contents", [])
        }

    def find(self, key: str) -> StoredObject | None:
        """Return an object; None where there is none."""
        try:
            with self._explained(f"looking at {key}"):
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
        except _AbsentError:
            return None
        return StoredObject(key, answer["ContentLength"], answer["ETag"], answer["Metadata"])

    def manifest(self, key: str) -> Manifest | None:
        """Return the manifest at *key*; None where there is none."""
        try:
            with self._explained(f"reading {key}"):
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
                return from_json(answer["Body"].read())
        except _AbsentError:
            return None

    def manifests(self) -> Iterator[Manifest]:
        """Read all manifests of the bucket, without listing what lies in the staged prefixes."""
        for key in self._manifest_keys("", _MAX_DEPTH):
            manifest = self.manifest(key)
            if manifest:
                yield manifest

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
        except _AbsentError as error:
            raise StagingError(f"{key} went away while it was copied; run again") from error
        if done < len(view):
            raise RetryableError(f"the body of {key} ended early")

    def put(self, key: str, body: bytes | bytearray, notes: Mapping[str, str]) -> None:
        """Write a whole object, which S3 checks against its checksum."""
        with self._explained(f"writing {key}"):
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                Metadata=dict(notes),
                ChecksumCRC32=checksum(body),
            )

    def copy(self, source: str, etag: str, key: str, notes: Mapping[str, str]) -> None:
        """Copy an object inside S3."""
        with self._explained(f"copying {source} to {key}"):
            self._client.copy(
                {"Bucket": self._bucket, "Key": source},
                self._bucket,
                key,
                ExtraArgs={
                    "Metadata": dict(notes),
                    "MetadataDirective": "REPLACE",
                    "CopySourceIfMatch": etag,
                },
                Config=_COPY,
            )

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

    def start_upload(self, key: str, notes: Mapping[str, str]) -> str:
        """Begin a multipart upload, and return its id."""
        with self._explained(f"beginning {key}"):
            answer = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, Metadata=dict(notes), ChecksumAlgorithm="CRC32"
            )
        return str(answer["UploadId"])

    def put_part(self, key: str, upload: str, number: int, body: bytes | bytearray) -> Part:
        """Send a part, which S3 checks against its checksum.

        Raises:
            UploadGoneError: somebody ended the upload.
        """
        crc = checksum(body)
        with self._explained(f"writing part {number} of {key}"):
            answer = self._client.upload_part(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload,
                PartNumber=number,
                Body=body,
                ChecksumCRC32=crc,
            )
        return Part(number, answer["ETag"], crc)

    def end_upload(self, key: str, upload: str, parts: Iterable[Part]) -> None:
        """Make an object of an upload's parts.

        Raises:
            UploadGoneError: somebody ended the upload.
        """
        listed = [
            {"PartNumber": part.number, "ETag": part.etag, "ChecksumCRC32": part.crc32}
            for part in sorted(parts, key=lambda part: part.number)
        ]
        with self._explained(f"completing {key}"):
            self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": listed}
            )

    def abort_upload(self, key: str, upload: str) -> None:
        """Drop an upload and its parts; one that is gone already is fine."""
        try:
            with self._explained(f"aborting {key}"):
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload)
        except UploadGoneError:
            log.debug("%s: the upload was gone", key)

    def abort_uploads(self, prefix: str) -> int:
        """Drop all uploads below *prefix*, and return how many there were."""
        uploads = [
            (item["Key"], item["UploadId"])
            for page in self._pages("list_multipart_uploads", Prefix=prefix)
            for item in page.get("Uploads", [])
        ]
        for key, upload in uploads:
            self.abort_upload(key, upload)
        return len(uploads)

    def _manifest_keys(self, folder: str, depth: int) -> Iterator[str]:
        keys: list[str] = []
        folders: list[str] = []
        for page in self._pages("list_objects_v2", Prefix=folder, Delimiter="/"):
            keys += [i["Key"] for i in page.get("Contents", []) if i["Key"].endswith(SUFFIX)]
            folders += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
        yield from keys
        staged = {f"{key.removesuffix(SUFFIX)}/" for key in keys}
        for deeper in folders:
            if deeper not in staged and depth > 1:
                yield from self._manifest_keys(deeper, depth - 1)

    def _pages(self, operation: str, **arguments: str) -> Iterator[dict[str, Any]]:
        with self._explained(f"listing s3://{self._bucket}/{arguments['Prefix']}"):
            paginator = self._client.get_paginator(operation)
            yield from paginator.paginate(Bucket=self._bucket, **arguments)

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise _explain(error, f"s3://{self._bucket}: {what}") from error
        except (BotoCoreError, OSError) as error:
            raise StagingError(f"s3://{self._bucket}: {what}: {describe(error)}") from error
        except Exception as error:
            # s3transfer wraps what its threads meet in classes of its own.
            if not type(error).__module__.startswith(("boto3", "s3transfer", "urllib3")):
                raise
            raise StagingError(f"s3://{self._bucket}: {what}: {describe(error)}") from error


@dataclass(frozen=True, slots=True)
class Part:
    """A part that S3 has."""

    number: int
    etag: str
    crc32: str


class UploadGoneError(StagingError):
    """A multipart upload does not exist, or no longer."""


class _AbsentError(StagingError):
    """There is no such object."""


def checksum(body: bytes | bytearray) -> str:
    """Return the CRC-32 of *body* as S3 wants it."""
    return base64.b64encode(crc32(body).to_bytes(4, "big")).decode()


def _explain(error: ClientError, what: str) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    if code in _GONE:
        return _AbsentError(what)
    if code == "NoSuchUpload":
        return UploadGoneError(what)
    return StagingError(f"{what}: {code or error}: {_FIXES.get(code, 'run again')}")
