"""A Hugging Face Hub on this machine, with faults on command.

Run it by hand: ``python tests/fakes/hub.py ROOT --port 8000``, where ``ROOT/org/name/`` holds a
model's files. It answers the routes that clients use as the Hub does (API, ``resolve``, signed
URLs on another host name, ETags, ``X-Repo-Commit``, ``X-Linked-Size``, ranges, tokens), so that
the real ``huggingface_hub`` works with it.

``POST /_control`` takes what :class:`Control` holds, as JSON; ``GET /_requests`` tells what was
asked since then.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import socket
import ssl
import struct
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

PAGE = 1000
_LFS = (".safetensors", ".bin", ".gguf", ".pt", ".onnx", ".h5")
_LARGE = 10_000_000
_KEPT = ".kept"
_API = re.compile(r"/api/models/(?P<repo>[^/]+/[^/]+)(?:/(?P<verb>revision|tree)/(?P<rev>[^/]+))?")
_RESOLVE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<rev>[^/]+)/(?P<path>.+)")
_SIGNED = re.compile(r"/_signed/(?P<repo>[^/]+/[^/]+)/(?P<path>.+)")


@dataclass
class Control:
    """What the Hub is told to do.

    Args:
        faults: Each has ``match`` (a pattern for "METHOD /path"), ``times`` (default: always),
            ``after`` (requests to leave alone first), and one of ``status`` (with ``headers``),
            ``reset``, ``stall``, ``cut`` (bytes after which the body ends), ``corrupt`` (offset
            of a byte to change) or ``expire`` (signed URLs are refused).
        gated: Token that each gated model wants, by its name.
        extra: Entries that a model's listing has besides its files, by its name.
        rate: Bytes per second of one connection; 0 is unlimited.
        latency: Seconds before each answer.
    """

    faults: list[dict[str, Any]] = field(default_factory=list)
    gated: dict[str, str] = field(default_factory=dict)
    extra: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rate: int = 0
    latency: float = 0.0


@dataclass(frozen=True)
class Content:
    """A file's digests and size."""

    sha1: str
    sha256: str
    size: int


class Repositories:
    """The models below a folder; a commit is a digest of all their files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[tuple[Path, int, int], Content] = {}

    def files(self, repo: str) -> list[str]:
        base = self.root / repo
        return sorted(p.relative_to(base).as_posix() for p in base.rglob("*") if p.is_file())

    def content(self, path: Path) -> Content:
        stat = path.stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
        if key not in self._known:
            sha1, sha256 = hashlib.sha1(b"blob %d\0" % stat.st_size), hashlib.sha256()
            with path.open("rb") as file:
                while data := file.read(1 << 20):
                    sha1.update(data)
                    sha256.update(data)
            self._known[key] = Content(sha1.hexdigest(), sha256.hexdigest(), stat.st_size)
        return self._known[key]

    def commit(self, repo: str) -> str:
        facts = [(f, self.content(self.root / repo / f).sha1) for f in self.files(repo)]
        return hashlib.sha1(json.dumps([repo, facts]).encode()).hexdigest()

    def keep(self, repo: str) -> str:
        """Keep a model's commit, as the Hub does when its branch moves on; return it."""
        commit = self.commit(repo)
        shutil.copytree(self.root / repo, self.root / _KEPT / commit, dirs_exist_ok=True)
        return commit

    def at(self, repo: str, revision: str) -> tuple[str, str]:
        """Return where a revision's files lie, and its commit; both empty where it is unknown."""
        now = self.commit(repo)
        if revision in {"main", now}:
            return repo, now
        kept = f"{_KEPT}/{revision}"
        return (kept, revision) if (self.root / kept).is_dir() else ("", "")

    def entry(self, repo: str, path: str) -> dict[str, Any]:
        content = self.content(self.root / repo / path)
        entry = {"type": "file", "oid": content.sha1, "size": content.size, "path": path}
        if is_lfs(path, content.size):
            lfs = {"oid": content.sha256, "size": content.size, "pointerSize": 134}
            return {**entry, "lfs": lfs}
        return entry


def is_lfs(path: str, size: int) -> bool:
    """Whether the Hub keeps a file outside git."""
    return path.endswith(_LFS) or size > _LARGE


