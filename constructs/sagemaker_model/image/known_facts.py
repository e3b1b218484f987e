"""What is known of an image, wherever it is pulled from."""

from __future__ import annotations

import re

from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.table import ImageRecord, is_moving, records, try_find_image

# As AWS writes it, and as the SageMaker SDK reads it (sagemaker-serve, ModelBuilder).
_CUDA = re.compile(r"(?:^|-)cu(?P<major>\d\d)(?P<minor>\d)(?:-|$)")


def cuda_of_tag(tag: str | None) -> str | None:
    """Read the CUDA version out of a tag; None where it has none.

    >>> cuda_of_tag("0.30.0-gpu-py312-cu130-ubuntu24.04"), cuda_of_tag("1.0")
    ('13.0', None)
    """
    match = _CUDA.search(tag or "")
    return f"{match['major']}.{match['minor']}" if match else None


def facts_of_record(record: ImageRecord, *, engine: str | None) -> BoundImage:
    """Return the table's facts.

    Args:
        record: The table's row.
        engine: What serves in the image after the user's word, which then counts more than the
            table's; the version, being that of the table's engine, is left out with it.
    """
    versions = {other.version for other in records() if other.family == record.family}
    return BoundImage(
        uri="",
        pull=(),
        engine=engine or record.family,
        version=None if engine else record.version,
        processor=record.processor,
        cuda=record.cuda,
        architecture=record.architecture,
        listed=engine is None,
        mutable=is_moving(record.version, versions),
    )


def facts_of_tag(tag: str | None, engine: str | None, *, unlisted: str | None = None) -> BoundImage:
    """Return what the tag of an image outside the table tells.

    Args:
        tag: The tag, a digest, or None for the default tag.
        engine: What serves in the image after the user's word; None where nobody said.
        unlisted: The image's name where the table should have it.
    """
    return BoundImage(
        uri="",
        pull=(),
        engine=engine,
        cuda=cuda_of_tag(tag),
        mutable=tag in {None, "latest"},
        unlisted=unlisted,
    )


def facts_of_name(
    repository: str, tag: str | None, engine: str | None, *, of_aws: bool
) -> BoundImage:
    """Return the table's facts for a repository and tag, else what the tag tells.

    A copy in another registry counts as the image: only the last part of *repository* is compared.

    Args:
        repository: Name of the repository.
        tag: The tag; None for the default tag, or where there is a digest alone.
        engine: What serves in the image after the user's word; None where nobody said.
        of_aws: Whether the registry is AWS's, so that the table should have the image.
    """
    record = try_find_image(repository.rpartition("/")[2], tag or "")
    if record is None:
        return facts_of_tag(tag, engine, unlisted=f"{repository}:{tag}" if of_aws and tag else None)
    return facts_of_record(record, engine=engine)
