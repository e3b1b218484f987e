"""The end of a bucket that is deleted with its stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .answers import DONE, NOT_YET, Answer
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

    def is_complete(self, request: Request) -> Answer:
        """Say whether the bucket is empty, on Delete; go on with it where it is not."""
        name = bucket_of(request.physical_id)
        if request.kind != "Delete" or name is None:
            return DONE
        bucket = Bucket(self._s3, name)
        if not bucket.delete_versions(self._time_up):
            return NOT_YET
        bucket.abort_uploads()
        return DONE
