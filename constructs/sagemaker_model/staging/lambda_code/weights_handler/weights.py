"""The life of a staged prefix: asked for, waited for, and deleted when nothing reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .answers import DONE, NOT_YET, Answer, StagingError
from .bucket import Bucket
from .builds import Build, Builds
from .request import Place, Request, place_of
from .staged import TOMBSTONE, is_manifest, read_json, reason_of_failure

PATIENCE = 55 * 60
"""Seconds: CloudFormation waits an hour for a custom resource and then says nothing of use."""
_SKEW = 5
"""Seconds by which two of AWS's clocks may differ."""
_GIB = 1024**3
_LEFT = "rolled-back.manifest"


class Weights:
    """Answers what is asked of one staged prefix.

    Args:
        s3: boto3's S3 client.
        codebuild: boto3's CodeBuild client.
        rolls_back: Says whether the stack undoes a deployment that failed.
        now: Tells seconds since 1970.
        time_up: Says whether this call should end, and the next one go on.
    """

    def __init__(
        self,
        s3: Any,
        codebuild: Any,
        *,
        rolls_back: Callable[[], bool],
        now: Callable[[], float],
        time_up: Callable[[], bool],
    ) -> None:
        self._s3 = s3
        self._codebuild = codebuild
        self._rolls_back = rolls_back
        self._now = now
        self._time_up = time_up

    def is_complete(self, request: Request) -> Answer:
        """Say whether what was asked for is done; go on with it where it is not.

        Raises:
            StagingError: It can't be done; the message says why, and what to do.
        """
        place = place_of(request.own_id)
        if place is None:
            if request.kind == "Delete":
                return self._give_up(request)
            raise StagingError(
                f"{request.own_id} is no staged prefix: give a Prefix of three parts or more, "
                "with a slash at its end"
            )
        bucket = Bucket(self._s3, place.bucket)
        builds = Builds(self._codebuild, request.properties["Project"], place.uri)
        if request.kind == "Delete":
            return self._delete(request, place, bucket, builds)
        return _finished(bucket, place) or self._go_on(request, place, bucket, builds)

    def _give_up(self, request: Request) -> Answer:
        """Answer for an id that is none of ours: nothing was staged by it.

        CloudFormation makes one up where the stack is deleted before the creation is answered.
        """
        wanted = Place(request.properties["Bucket"], request.properties["Prefix"]).uri
        builds = Builds(self._codebuild, request.properties["Project"], wanted)
        return NOT_YET if _stop(builds) else DONE

    def _go_on(self, request: Request, place: Place, bucket: Bucket, builds: Builds) -> Answer:
        newest = builds.newest()
        runs = any(build.runs for build in newest)
        ended = [b for b in newest if b.started >= request.started_at - _SKEW and not b.runs]
        if ended and not runs:
            return _outcome(ended[0], place, bucket)
        if self._now() - request.started_at >= PATIENCE:
            raise StagingError(_too_long(place, bucket, runs=runs))
        if not runs:
            builds.start(request.request_id)
        return NOT_YET

    def _delete(self, request: Request, place: Place, bucket: Bucket, builds: Builds) -> Answer:
        if request.properties.get("Retain") == "true":
            return DONE
        if _stop(builds):
            return NOT_YET  # until they have ended, so that none finishes the prefix behind us
        if read_json(bucket, place.beside("manifest")) is None:
            return DONE  # unfinished files expire by themselves, or a retry goes on with them
        if self._rolls_back():
            return self._leave_for_a_retry(place, bucket)
        return self._delete_finished(place, bucket)

    def _leave_for_a_retry(self, place: Place, bucket: Bucket) -> Answer:
        """Make finished files unfinished: they expire, unless the next deployment needs them."""
        manifest = read_json(bucket, place.beside("manifest"))
        if manifest is not None and is_manifest(manifest):
            # Builds of other prefixes find the files by it, after a change of code for example.
            bucket.write(place.beside(_LEFT), manifest)
        bucket.write(place.beside("manifest"), TOMBSTONE)
        if not all(
            bucket.let_expire(below, self._time_up)
            for below in (place.beside(_LEFT), place.beside("plan"), place.prefix)
        ):
            return NOT_YET
        bucket.delete_keys(place.beside("manifest"))
        return DONE

    def _delete_finished(self, place: Place, bucket: Bucket) -> Answer:
        bucket.write(place.beside("manifest"), TOMBSTONE)
        if not bucket.delete(place.prefix, self._time_up):
            return NOT_YET
        bucket.abort_uploads(place.prefix)
        bucket.delete_keys(*(place.beside(kind) for kind in ("plan", "error", _LEFT)))
        bucket.delete_keys(place.beside("manifest"))
        return DONE


def _stop(builds: Builds) -> bool:
    """Stop the builds that run; return whether there are such."""
    running = [build for build in builds.newest() if build.runs]
    for build in running:
        builds.stop(build)
    return bool(running)


def _finished(bucket: Bucket, place: Place) -> Answer | None:
    manifest = read_json(bucket, place.beside("manifest"))
    if manifest is None or not is_manifest(manifest):
        return None
    return {"IsComplete": True, "Data": _attributes(place, manifest)}


def _attributes(place: Place, manifest: Mapping[str, Any]) -> dict[str, str]:
    files = manifest.get("files", ())
    return {
        "ManifestUri": f"s3://{place.bucket}/{place.beside('manifest')}",
        "Files": str(len(files)),
        "Bytes": str(sum(int(file["size"]) for file in files)),
    }


def _outcome(build: Build, place: Place, bucket: Bucket) -> Answer:
    """Answer as the newest build ended."""
    if build.status == "SUCCEEDED":
        # It may have ended just after its manifest was looked for.
        finished = _finished(bucket, place)
        if finished is not None:
            return finished
        reason = "it ended well, but wrote no manifest; deploy again"
    else:
        told = reason_of_failure(bucket, place.beside("error"), build.started)
        reason = told or build.reason or "no reason is known"
    raise StagingError(f"the build of {place.uri} is {build.status}: {reason}", build.log)


def _too_long(place: Place, bucket: Bucket, *, runs: bool) -> str:
    staged = bucket.size(place.prefix) / _GIB
    idle = (
        ""
        if runs
        else "No build of it runs: if CodeBuild takes none, have its quota of concurrent builds "
        "raised. "
    )
    return (
        f"after {PATIENCE // 60} minutes {staged:.1f} GiB are staged below {place.uri}, and "
        f"CloudFormation waits no longer than an hour. {idle}Deploy again: that goes on from "
        "there where the bucket outlives this failure, as an ArtifactStore in a stack of its own "
        "does"
    )
