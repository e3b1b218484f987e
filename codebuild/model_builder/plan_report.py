"""A plan as JSON data, for people and for other programs."""

from __future__ import annotations

from collections.abc import Mapping

from model_builder import beside
from model_builder.plan import (
    ARCHIVE,
    FromFolder,
    FromHub,
    FromStore,
    InPlace,
    Plan,
    PlannedFile,
)


def describe(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON data."""
    return {
        "destination": f"s3://{plan.bucket}/{plan.prefix}" + (ARCHIVE if plan.archive else ""),
        "manifest": f"s3://{plan.bucket}/{beside.manifest_key(plan.prefix)}",
        "fingerprint": plan.fingerprint,
        "models": [
            {
                "model_id": snapshot.model.model_id,
                "revision": snapshot.model.revision,
                "commit": snapshot.commit,
            }
            for snapshot in plan.snapshots
        ],
        "size": plan.size,
        "reuses": _uri(plan.head.archive, plan) if plan.head else None,
        "archive": _uri(plan.given.source, plan) if plan.given else None,
        "compute_type": compute_type_for(plan.size),
        "files": [_describe_file(file, plan) for file in plan.files],
    }


def _describe_file(file: PlannedFile, plan: Plan) -> Mapping[str, object]:
    step = {FromHub: "fetch", FromFolder: "upload", FromStore: "copy", InPlace: "keep"}
    source = {"from": _uri(file.source, plan)} if isinstance(file.source, FromStore) else {}
    return {
        "path": file.path,
        "size": file.size,
        "digest": file.identity,
        "step": step[type(file.source)],
        **source,
    }


def _uri(source: FromStore, plan: Plan) -> str:
    return f"s3://{source.bucket or plan.bucket}/{source.key}"


def compute_type_for(size: int) -> str:
    """Return the CodeBuild compute type whose network suits *size* bytes.

    Memory needs no thought: a run takes the same for any model.

    >>> compute_type_for(2 * 1024**3), compute_type_for(140 * 1024**3)
    ('BUILD_GENERAL1_SMALL', 'BUILD_GENERAL1_LARGE')
    """
    gib = size / 1024**3
    if gib < 10:  # noqa: PLR2004
        return "BUILD_GENERAL1_SMALL"
    return "BUILD_GENERAL1_MEDIUM" if gib < 60 else "BUILD_GENERAL1_LARGE"  # noqa: PLR2004
