"""The Hub: its routes, as clients use them, so that the real ``huggingface_hub`` works with it.

Source of the routes: "Hub API Endpoints", https://huggingface.co/docs/hub/api, and what
``huggingface_hub`` (file_download.py, hf_api.py) reads of the answers: ``X-Repo-Commit``,
``X-Linked-Etag``, ``X-Linked-Size``, ``X-Error-Code``, ``Link``.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
import time
import uuid
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from .card import of_card
from .control import Control, Fault
from .repositories import Repositories, is_lfs
from .sending import Sender

PAGE = 1000
"""Entries in one page of a listing."""
_API = re.compile(r"/api/models/(?P<repo>[^/]+/[^/]+)(?:/(?P<verb>revision|tree)/(?P<rev>[^/]+))?")
_PATHS_INFO = re.compile(r"/api/models/([^/]+/[^/]+)/paths-info/[^/]+")
_RESOLVE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<rev>[^/]+)/(?P<path>.+)")
_SIGNED = re.compile(r"/_signed/(?P<repo>[^/]+/[^/]+)/(?P<path>.+)")


class Hub(ThreadingHTTPServer):
    """The server.

    Args:
        root: Folder of the models.
        port: Where to listen. Default: 0 takes a free one.
        tls: Files of certificate and key. Default: plain HTTP.
        host: Name that clients know it by. Default: contents are told apart by another name.
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

    def serve_in_background(self) -> None:
        """Serve on a thread of its own until it is shut down."""
        threading.Thread(target=self.serve_forever, name=self.url, daemon=True).start()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak TLS first where it does."""
        if self.tls is None:
            return super().finish_request(request, client_address)
        with self.tls.wrap_socket(request, server_side=True) as wrapped:
            return super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients may hang up."""


