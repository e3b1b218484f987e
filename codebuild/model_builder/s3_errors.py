"""What S3's refusals mean, in words that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from model_builder.connections import describe
from model_builder.errors import StagingError

_FIXES = {
    "NoSuchBucket": "make the bucket, or mend DESTINATION",
    "AccessDenied": "let the role do this on the bucket, and use the bucket's key",
    "PreconditionFailed": "the object changed meanwhile; run again",
}


class AbsentError(StagingError):
    """There is no such object."""


class DeniedError(StagingError):
    """The role may not do this."""


class ChangedError(StagingError):
    """An object is not in the state that was asked for: new, or as it was looked at."""


class UploadGoneError(StagingError):
    """A multipart upload does not exist, or no longer."""


_KINDS = {
    **dict.fromkeys(("404", "NoSuchKey", "NotFound"), AbsentError),
    **dict.fromkeys(("403", "AccessDenied"), DeniedError),
    **dict.fromkeys(("412", "PreconditionFailed", "ConditionalRequestConflict"), ChangedError),
    "NoSuchUpload": UploadGoneError,
}


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn what boto3 raises into errors of this program.

    Args:
        what: What is being done, with the bucket.

    Raises:
        StagingError: S3 refused, or did not answer.
    """
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        message = f"{what}: {code or error}: {_FIXES.get(code, 'run again')}"
        raise _KINDS.get(code, StagingError)(message) from error
    except (BotoCoreError, OSError) as error:
        raise StagingError(f"{what}: {describe(error)}") from error
    except Exception as error:
        # A body breaks off with what urllib3 raises.
        if not type(error).__module__.startswith("urllib3"):
            raise
        raise StagingError(f"{what}: {describe(error)}") from error
