"""A build's sources: archives in S3, unpacked into folders.

Source: "Build specification reference for CodeBuild", section "Buildspec file name and storage
location"; API reference of ProjectSource,
https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectSource.html
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from botocore.exceptions import ClientError

from .failures import PhaseError
from .service_role import ServiceRole, told_by

_ARN = "arn:aws:s3:::"
_DEFAULT_BUILDSPEC = "buildspec.yml"
_ALL_BITS = 0o7777


@dataclass(frozen=True)
class S3Object:
    """An object in S3.

    Args:
        bucket: Its bucket.
        key: Its key.
        version: Version of the object; None is the newest.
    """

    bucket: str
    key: str
    version: str | None = None

    @classmethod
    def of(cls, location: str, version: str | None = None) -> Self:
        """Read ``bucket/key``, also as an ARN.

        Args:
            location: Where the object is.
            version: Version of the object. Default: the newest.
        """
        bucket, _, key = location.removeprefix(_ARN).partition("/")
        return cls(bucket, key, version)

    @property
    def arn(self) -> str:
        """The object's ARN."""
        return f"{_ARN}{self.bucket}/{self.key}"


@dataclass(frozen=True)
class Source:
    """A source of a build.

    Args:
        name: Its identifier; empty for the primary source.
        archive: Where its files are; None where it has none.
    """

    name: str
    archive: S3Object | None

    def variables(self, folder: Path) -> dict[str, str]:
        """Return the variables that tell commands of it.

        Args:
            folder: Where its files lie.
        """
        end = f"_{self.name}" if self.name else ""
        told = {f"CODEBUILD_SRC_DIR{end}": str(folder)}
        if self.archive is not None:
            told[f"CODEBUILD_SOURCE_REPO_URL{end}"] = f"{self.archive.bucket}/{self.archive.key}"
            told[f"CODEBUILD_SOURCE_VERSION{end}"] = self.archive.version or self.archive.arn
        return told


def sources_of(build: Mapping[str, Any]) -> list[Source]:
    """Return a build's sources, the primary one first.

    Args:
        build: The build's record, as the API has it.

    Raises:
        PhaseError: One is of a type that can't be fetched here.
    """
    versions = {
        each["sourceIdentifier"]: each["sourceVersion"]
        for each in build.get("secondarySourceVersions", ())
    }
    primary = _source("", build["source"], build.get("sourceVersion"))
    return [
        primary,
        *(
            _source(each["sourceIdentifier"], each, versions.get(each["sourceIdentifier"]))
            for each in build.get("secondarySources", ())
        ),
    ]


def unpack(source: Source, folder: Path, role: ServiceRole) -> None:
    """Bring a source's files to a folder.

    Args:
        source: The source.
        folder: An empty folder.
        role: Reads the archive, and nothing beside it.

    Raises:
        PhaseError: The archive can't be read, or is none.
    """
    if source.archive is None:
        return
    file = folder.with_name(f"{folder.name}.zip")
    try:
        _download(source.archive, file, role)
        with zipfile.ZipFile(file) as archive:
            for each in archive.infolist():
                _extract(archive, each, folder)
    except (ClientError, zipfile.BadZipFile) as error:
        told = told_by(error) if isinstance(error, ClientError) else f"no ZIP archive: {error}"
        which = f"{'source ' + source.name if source.name else 'primary source'}"
        raise PhaseError(
            "CLIENT_ERROR", f"{told} for {which} and source version {source.archive.arn}"
        ) from None
    finally:
        file.unlink(missing_ok=True)


def read_buildspec(told: str | None, folder: Path, role: ServiceRole) -> str:
    """Return the text of the buildspec.

    Args:
        told: The text itself, its path in the primary source, or the ARN of an object in S3.
            Default, with None or nothing: ``buildspec.yml``.
        folder: Where the primary source lies.
        role: Reads the object.

    Raises:
        PhaseError: There is none.
    """
    if told and _is_text(told):
        return told
    file = folder / (told or _DEFAULT_BUILDSPEC)
    try:
        if told and told.startswith(_ARN):
            file = folder.with_name("buildspec.yml")
            _download(S3Object.of(told), file, role)
        return file.read_text(encoding="utf-8")
    except (ClientError, OSError) as error:
        why = told_by(error) if isinstance(error, ClientError) else "YAML file does not exist"
        raise PhaseError(
            "YAML_FILE_ERROR", f"{why}: the buildspec is {told or _DEFAULT_BUILDSPEC}"
        ) from None


def _is_text(told: str) -> bool:
    return "\n" in told or told.lstrip().startswith(("{", "version:"))


def _source(name: str, data: Mapping[str, Any], version: str | None) -> Source:
    kind = data.get("type", "NO_SOURCE")
    if kind == "NO_SOURCE":
        return Source(name, None)
    location = S3Object.of(data.get("location", ""), version or None)
    if kind != "S3" or not location.key or location.key.endswith("/"):
        raise PhaseError(
            "CLIENT_ERROR",
            f"the local CodeBuild fetches ZIP archives in S3 (bucket/key.zip) alone, got "
            f"{kind} {data.get('location')}",
        )
    return Source(name, location)


def _download(told: S3Object, file: Path, role: ServiceRole) -> None:
    role.download(told.bucket, told.key, told.version, file)


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    path = Path(archive.extract(member, folder))
    mode = member.external_attr >> 16 & _ALL_BITS
    if mode and not member.is_dir():
        path.chmod(mode)
