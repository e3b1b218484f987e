"""A manifest of files that somebody else has staged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .bucket import Bucket
from .request import Request


class Manifest:
    """Sees that a manifest is there, and the right one, before an endpoint reads its files.

    Args:
        s3: boto3's S3 client.
    """

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def is_complete(self, request: Request) -> Mapping[str, Any]:
        """Say so at once.

        Raises:
            RuntimeError: The manifest is not there, is none, or is another.
        """
        if request.kind == "Delete":
            return {"IsComplete": True}
        uri = request.properties["ManifestUri"]
        name, _, key = uri.removeprefix("s3://").partition("/")
        text = Bucket(self._s3, name).content(key)
        if text is None or b'"fingerprint"' not in text:
            raise RuntimeError(
                f"{uri} is not there, or not yet: deploy what stages the files first, and see "
                "that its bucket lets this account read"
            )
        wanted, got = request.properties.get("Sha256"), hashlib.sha256(text).hexdigest()
        if wanted and wanted != got:
            raise RuntimeError(
                f"{uri} has the SHA-256 {got}, not {wanted}: other files were staged; look at "
                "what changed, and give the new digest if it is what you want"
            )
        return {"IsComplete": True}
