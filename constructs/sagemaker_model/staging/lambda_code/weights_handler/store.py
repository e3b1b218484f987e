"""The end of a bucket that is deleted with its stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .bucket import Bucket
from .request import Request, bucket_of


class Store:
    """Empties a bucket when CloudFormation is about to delete it, and does nothing else.

    Args:
        s3: boto3's S3 client.
        time_up: Says whether this call should end, and the next one go on.
    """

    def __init__(self, s3: Any, *, time_up: Callable[[], bool]) -> None:
        self._s3 = s3
        self._time_up = time_up

    def is_complete(self, request: Request) -> Mapping[str, Any]:
        """Say whether the bucket is empty, on Delete; go on with it where it is not."""
        name = bucket_of(request.physical_id)
        if request.kind != "Delete" or name is None:
            return {"IsComplete": True}
        bucket = Bucket(self._s3, name)
        emptied = bucket.delete_versions(self._time_up)
        if emptied:
            bucket.abort_uploads()
        return {"IsComplete": emptied}
