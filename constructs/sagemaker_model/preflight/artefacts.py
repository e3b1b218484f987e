"""Ask whether the files in S3 are a model, by the very rules of the staging program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from sagemaker_model.aws import Aws
from sagemaker_model.preflight.question import Answer, Outcome, Question
from sagemaker_model.staging.bundled import staging_program

_MISSING = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound"})
_GONE = "give the address of the files, in a bucket that exists"


def weights_of(aws: Aws, question: Question) -> Answer:
    """Ask whether an archive, or files that make a model, lie in S3.

    Args:
        aws: The AWS that is asked.
        question: Their address.

    Raises:
        ClientError: They may not be looked at.
    """
    bucket, _, key = question.subject.removeprefix("s3://").partition("/")
    client = aws.client("s3", question.region)
    try:
        if not key.endswith("/"):
            size = client.head_object(Bucket=bucket, Key=key)["ContentLength"]
            return Answer(Outcome.OK, f"is there, {size:,} bytes")
        return _prefix(client, bucket, key)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in _MISSING:
            raise
        return Answer(Outcome.FAILS, "is not there", _GONE)


def _prefix(client: Any, bucket: str, prefix: str) -> Answer:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    sizes = {
        each["Key"].removeprefix(prefix): each["Size"]
        for page in pages
        for each in page.get("Contents", [])
        if each["Key"] != prefix
    }
    if not sizes:
        return Answer(Outcome.FAILS, "nothing lies below it", _GONE)
    broken = _broken(client, bucket, prefix, sizes)
    if broken:
        return Answer(Outcome.FAILS, "; ".join(broken), "mend the files; docs/weights.md")
    return Answer(Outcome.OK, f"{len(sizes)} files, {sum(sizes.values()):,} bytes")


def _broken(client: Any, bucket: str, prefix: str, sizes: Mapping[str, int]) -> list[str]:
    """Return the rules that stop a container from loading the files."""
    with staging_program():
        from model_builder.artefact_rules import Artefacts, broken_rules, read_for_rules
    texts = {
        name: client.get_object(Bucket=bucket, Key=prefix + name)["Body"].read()
        for name in sizes
        if read_for_rules(name)
    }
    found = broken_rules(Artefacts(sizes, tuple(sizes), texts))
    return [str(each) for each in found if each.stops]
