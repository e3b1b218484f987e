"""A manifest of files that somebody else has staged."""

from __future__ import annotations

import hashlib
from typing import Any

from botocore.exceptions import ClientError

from .answers import DONE, Answer, StagingError, code_of
from .bucket import Bucket
from .request import Request
from .staged import is_manifest, parse

_DENIED = frozenset({"AccessDenied", "403"})


class Manifest:
    """Sees that a manifest is there, and the right one, before an endpoint reads its files.

    Args:
        s3: boto3's S3 client.
    """

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def is_complete(self, request: Request) -> Answer:
        """Say so at once.

        Raises:
            StagingError: The manifest is not there, is none, or is another.
        """
        if request.kind == "Delete":
            return DONE
        uri = request.properties["ManifestUri"]
        text = self._read(uri)
        if text is None or not is_manifest(parse(text)):
            raise StagingError(
                f"{uri} is not there, or this account may not read it: deploy what stages the "
                "files first, and see that the policies of its bucket and key let this account in"
            )
        wanted, got = request.properties.get("Sha256"), hashlib.sha256(text).hexdigest()
        if wanted and wanted != got:
            raise StagingError(
                f"{uri} has the SHA-256 {got}, not {wanted}: other files were staged; look at "
                "what changed, and give the new digest if it is what you want"
            )
        return DONE

    def _read(self, uri: str) -> bytes | None:
        name, _, key = uri.removeprefix("s3://").partition("/")
        try:
            found = Bucket(self._s3, name).read(key)
        except ClientError as error:
            # S3 says so too of what is not there, to those who may not list the bucket.
            if code_of(error) in _DENIED:
                return None
            raise
        return found[0] if found else None
