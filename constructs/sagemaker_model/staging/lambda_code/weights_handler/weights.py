"""The life of a staged prefix: asked for, waited for, and deleted when nothing reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .bucket import Bucket
from .builds import Build, Builds
from .request import Place, Request, place_of

PATIENCE = 55 * 60
"""Seconds: CloudFormation waits an hour for a custom resource and then says nothing of use."""
_SKEW = 5
"""Seconds by which two of AWS's clocks may differ."""
_LONGEST_MESSAGE = 1500
"""Characters: a response to CloudFormation holds 4 KB."""
_GIB = 1024**3
TOMBSTONE = {"deleting": True}
Answer = Mapping[str, Any]
_DONE: Answer = {"IsComplete": True}
_NOT_YET: Answer = {"IsComplete": False}


class Weights:
    """Answers what is asked of one staged prefix.

    Args:
        s3: boto3's S3 client.
        codebuild: boto3's CodeBuild client.
        now: Tells seconds since 1970.
        time_up: Says whether this call should end, and the next one go on.
    """

    def __init__(
        self, s3: Any, codebuild: Any, *, now: Callable[[], float], time_up: Callable[[], bool]
    ) -> None:
        self._s3 = s3
        self._codebuild = codebuild
        self._now = now
        self._time_up = time_up

    def is_complete(self, request: Request) -> Answer:
        """Say whether what was asked for is done; go on with it where it is not.

        Raises:
            RuntimeError: It can't be done; the message says why, and what to do.
        """
        place = place_of(request.own_id)
        if place is None:
            if request.kind == "Delete":
                return _DONE  # nothing of ours: its creation failed before there was a name
            raise RuntimeError(f"{request.own_id} is no staged prefix")
        builds = Builds(self._codebuild, request.properties["Project"], place.uri)
        bucket = Bucket(self._s3, place.bucket)
        if request.kind == "Delete":
            return self._delete(request, place, bucket, builds)
        return self._stage(request, place, bucket, builds)

    def _stage(self, request: Request, place: Place, bucket: Bucket, builds: Builds) -> Answer:
        manifest = _finished_manifest(bucket, place)
        if manifest is not None:
            return {"IsComplete": True, "Data": _attributes(place, manifest)}
        newest = builds.newest()
        if newest is not None and not any(build.runs for build in newest):
            ended = [b for b in newest if b.started >= request.started_at - _SKEW]
            if ended:
                raise RuntimeError(_failure(ended[0], place, bucket))
            builds.start(request.request_id)
        if self._now() - request.started_at > PATIENCE:
            raise RuntimeError(_too_long(place, bucket))
        return _NOT_YET

    def _delete(self, request: Request, place: Place, bucket: Bucket, builds: Builds) -> Answer:
        if request.properties.get("Retain") == "true":
            return _DONE
        if self._still_runs(builds):
            return _NOT_YET
        found = bucket.read(place.beside("manifest"))
        if found is None:
            return _DONE  # unfinished files expire by themselves, or a retry goes on with them
        # From here on nothing looks finished, however often this is interrupted.
        bucket.write(place.beside("manifest"), TOMBSTONE)
        if not bucket.delete(place.prefix, self._time_up):
            return _NOT_YET
        bucket.abort_uploads(place.prefix)
        bucket.delete_keys(place.beside("plan"), place.beside("error"))
        bucket.delete_keys(place.beside("manifest"))
        return _DONE

    def _still_runs(self, builds: Builds) -> bool:
        """Stop what still stages the prefix, so that nothing finishes it behind our back."""
        newest = builds.newest()
        running = [build for build in newest or () if build.runs]
        for build in running:
            builds.stop(build)
        return newest is None or bool(running)


def _finished_manifest(bucket: Bucket, place: Place) -> dict[str, Any] | None:
    found = bucket.read(place.beside("manifest"))
    return found[0] if found and "fingerprint" in found[0] else None


def _attributes(place: Place, manifest: Mapping[str, Any]) -> dict[str, str]:
    files = manifest.get("files", ())
    return {
        "ManifestUri": f"s3://{place.bucket}/{place.beside('manifest')}",
        "Files": str(len(files)),
        "Bytes": str(sum(int(file["size"]) for file in files)),
    }


def _failure(build: Build, place: Place, bucket: Bucket) -> str:
    if build.status == "SUCCEEDED":
        reason = f"the build ended well, but {place.uri} has no manifest; deploy again"
    else:
        reason = _told(build, place, bucket) or build.reason or "no reason is known"
    message = f"The build of {place.uri} is {build.status}: {reason}"
    return f"{message[:_LONGEST_MESSAGE]} (log: {build.log or build.id})"


def _told(build: Build, place: Place, bucket: Bucket) -> str:
    """Return what the staging program says of its failure, if it was this build that failed."""
    found = bucket.read(place.beside("error"))
    return str(found[0].get("error", "")) if found and found[1] >= build.started else ""


def _too_long(place: Place, bucket: Bucket) -> str:
    staged = bucket.size(place.prefix) / _GIB
    return (
        f"After {PATIENCE // 60} minutes {staged:.1f} GiB are staged below {place.uri}; "
        "CloudFormation waits no longer than an hour. The build goes on. Deploy again: what is "
        "staged is not moved again, where the bucket outlives this failure (an ArtifactStore in a "
        "stack of its own does)"
    )
