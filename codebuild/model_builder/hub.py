"""The Hugging Face Hub, or a mirror that speaks its protocol."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from huggingface_hub import HfApi, get_session, hf_hub_url
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

from model_builder.connections import Connections, describe
from model_builder.errors import HubUnavailableError, RetryableError, StagingError
from model_builder.model import Model, RemoteFile
from model_builder.ranges import RangeReader, Resource, retry_after
from model_builder.retry import Retry

log = logging.getLogger(__name__)
T = TypeVar("T")
MAX_FILES = 100_000
"""The Hub itself advises against more (https://huggingface.co/docs/hub/repositories-recommendations)."""
_TOO_MANY, _SERVER_ERROR = 429, 500
_UNAUTHORIZED, _FORBIDDEN = 401, 403


class Hub:
    """Answers what a model consists of, and hands out its bytes.

    Files that the Hub serves through Xet are read through the plain HTTP bridge that the same
    URL leads to: it takes ranges, so bytes pass through memory, where the Xet client would
    write files to a disk first.

    Args:
        endpoint: Base URL.
        token: Access token; None asks without.
        connections: The way out for file contents.
        retry: Budget of each request.
        timeout: Seconds without a byte after which the API counts as dead.
    """

    def __init__(
        self,
        endpoint: str,
        token: str | None,
        *,
        connections: Connections,
        retry: Retry,
        timeout: float,
    ) -> None:
        self._endpoint = endpoint
        self._api = HfApi(endpoint=endpoint, token=token or False)
        self._has_token = token is not None
        self._retry = retry
        self._timeout = timeout
        headers = {"User-Agent": "model-builder"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._headers = headers
        self._ranges = RangeReader(connections, headers, retry)

    def commit(self, model: Model) -> str:
        """Return the commit that a model's revision stands for.

        Raises:
            HubUnavailableError: the Hub does not answer, or refuses.
            StagingError: there is no such model or revision.
        """
        info = self._ask(
            model,
            lambda: self._api.model_info(
                model.model_id, revision=model.revision, timeout=self._timeout
            ),
        )
        if not info.sha:
            raise StagingError(f"{model}: the Hub tells no commit; use a mirror that does")
        return str(info.sha)

    def files(self, model: Model, commit: str) -> list[RemoteFile]:
        """Return all files of a model at a commit.

        Raises:
            HubUnavailableError: the Hub does not answer, or refuses.
            StagingError: there is no such model, or it has too many files.
        """
        api = f"{self._endpoint}/api/models/{model.model_id}"
        url: str | None = f"{api}/tree/{commit}?recursive=true"
        files: list[RemoteFile] = []
        while url is not None:
            page, url = self._ask(model, partial(self._page, url))
            files += page
            if len(files) > MAX_FILES:
                raise StagingError(
                    f"{model} has more than {MAX_FILES} files; no server loads such a model"
                )
        return files

    def read(
        self, model: Model, commit: str, file: RemoteFile, start: int, view: memoryview
    ) -> None:
        """Fill *view* with a file's bytes from *start* on.

        Raises:
            StagingError: refused, or the budget is spent.
        """
        url = hf_hub_url(model.model_id, file.path, revision=commit, endpoint=self._endpoint)
        resource = Resource(url, file.size, self._refused(model))
        self._ranges.read(resource, start, view)

    def content(self, model: Model, commit: str, file: RemoteFile) -> bytes:
        """Return a small file's bytes."""
        data = bytearray(file.size)
        self.read(model, commit, file, 0, memoryview(data))
        return bytes(data)

    def _page(self, url: str) -> tuple[list[RemoteFile], str | None]:
        """Return a page of a listing, and the address of the next.

        HfApi would try again by itself, each time that it is tried again.
        """
        answer: Any = get_session().get(url, headers=self._headers, timeout=self._timeout)
        hf_raise_for_status(answer)
        files = [_remote_file(entry) for entry in answer.json() if entry["type"] == "file"]
        return files, answer.links.get("next", {}).get("url")

    def _ask(self, model: Model, question: Callable[[], T]) -> T:
        def attempt() -> T:
            try:
                return question()
            except (RepositoryNotFoundError, RevisionNotFoundError, HfHubHTTPError) as error:
                raise self._explain(model, error) from error
            except (ValueError, KeyError, TypeError) as error:
                raise StagingError(
                    f"{self._endpoint} does not answer as a Hub does ({describe(error)})"
                ) from error
            except Exception as error:
                # huggingface_hub changes its HTTP library from version to version.
                if isinstance(error, StagingError) or not _is_network_error(error):
                    raise
                raise RetryableError(f"no answer ({describe(error)})") from error

        try:
            return self._retry.run(f"{self._endpoint}: {model}", attempt)
        except HubUnavailableError:
            raise
        except StagingError as error:
            if isinstance(error.__cause__, RetryableError):
                raise HubUnavailableError(str(error)) from error
            raise

    def _explain(self, model: Model, error: HfHubHTTPError) -> Exception:
        status = error.response.status_code
        if isinstance(error, GatedRepoError) or status == _FORBIDDEN:
            return HubUnavailableError(self._refused(model))
        if isinstance(error, RevisionNotFoundError):
            return StagingError(
                f"{model.model_id} has no revision {model.revision!r}: "
                f"see {self._endpoint}/{model.model_id}/commits"
            )
        if isinstance(error, RepositoryNotFoundError) or status == _UNAUTHORIZED:
            return self._not_found(model, status)
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            return RetryableError(f"HTTP {status}", retry_after(error.response.headers))
        return StagingError(f"{model}: the Hub answers HTTP {status}")

    def _not_found(self, model: Model, status: int) -> StagingError:
        # The Hub hides private models from strangers behind the same answer.
        if status == _UNAUTHORIZED:
            return HubUnavailableError(
                f"{model.model_id} is not there, or private: check the name at "
                f"{self._endpoint}/{model.model_id}, and "
                + ("that HF_TOKEN may read it" if self._has_token else "set HF_TOKEN")
            )
        return StagingError(
            f"there is no model {model.model_id!r} at {self._endpoint}, or HF_TOKEN may not see it"
        )

    def _refused(self, model: Model) -> str:
        page = f"{self._endpoint}/{model.model_id}"
        if not self._has_token:
            return f"{model.model_id} needs a token: accept its licence at {page}, set HF_TOKEN"
        return (
            f"HF_TOKEN may not read {model.model_id}: accept its licence at {page} "
            "with the account that the token belongs to"
        )


def _remote_file(entry: Mapping[str, Any]) -> RemoteFile:
    lfs = entry.get("lfs")
    return RemoteFile(entry["path"], entry["size"], lfs["oid"] if lfs else None, entry["oid"])


def _is_network_error(error: Exception) -> bool:
    return isinstance(error, OSError) or type(error).__module__.startswith(("httpx", "requests"))
