"""A build's sources."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from local.builds.cloud import Role, archive
from sagemaker_model.local.builds.failures import PhaseError
from sagemaker_model.local.builds.source import (
    S3Object,
    Source,
    read_buildspec,
    sources_of,
    unpack,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "one" / "source"
    made.mkdir(parents=True)
    return made


@pytest.mark.parametrize("location", ["assets/a/b.zip", "arn:aws:s3:::assets/a/b.zip"])
def test_an_object_is_named_by_bucket_and_key_or_its_arn(location: str) -> None:
    assert S3Object.of(location, "v1") == S3Object("assets", "a/b.zip", "v1")


def test_a_build_has_a_primary_source_and_others_with_versions() -> None:
    build: dict[str, Any] = {
        "source": {"type": "S3", "location": "assets/a.zip"},
        "sourceVersion": "v1",
        "secondarySources": [
            {"type": "S3", "location": "assets/b.zip", "sourceIdentifier": "code"},
            {"type": "S3", "location": "assets/c.zip", "sourceIdentifier": "ca"},
        ],
        "secondarySourceVersions": [{"sourceIdentifier": "ca", "sourceVersion": "v2"}],
    }

    assert sources_of(build) == [
        Source("", S3Object("assets", "a.zip", "v1")),
        Source("code", S3Object("assets", "b.zip")),
        Source("ca", S3Object("assets", "c.zip", "v2")),
    ]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            Source("", S3Object("b", "k.zip")),
            {
                "CODEBUILD_SRC_DIR": "/src",
                "CODEBUILD_SOURCE_REPO_URL": "b/k.zip",
                "CODEBUILD_SOURCE_VERSION": "arn:aws:s3:::b/k.zip",
            },
        ),
        (
            Source("code", S3Object("b", "k.zip", "v1")),
            {
                "CODEBUILD_SRC_DIR_code": "/src",
                "CODEBUILD_SOURCE_REPO_URL_code": "b/k.zip",
                "CODEBUILD_SOURCE_VERSION_code": "v1",
            },
        ),
        (Source("", None), {"CODEBUILD_SRC_DIR": "/src"}),
    ],
)
def test_commands_are_told_of_a_source(source: Source, told: dict[str, str]) -> None:
    assert source.variables(Path("/src")) == told


def test_files_keep_their_modes_and_the_archive_goes(folder: Path) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as made:
        for name, mode in (("run.sh", 0o755), ("deep/data.txt", 0o640)):
            member = zipfile.ZipInfo(name)
            member.external_attr = (stat.S_IFREG | mode) << 16
            made.writestr(member, "x")

    unpack(Source("", S3Object("b", "k")), folder, Role(objects={"b/k": body.getvalue()}))

    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.rglob("*") if p.is_file()}
    assert modes == {"run.sh": 0o755, "data.txt": 0o640}
    assert list(folder.parent.iterdir()) == [folder]


def test_no_file_of_an_archive_lands_outside_of_its_folder(folder: Path) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as made:
        made.writestr("../../outside.txt", "x")

    unpack(Source("", S3Object("b", "k")), folder, Role(objects={"b/k": body.getvalue()}))

    assert not (folder.parents[1] / "outside.txt").exists()
    assert (folder / "outside.txt").is_file()


def test_which_source_could_not_be_had_is_told(folder: Path) -> None:
    with pytest.raises(PhaseError, match="for source code and source version arn:aws:s3:::b/k"):
        unpack(Source("code", S3Object("b", "k")), folder, Role())


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (None, "in the source"),
        ("", "in the source"),
        ("ci/other.yml", "elsewhere in the source"),
        ("version: 0.2\nphases: {}", "version: 0.2\nphases: {}"),
        ('{"version": "0.2"}', '{"version": "0.2"}'),
        ("arn:aws:s3:::specs/build.yml", "in s3"),
    ],
)
def test_a_buildspec_is_told_inline_by_path_or_in_s3(
    folder: Path, told: str | None, text: str
) -> None:
    packed = archive(buildspec__yml="in the source", **{"ci/other__yml": "elsewhere in the source"})
    role = Role(objects={"b/k": packed, "specs/build.yml": b"in s3"})
    unpack(Source("", S3Object("b", "k")), folder, role)

    assert read_buildspec(told, folder, role) == text


@pytest.mark.parametrize("told", [None, "other.yml", "arn:aws:s3:::specs/none.yml"])
def test_a_buildspec_that_is_not_there_is_told(folder: Path, told: str | None) -> None:
    with pytest.raises(PhaseError, match=r"YAML_FILE_ERROR: .*: the buildspec is"):
        read_buildspec(told, folder, Role())