class Hub(ThreadingHTTPServer):
    """The server.

    Args:
        root: Folder of the models.
        port: Where to listen; 0 takes a free one.
        tls: Files of certificate and key; None speaks plain HTTP.
        host: Name that clients know it by; None tells contents apart by another name.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        root: Path,
        port: int = 0,
        tls: tuple[str, str] | None = None,
        host: str | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.repositories = Repositories(root)
        self.control = Control()
        self.requests: list[str] = []
        self.lock = threading.Lock()
        self.signatures: set[str] = set()
        self.scheme = "https" if tls else "http"
        self.host = host
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self.tls and tls:
            self.tls.load_cert_chain(*tls)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"{self.scheme}://{self.host or '127.0.0.1'}:{self.server_port}"

    @property
    def signed_url(self) -> str:
        """Where file contents are: another host, as far as clients can tell."""
        return f"{self.scheme}://{self.host or 'localhost'}:{self.server_port}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls is None:
            return super().finish_request(request, client_address)
        with self.tls.wrap_socket(request, server_side=True) as wrapped:
            return super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are part of the tests."""

    def fault_for(self, request: str) -> dict[str, Any]:
        """Return the fault to show, and count it."""
        with self.lock:
            for fault in self.control.faults:
                if not re.search(fault["match"], request):
                    continue
                if fault.get("after", 0) > 0:
                    fault["after"] -= 1
                elif fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1 << 30) - 1
                    return fault
        return {}


