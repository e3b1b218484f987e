"""Model data: what SageMaker lays out in the model folder, and what it refuses."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from pathlib import Path

import pytest

from local.serving.conftest import BUCKET, Storage, archive
from sagemaker_model.local.serving.answers import ServingError
from sagemaker_model.local.serving.container import ContainerDefinition, ModelData
from sagemaker_model.local.serving.model_data import discard, fetch, paths_of


def lay_out(storage: Storage, folder: Path, uri: str, *, packed: bool = False) -> dict[str, bytes]:
    """Fetch model data and return the files by path."""
    model = folder / "model"
    fetch(ModelData(uri, packed), model, cache=folder.parent / "cache", aws=storage.aws)
    files = [path for path in model.rglob("*") if path.is_file()]
    return {path.relative_to(model).as_posix(): path.read_bytes() for path in files}


def test_a_model_data_url_names_an_archive() -> None:
    container = ContainerDefinition.from_request({"Image": "i", "ModelDataUrl": "s3://b/k"}, "v")

    assert container.model_data == ModelData("s3://b/k", archive=True)


def test_a_data_source_is_an_archive_only_where_it_is_compressed() -> None:
    def read(compression: str) -> ModelData | None:
        source = {"S3Uri": "s3://b/k/", "CompressionType": compression}
        request = {"Image": "i", "ModelDataSource": {"S3DataSource": source}}
        return ContainerDefinition.from_request(request, "v").model_data

    assert read("None") == ModelData("s3://b/k/", archive=False)
    assert read("Gzip") == ModelData("s3://b/k/", archive=True)


def test_a_container_without_model_data_finds_an_empty_folder(tmp_path: Path) -> None:
    fetch(None, tmp_path / "model", cache=tmp_path / "cache", aws={})

    assert list((tmp_path / "model").iterdir()) == []


def test_objects_below_a_prefix_lie_at_the_rest_of_their_keys(
    storage: Storage, tmp_path: Path
) -> None:
    files = {"config.json": b"{}", "code/inference.py": b"pass", "a b/ü.bin": b"\0" * 3}
    storage.put(files, "model/")
    storage.put({"x": b"another model's"}, "model-2/")

    assert lay_out(storage, tmp_path / "1", f"s3://{BUCKET}/model/") == files


def test_one_object_has_the_last_part_of_its_key_as_its_name(
    storage: Storage, tmp_path: Path
) -> None:
    storage.put({"deep/model.bin": b"weights"}, "model/")

    laid = lay_out(storage, tmp_path / "1", f"s3://{BUCKET}/model/deep/model.bin")

    assert laid == {"model.bin": b"weights"}


def test_an_archive_is_unpacked(storage: Storage, tmp_path: Path) -> None:
    files = {"config.json": b"{}", "code/inference.py": b"pass"}
    uri = storage.put({"model.tar.gz": archive(files)}, "model/")

    assert lay_out(storage, tmp_path / "1", f"{uri}model.tar.gz", packed=True) == files


def test_an_archive_of_several_gzip_members_is_unpacked_whole(
    storage: Storage, tmp_path: Path
) -> None:
    tar = gzip.decompress(archive({"a": b"1" * 2000, "b": b"2"}))
    members = b"".join(gzip.compress(tar[at : at + 700]) for at in range(0, len(tar), 700))
    uri = storage.put({"model.tar.gz": members}, "model/")

    laid = lay_out(storage, tmp_path / "1", f"{uri}model.tar.gz", packed=True)

    assert laid == {"a": b"1" * 2000, "b": b"2"}


def test_an_archive_that_leaves_the_folder_is_refused(storage: Storage, tmp_path: Path) -> None:
    uri = storage.put({"model.tar.gz": archive({"../outside": b"x"})}, "model/")

    with pytest.raises(ServingError, match="outside the destination"):
        lay_out(storage, tmp_path / "1", f"{uri}model.tar.gz", packed=True)

    assert not (tmp_path / "1" / "outside").exists()


def test_an_absolute_path_in_an_archive_stays_inside(storage: Storage, tmp_path: Path) -> None:
    uri = storage.put({"model.tar.gz": archive({"/etc/inside": b"x"})}, "model/")

    laid = lay_out(storage, tmp_path / "1", f"{uri}model.tar.gz", packed=True)

    assert laid == {"etc/inside": b"x"}


def test_an_archive_with_a_symbolic_link_is_refused(storage: Storage, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo("weights.bin")
        member.type, member.linkname = tarfile.SYMTYPE, "blob"
        tar.addfile(member)
    uri = storage.put({"model.tar.gz": packed.getvalue()}, "model/")

    with pytest.raises(ServingError, match=r"'weights\.bin' is a symbolic link"):
        lay_out(storage, tmp_path / "1", f"{uri}model.tar.gz", packed=True)


@pytest.mark.parametrize("content", [b"no archive", gzip.compress(b"no tar", mtime=0), b""])
def test_what_is_no_archive_is_told_as_sagemaker_tells_it(
    storage: Storage, tmp_path: Path, content: bytes
) -> None:
    uri = storage.put({"model.tar.gz": content}, "model/")

    told = 'Failed to extract model data archive for container "container_1" from URL "s3://'
    with pytest.raises(ServingError, match=re.escape(told)):
        lay_out(storage, tmp_path / "1", f"{uri}model.tar.gz", packed=True)


@pytest.mark.parametrize(
    ("uri", "packed"),
    [
        (f"s3://{BUCKET}/nothing/", False),
        (f"s3://{BUCKET}/nothing.bin", False),
        (f"s3://{BUCKET}/nothing.tar.gz", True),
        ("s3://no-such-bucket/nothing/", False),
    ],
)
def test_model_data_that_are_not_there_are_told_as_sagemaker_tells_it(
    storage: Storage, tmp_path: Path, uri: str, packed: bool
) -> None:
    told = f'Failed to download model data for container "container_1" from URL: "{uri}". Please'
    with pytest.raises(ServingError, match=re.escape(told)):
        lay_out(storage, tmp_path / "1", uri, packed=packed)


@pytest.mark.parametrize("asked", ["GET /weights.*list-type", "GET /weights/m"])
def test_a_role_that_may_not_read_them_is_refused(
    storage: Storage, tmp_path: Path, asked: str
) -> None:
    uri = storage.put({"config.json": b"denied to this role"})
    storage.control({"match": asked, "times": 9, "status": 403, "code": "AccessDenied"})

    with pytest.raises(
        ServingError, match=r"has permissions to download the object\. .*AccessDenied"
    ):
        lay_out(storage, tmp_path / "1", uri)


def test_a_role_that_lost_its_permission_is_refused_what_was_fetched_before(
    storage: Storage, tmp_path: Path
) -> None:
    uri = storage.put({"config.json": b"fetched before"})
    lay_out(storage, tmp_path / "1", uri)
    storage.control({"match": "HEAD /weights/model", "times": 9, "status": 403})

    with pytest.raises(ServingError, match="403"):
        lay_out(storage, tmp_path / "2", uri)


def test_an_object_that_could_not_be_fetched_leaves_nothing(
    storage: Storage, tmp_path: Path
) -> None:
    uri = storage.put({"config.json": b"never fetched"})
    storage.control({"match": "GET /weights/model", "times": 9, "status": 403})

    with pytest.raises(ServingError, match="Failed to download model data"):
        lay_out(storage, tmp_path / "1", uri)

    assert list((tmp_path / "cache").iterdir()) == []


def test_equal_objects_are_fetched_once(storage: Storage, tmp_path: Path) -> None:
    files = {"weights.bin": b"equal weights" * 1000}
    lay_out(storage, tmp_path / "1", storage.put(files, "first/"))
    storage.control()

    assert lay_out(storage, tmp_path / "2", storage.put(files, "second/")) == files

    assert not [each for each in storage.requests() if "GET /weights/second/" in each]


def test_what_a_model_s_code_has_changed_is_fetched_again(storage: Storage, tmp_path: Path) -> None:
    uri = storage.put({"weights.bin": b"weights to change"})
    lay_out(storage, tmp_path / "1", uri)
    changed = tmp_path / "1" / "model" / "weights.bin"
    changed.chmod(0o644)
    changed.write_bytes(b"weights to CHANGE")

    assert lay_out(storage, tmp_path / "2", uri) == {"weights.bin": b"weights to change"}


def test_nobody_may_write_to_the_model_folder(storage: Storage, tmp_path: Path) -> None:
    lay_out(storage, tmp_path / "1", storage.put({"code/inference.py": b"pass"}))

    laid = [tmp_path / "1" / "model", *(tmp_path / "1" / "model").rglob("*")]

    assert [path for path in laid if path.stat().st_mode & 0o222] == []


def test_a_model_folder_can_be_deleted_all_the_same(storage: Storage, tmp_path: Path) -> None:
    lay_out(storage, tmp_path / "1", storage.put({"code/inference.py": b"pass"}))

    discard(tmp_path / "1" / "model")
    discard(tmp_path / "1" / "model")

    assert not (tmp_path / "1" / "model").exists()


@pytest.mark.parametrize("key", ["m/code/", "m/a//b", "m/./a", "m/../a", "m/" + "ü" * 128])
def test_a_key_that_makes_no_file_name_is_refused(key: str) -> None:
    with pytest.raises(ServingError, match="makes no file name"):
        paths_of("m/", ["m/config.json", key])


def test_a_key_that_is_a_file_and_a_folder_is_refused() -> None:
    with pytest.raises(ServingError, match="'m/weights' and others below 'm/weights/'"):
        paths_of("m/", ["m/weights", "m/weights/part1"])
