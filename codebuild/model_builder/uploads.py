"""Multipart uploads of one bucket."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from isal.isal_zlib import crc32

from model_builder.plan import FromStore
from model_builder.s3_errors import UploadGoneError, explained

UNFINISHED = {"staging": "unfinished"}
"""Tag of all that no manifest vouches for yet: the only thing that a bucket's expiry acts on."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that S3 has; its CRC-32 where S3 told one."""

    number: int
    etag: str
    crc32: str | None


class Uploads:
    """Begins, fills, completes and drops multipart uploads.

    Args:
        client: boto3's S3 client.
        bucket: Name of the bucket.
        tags: Tags that objects have from their first moment on.
    """

    def __init__(self, client: Any, bucket: str, tags: Mapping[str, str]) -> None:
        self._client = client
        self._bucket = bucket
        self._tags = tags

    def start(self, key: str, notes: Mapping[str, str]) -> str:
        """Begin a multipart upload, and return its id."""
        with self._explained(f"beginning {key}"):
            answer = self._client.create_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                Metadata=dict(notes),
                ChecksumAlgorithm="CRC32",
                **tagging(self._tags),
            )
        return str(answer["UploadId"])

    def put(self, key: str, upload: str, number: int, body: bytes | bytearray) -> Part:
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

    def copy(
        self, key: str, upload: str, number: int, source: FromStore, span: tuple[int, int]
    ) -> Part:
        """Make a part of another object's bytes, from the first of *span* to before the second.

        Raises:
            UploadGoneError: somebody ended the upload.
        """
        with self._explained(f"copying {source.key} to part {number} of {key}"):
            answer = self._client.upload_part_copy(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload,
                PartNumber=number,
                CopySource={"Bucket": source.bucket or self._bucket, "Key": source.key},
                CopySourceIfMatch=source.etag,
                CopySourceRange=f"bytes={span[0]}-{span[1] - 1}",
            )
        result = answer["CopyPartResult"]
        return Part(number, result["ETag"], result.get("ChecksumCRC32"))

    def end(self, key: str, upload: str, parts: Iterable[Part], *, new: bool) -> None:
        """Make an object of an upload's parts.

        Raises:
            UploadGoneError: somebody ended the upload.
            ChangedError: something lies there, though it was to be new.
        """
        listed = [
            {"PartNumber": part.number, "ETag": part.etag}
            | ({"ChecksumCRC32": part.crc32} if part.crc32 else {})
            for part in sorted(parts, key=lambda part: part.number)
        ]
        with self._explained(f"completing {key}"):
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload,
                MultipartUpload={"Parts": listed},
                **only_if(new),
            )

    def abort(self, key: str, upload: str) -> None:
        """Drop an upload and its parts; one that is gone already is fine."""
        try:
            with self._explained(f"aborting {key}"):
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload)
        except UploadGoneError:
            return

    def abort_all(self, prefix: str) -> int:
        """Drop all uploads below *prefix*, and return how many there were."""
        uploads = [
            (item["Key"], item["UploadId"])
            for page in self._pages(prefix)
            for item in page.get("Uploads", [])
        ]
        for key, upload in uploads:
            self.abort(key, upload)
        return len(uploads)

    def _pages(self, prefix: str) -> Iterator[dict[str, Any]]:
        with self._explained(f"listing the uploads of {prefix}"):
            paginator = self._client.get_paginator("list_multipart_uploads")
            yield from paginator.paginate(Bucket=self._bucket, Prefix=prefix)

    def _explained(self, what: str) -> AbstractContextManager[None]:
        return explained(f"s3://{self._bucket}: {what}")


def checksum(body: bytes | bytearray) -> str:
    """Return the CRC-32 of *body* as S3 wants it."""
    return base64.b64encode(crc32(body).to_bytes(4, "big")).decode()


def tagging(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the argument that gives an object its tags; none without any."""
    return {"Tagging": urlencode(tags)} if tags else {}


def only_if(new: bool) -> dict[str, str]:
    """Return the condition that nothing may lie where an object is written."""
    return {"IfNoneMatch": "*"} if new else {}
