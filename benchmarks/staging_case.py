"""One way of bringing a model to S3, run in a process of its own by ``staging.py``.

``python benchmarks/staging_case.py WAY MODEL_ID FOLDER``: the Hub is ``HF_ENDPOINT``, S3 is
``AWS_ENDPOINT_URL``, the bucket is ``bench``; FOLDER is a place on disk for ways that need one.
"""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BUCKET = "bench"
PART = 16 * 1024 * 1024
CONNECTIONS = int(os.environ.get("CONNECTIONS", "8"))


def download(model_id: str, folder: Path) -> Path:
    """Bring the model to disk, as the predecessor and most scripts do."""
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(model_id, local_dir=folder / "model", max_workers=8))


def predecessor(model_id: str, folder: Path) -> None:
    """Download, pack with tar and pigz, upload."""
    model = download(model_id, folder)
    archive = folder / "model.tar.gz"
    subprocess.run(
        ["tar", "--use-compress-program=pigz", "-cf", archive, "-C", model, "."], check=True
    )
    s3().upload_file(str(archive), BUCKET, "predecessor/model.tar.gz")


def download_then_upload(model_id: str, folder: Path) -> None:
    """Download, then upload file by file with s3transfer."""
    model = download(model_id, folder)
    client = s3()
    for file in sorted(model.iterdir()):
        if file.is_file():
            client.upload_file(str(file), BUCKET, f"uploaded/{file.name}")


def rclone(model_id: str, _: Path) -> None:
    """Copy from URL to S3 with rclone, four files at a time."""
    commands = [
        ["rclone", "copyurl", "--no-check-certificate", "--s3-chunk-size=16M",
         "--s3-upload-concurrency=4", "--multi-thread-streams=4", "--quiet", url,
         f":s3,provider=Other,env_auth=true,endpoint='{os.environ['AWS_ENDPOINT_URL']}':"
         f"{BUCKET}/rclone/{url.rpartition('/')[2]}"]
        for url in urls(model_id)
    ]  # fmt: skip
    running = [subprocess.Popen(command) for command in commands]
    if any(process.wait() for process in running):
        raise SystemExit("rclone failed")


def plain(model_id: str, _: Path) -> None:
    """Copy ranges from socket to socket: no hash, no checksum, no signature, no retry."""
    client = s3()
    jobs: list[tuple[str, str, str, int, int]] = []
    uploads: dict[str, str] = {}
    for url in urls(model_id):
        response = _get(url, "bytes=0-0")
        size = int((response.headers["Content-Range"] or "/0").rpartition("/")[2])
        key = f"plain/{url.rpartition('/')[2]}"
        answer = client.create_multipart_upload(Bucket=BUCKET, Key=key)
        uploads[key] = answer["UploadId"]
        jobs += [(url, key, answer["UploadId"], n, size) for n in range(-(-size // PART))]
    parts: dict[str, list[dict[str, Any]]] = {key: [] for key in uploads}
    work, lock = iter(jobs), threading.Lock()

    def run() -> None:
        buffer = bytearray(PART)
        while job := _next(work, lock):
            url, key, upload, number, size = job
            start = number * PART
            count = min(PART, size - start)
            _read(_get(url, f"bytes={start}-{start + count - 1}"), memoryview(buffer)[:count])
            target = f"/{BUCKET}/{key}?partNumber={number + 1}&uploadId={upload}"
            etag = _put(os.environ["AWS_ENDPOINT_URL"], target, memoryview(buffer)[:count])
            parts[key].append({"PartNumber": number + 1, "ETag": etag})

    threads = [threading.Thread(target=run) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for key, upload in uploads.items():
        listed = sorted(parts[key], key=lambda part: part["PartNumber"])
        client.complete_multipart_upload(
            Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": listed}
        )


def urls(model_id: str) -> list[str]:
    """Return where the model's weights are."""
    from huggingface_hub import HfApi, hf_hub_url

    endpoint = os.environ["HF_ENDPOINT"]
    files = HfApi(endpoint=endpoint, token=False).list_repo_files(model_id)
    return [
        hf_hub_url(model_id, file, endpoint=endpoint)
        for file in files
        if file.endswith(".safetensors")
    ]


def s3() -> Any:
    """Return boto3's client; not every S3 stand-in takes the checksums that it adds by itself."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        config=Config(
            s3={"addressing_style": "path"}, request_checksum_calculation="when_required"
        ),
    )


_local = threading.local()


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    opened = _local.__dict__.setdefault("opened", {})
    if parts.netloc not in opened:
        host = parts.netloc
        tls = ssl.create_default_context() if parts.scheme == "https" else None
        opened[host] = HTTPSConnection(host, context=tls) if tls else HTTPConnection(host)
    return opened[parts.netloc]  # type: ignore[no-any-return]


def _get(url: str, byte_range: str) -> HTTPResponse:
    while True:
        parts = urlsplit(url)
        connection = _connection(url)
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Range": byte_range})
        response = connection.getresponse()
        if response.status != 302:  # noqa: PLR2004
            if byte_range == "bytes=0-0":
                response.read()
            return response
        response.read()
        url = response.headers["Location"] or ""


def _read(response: HTTPResponse, view: memoryview) -> None:
    done = 0
    while done < len(view):
        done += response.readinto(view[done:])


def _put(endpoint: str, target: str, body: memoryview) -> str:
    connection = _connection(endpoint)
    headers = {"Content-Length": str(len(body)), "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
    connection.request("PUT", target, body=body, headers=headers)
    response = connection.getresponse()
    response.read()
    return response.headers["ETag"] or ""


def _next(
    work: Iterator[tuple[str, str, str, int, int]], lock: threading.Lock
) -> tuple[str, str, str, int, int] | None:
    with lock:
        return next(work, None)


WAYS = {
    "predecessor": predecessor,
    "download, then upload": download_then_upload,
    "rclone": rclone,
    "plain copy": plain,
}

if __name__ == "__main__":
    WAYS[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