class Handler(BaseHTTPRequestHandler):
    """Answers one connection's requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Hub  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep the terminal clean."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path == "/_control":
            self.server.control = Control(**body)
            self.server.requests.clear()
            return self._answer(200, {})
        match = re.fullmatch(r"/api/models/([^/]+/[^/]+)/paths-info/[^/]+", self.path)
        if match:
            known = set(self.server.repositories.files(match[1]))
            entries = [self._entry(match[1], p) for p in body["paths"] if p in known]
            return self._answer(200, entries)
        return self._refuse(404, "NotFound", self.path)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        asked = unquote(urlsplit(self.path).path)
        if asked == "/_requests":
            return self._answer(200, self.server.requests)
        path = asked.removeprefix("/mirror")
        request = f"{self.command} {asked}"
        self.server.requests.append(f"{request} {self.headers.get('Range', '')}".strip())
        time.sleep(self.server.control.latency)
        fault = self.server.fault_for(request)
        if "status" in fault:
            headers = fault.get("headers", {})
            return self._refuse(fault["status"], "Injected", "told to", **headers)
        if "stall" in fault:
            return self._stall()
        if "reset" in fault:
            return self._reset()
        return self._route(path, fault)

    def _route(self, path: str, fault: dict[str, Any]) -> None:
        if match := _SIGNED.fullmatch(path):
            return self._signed(match["repo"], match["path"], fault)
        if match := _RESOLVE.fullmatch(path):
            return self._in_repo(match["repo"], match["rev"], "resolve", match["path"], fault)
        if match := _API.fullmatch(path):
            verb = match["verb"] or "revision"
            return self._in_repo(match["repo"], match["rev"] or "main", verb, "", fault)
        return self._refuse(404, "NotFound", path)

    def _in_repo(self, repo: str, rev: str, verb: str, path: str, fault: dict[str, Any]) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not (self.server.repositories.root / repo).is_dir():
            return self._refuse(404 if token else 401, "RepoNotFound", "Repository not found")
        wanted = self.server.control.gated.get(repo)
        if wanted and token != wanted:
            return self._refuse(
                403 if token else 401, "GatedRepo", f"Access to {repo} is restricted"
            )
        place, commit = self.server.repositories.at(repo, rev)
        if not place:
            return self._refuse(404, "RevisionNotFound", f"Invalid rev id: {rev}")
        if verb == "revision":
            return self._answer(200, self._info(repo, commit))
        if verb == "tree":
            return self._tree(place)
        return self._resolve(place, commit, path, fault)

    def _info(self, repo: str, commit: str) -> dict[str, Any]:
        siblings = [{"rfilename": path} for path in self.server.repositories.files(repo)]
        gated = repo in self.server.control.gated
        return {"_id": "0" * 24, "id": repo, "modelId": repo, "sha": commit, "private": False,
                "gated": gated, "disabled": False, "tags": [], "downloads": 0, "likes": 0,
                "lastModified": "2026-01-01T00:00:00.000Z",
                "createdAt": "2026-01-01T00:00:00.000Z", "siblings": siblings}  # fmt: skip

    def _tree(self, repo: str) -> None:
        extra = self.server.control.extra.get(repo, [])
        replaced = {entry["path"] for entry in extra}
        paths = [p for p in self.server.repositories.files(repo) if p not in replaced]
        entries = [self._entry(repo, path) for path in paths] + extra
        query = parse_qs(urlsplit(self.path).query)
        start = int(query.get("cursor", ["0"])[0])
        headers = {}
        if start + PAGE < len(entries):
            base = f"{self.server.url}{urlsplit(self.path).path}"
            headers["Link"] = f'<{base}?recursive=true&cursor={start + PAGE}>; rel="next"'
        return self._answer(200, entries[start : start + PAGE], **headers)

    def _entry(self, repo: str, path: str) -> dict[str, Any]:
        return self.server.repositories.entry(repo, path)

    def _resolve(self, repo: str, commit: str, path: str, fault: dict[str, Any]) -> None:
        file = self.server.repositories.root / repo / path
        if not file.is_file():
            return self._refuse(404, "EntryNotFound", "Entry not found")
        content = self.server.repositories.content(file)
        if not is_lfs(path, content.size):
            return self._send(file, content.sha1, commit, fault)
        signature = uuid.uuid4().hex
        self.server.signatures.add(signature)
        return self._answer(
            302,
            b"",
            **{
                "Location": f"{self.server.signed_url}/_signed/{repo}/{quote(path)}"
                f"?Signature={signature}",
                "X-Repo-Commit": commit,
                "X-Linked-Etag": f'"{content.sha256}"',
                "X-Linked-Size": str(content.size),
                "ETag": f'"{content.sha256}"',
            },
        )

    def _signed(self, repo: str, path: str, fault: dict[str, Any]) -> None:
        signature = parse_qs(urlsplit(self.path).query).get("Signature", [""])[0]
        if "expire" in fault:
            self.server.signatures.clear()
        if signature not in self.server.signatures:
            return self._refuse(403, "AccessDenied", "Request has expired")
        if "Authorization" in self.headers:
            # As S3 does; and a token must never get here.
            return self._refuse(400, "InvalidArgument", "Only one auth mechanism allowed")
        file = self.server.repositories.root / repo / path
        return self._send(file, self.server.repositories.content(file).sha256, "", fault)

    def _send(self, file: Path, etag: str, commit: str, fault: dict[str, Any]) -> None:
        size = file.stat().st_size
        start, end, status = 0, size - 1, 200
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if match:
            start, end = int(match[1]), min(int(match[2] or size - 1), size - 1)
            if start > end:
                return self._answer(416, b"", **{"Content-Range": f"bytes */{size}"})
            status = 206
        self.send_response(status)
        self.send_header("Content-Length", str(end - start + 1))
        self.send_header("ETag", f'"{etag}"')
        if commit:
            self.send_header("X-Repo-Commit", commit)
        self.send_header("Accept-Ranges", "bytes")
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{end}/{size}")
        self.end_headers()
        if self.command == "GET":
            self._send_body(file, start, end - start + 1, fault)
        return None

    def _send_body(self, file: Path, start: int, count: int, fault: dict[str, Any]) -> None:
        count, whole = min(count, fault.get("cut", count)), count
        self.wfile.flush()
        with file.open("rb") as source:
            if self.server.tls or self.server.control.rate or "corrupt" in fault:
                self._copy(source, start, count, fault.get("corrupt"))
            else:
                while count > 0 and (
                    sent := os.sendfile(self.connection.fileno(), source.fileno(), start, count)
                ):
                    start, count = start + sent, count - sent
        if "cut" in fault and fault["cut"] < whole:
            self.close_connection = True

    def _copy(self, source: Any, start: int, count: int, corrupt: int | None) -> None:
        source.seek(start)
        rate = self.server.control.rate
        step = max(1, min(1 << 20, rate // 20)) if rate else 1 << 20
        began, sent = time.monotonic(), 0
        while count > sent and (data := source.read(min(step, count - sent))):
            if corrupt is not None and sent <= corrupt < sent + len(data):
                at = corrupt - sent
                data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            self.connection.sendall(data)
            sent += len(data)
            if rate:
                time.sleep(max(0.0, began + sent / rate - time.monotonic()))

    def _stall(self) -> None:
        self.close_connection = True
        self.connection.settimeout(60)
        try:
            self.connection.recv(1)
        except OSError:
            return

    def _reset(self) -> None:
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def _answer(self, status: int, body: object, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _refuse(self, status: int, code: str, message: str, **headers: str) -> None:
        told = {"X-Error-Code": code, "X-Error-Message": message}
        self._answer(status, {"error": message}, **told, **headers)


def main() -> None:
    """Serve until stopped; the first line printed is the URL."""
    parser = argparse.ArgumentParser(description="A Hugging Face Hub on this machine.")
    parser.add_argument("root", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    arguments = parser.parse_args()
    hub = Hub(arguments.root.resolve(), arguments.port, arguments.tls and tuple(arguments.tls))
    print(hub.url, flush=True)
    hub.serve_forever()


if __name__ == "__main__":
    main()