class Handler(Sender):
    """Answers one connection's requests."""

    server: Hub  # pyright: ignore[reportIncompatibleVariableOverride]

    def setup(self) -> None:
        """Send as the server is told to."""
        self.uses_tls = self.server.tls is not None
        super().setup()

    def do_POST(self) -> None:  # noqa: N802
        """Take what is amiss from now on, or tell of the paths that a client names."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path == "/_control":
            self.server.control = Control(**body)
            self.server.requests.clear()
            return self.answer(200, {})
        match = _PATHS_INFO.fullmatch(self.path)
        if match:
            known = set(self.server.repositories.files(match[1]))
            entry = self.server.repositories.entry
            return self.answer(200, [entry(match[1], p) for p in body["paths"] if p in known])
        return self.refuse(404, "NotFound", self.path)

    def do_HEAD(self) -> None:  # noqa: N802
        """Answer as to GET, without the body."""
        self.do_GET()

    def do_GET(self) -> None:  # noqa: N802
        """Answer, unless told to do something else."""
        asked = unquote(urlsplit(self.path).path)
        if asked == "/_requests":
            return self.answer(200, self.server.requests)
        request = f"{self.command} {asked}"
        self.server.requests.append(f"{request} {self.headers.get('Range', '')}".strip())
        self.rate = self.server.control.rate
        time.sleep(self.server.control.latency)
        fault = self.server.control.fault_for(request)
        if "status" in fault:
            headers = fault.get("headers", {})
            return self.refuse(fault["status"], "Injected", "told to", **headers)
        if "stall" in fault:
            return self.stall()
        if "reset" in fault:
            return self.reset()
        return self._route(asked.removeprefix("/mirror"), fault)

    def _route(self, path: str, fault: Fault) -> None:
        if match := _SIGNED.fullmatch(path):
            return self._signed(match["repo"], match["path"], fault)
        if match := _RESOLVE.fullmatch(path):
            return self._in_repo(match["repo"], match["rev"], "resolve", match["path"], fault)
        if match := _API.fullmatch(path):
            verb = match["verb"] or "revision"
            return self._in_repo(match["repo"], match["rev"] or "main", verb, "", fault)
        if path == "/api/whoami-v2":
            return self._whoami()
        return self.refuse(404, "NotFound", path)

    def _whoami(self) -> None:
        user = self.server.control.users.get(self._token())
        if user is None:
            return self.refuse(401, "", "Invalid user token.")
        return self.answer(200, {"type": "user", "name": user})

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _in_repo(self, repo: str, rev: str, verb: str, path: str, fault: Fault) -> None:
        token = self._token()
        if not (self.server.repositories.root / repo).is_dir():
            return self.refuse(404 if token else 401, "RepoNotFound", "Repository not found")
        wanted = self.server.control.gated.get(repo)
        if wanted and token != wanted:
            told = f"Access to {repo} is restricted"
            return self.refuse(403 if token else 401, "GatedRepo", told)
        place, commit = self.server.repositories.at(repo, rev)
        if not place:
            return self.refuse(404, "RevisionNotFound", f"Invalid rev id: {rev}")
        if verb == "revision":
            return self.answer(200, self._info(repo, place, commit))
        if verb == "tree":
            return self._tree(place)
        return self._resolve(place, commit, path, fault)

    def _info(self, repo: str, place: str, commit: str) -> dict[str, Any]:
        siblings = [{"rfilename": path} for path in self.server.repositories.files(place)]
        told = {"gated": "auto" if repo in self.server.control.gated else False,
                **of_card(self.server.repositories.card(place)),
                **self.server.control.info.get(repo, {})}  # fmt: skip
        return {"_id": "0" * 24, "id": repo, "modelId": repo, "sha": commit, "private": False,
                "disabled": False, "downloads": 0, "likes": 0,
                "lastModified": "2026-01-01T00:00:00.000Z",
                "createdAt": "2026-01-01T00:00:00.000Z", "siblings": siblings, **told}  # fmt: skip

    def _tree(self, repo: str) -> None:
        extra = self.server.control.extra.get(repo, [])
        replaced = {entry["path"] for entry in extra}
        known = self.server.repositories
        entries = [known.entry(repo, p) for p in known.files(repo) if p not in replaced] + extra
        query = parse_qs(urlsplit(self.path).query)
        start = int(query.get("cursor", ["0"])[0])
        headers = {}
        if start + PAGE < len(entries):
            base = f"{self.server.url}{urlsplit(self.path).path}"
            headers["Link"] = f'<{base}?recursive=true&cursor={start + PAGE}>; rel="next"'
        return self.answer(200, entries[start : start + PAGE], **headers)

    def _resolve(self, repo: str, commit: str, path: str, fault: Fault) -> None:
        file = self.server.repositories.root / repo / path
        if not file.is_file():
            return self.refuse(404, "EntryNotFound", "Entry not found")
        content = self.server.repositories.content(file)
        if not is_lfs(path, content.size):
            return self.send_file(file, content.sha1, commit, fault)
        signature = uuid.uuid4().hex
        self.server.signatures.add(signature)
        at = f"{self.server.signed_url}/_signed/{repo}/{quote(path)}?Signature={signature}"
        told = {"Location": at, "X-Repo-Commit": commit, "X-Linked-Size": str(content.size)}
        told |= dict.fromkeys(("X-Linked-Etag", "ETag"), f'"{content.sha256}"')
        return self.answer(302, b"", **told)

    def _signed(self, repo: str, path: str, fault: Fault) -> None:
        signature = parse_qs(urlsplit(self.path).query).get("Signature", [""])[0]
        if "expire" in fault:
            self.server.signatures.clear()
        if signature not in self.server.signatures:
            return self.refuse(403, "AccessDenied", "Request has expired")
        if "Authorization" in self.headers:
            # As S3 does; and a token must never get here.
            return self.refuse(400, "InvalidArgument", "Only one auth mechanism allowed")
        file = self.server.repositories.root / repo / path
        return self.send_file(file, self.server.repositories.content(file).sha256, "", fault)
