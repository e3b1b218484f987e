"""The Hugging Face Hub, or a mirror of it, as far as a lock needs it.

The token comes from where huggingface_hub finds it, ``HF_TOKEN`` or its own token file, and is
used for these questions alone. huggingface_hub's own calls try again by themselves, some of them
for minutes; so its session asks, and one budget of attempts is all there is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import quote

from huggingface_hub import constants, get_session, get_token
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

from sagemaker_model.hub.describe import Answers, describe
from sagemaker_model.hub.errors import NotAHubError, OfflineError
from sagemaker_model.hub.outcomes import Asked, of_failure, of_status
from sagemaker_model.hub.retry import Retry
from sagemaker_model.hub.safetensors import FIRST_BYTES, add_up, head_bytes, read_head
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.weights.hub_model import HubModel, is_commit

T = TypeVar("T")
_HUB = "https://huggingface.co"
_TIMEOUT = 10.0


class HubClient:
    """Ask the Hub about models.

    Args:
        endpoint: URL of the Hub or of a mirror. Default: ``HF_ENDPOINT``, else the Hub itself.
        offline: Whether to ask nothing: every question then raises ``OfflineError``.
            Default: as ``HF_HUB_OFFLINE`` says.
        timeout: Seconds without an answer after which an attempt counts as failed. Default: 10.
        retry: When to ask again. Default: ``Retry()``.
    """

    def __init__(
        self,
        *,
        endpoint: str | None = None,
        offline: bool | None = None,
        timeout: float = _TIMEOUT,
        retry: Retry | None = None,
    ) -> None:
        self._endpoint = (endpoint or constants.ENDPOINT or _HUB).rstrip("/")
        self._offline = constants.HF_HUB_OFFLINE if offline is None else offline
        self._timeout = timeout
        self._retry = retry or Retry()
        self._token = get_token()

    def lock(self, model: HubModel) -> LockedModel:
        """Return what the Hub says of a model at the commit that its revision stands for.

        Args:
            model: The model.

        Raises:
            HubError: The Hub does not tell; each cause has a class of its own.
        """
        asked = Asked(model, self._endpoint, has_token=self._token is not None)
        if self._offline:
            raise OfflineError(
                f"{model} is not locked yet, and the Hub is not asked while offline; leave out "
                "--offline and HF_HUB_OFFLINE, or lock it where there is a network"
            )
        try:
            return self._lock(asked)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise NotAHubError(
                f"{self._endpoint} does not answer as a Hub does when it is asked for {model} "
                f"({type(error).__name__}: {error}); see that HF_ENDPOINT names a Hub or a mirror"
            ) from error

    def _lock(self, asked: Asked) -> LockedModel:
        model = asked.model
        at = f"/revision/{quote(model.revision, safe='')}" if model.revision else ""
        api = f"{self._endpoint}/api/models/{model.model_id}"
        info = self._json(asked, f"{api}{at}")
        commit = info["sha"]
        if not is_commit(commit):
            raise ValueError(f"its sha is {commit!r}, which is no commit")
        tree = self._tree(asked, f"{api}/tree/{commit}?recursive=true")
        sizes = {entry["path"]: entry["size"] for entry in tree if entry["type"] == "file"}

        def read(path: str) -> object:
            return self._file(asked, commit, path) if path in sizes else None

        answers = Answers(
            info=info,
            tree=tree,
            config=read("config.json"),
            tokenizer=read("tokenizer_config.json"),
            parameters=self._parameters(asked, commit, info, sizes),
        )
        return describe(model, answers)

    def _tree(self, asked: Asked, url: str | None) -> list[Any]:
        entries: list[Any] = []
        while url is not None:
            answer = self._get(asked, url)
            entries += answer.json()
            url = answer.links.get("next", {}).get("url")
        return entries

    def _file(self, asked: Asked, commit: str, path: str) -> object:
        """Return a small JSON file; one that is broken says nothing."""
        try:
            return cast("object", json.loads(self._get(asked, _url(asked, commit, path)).content))
        except (ValueError, RecursionError):
            return None

    def _parameters(
        self, asked: Asked, commit: str, info: Any, sizes: Mapping[str, int]
    ) -> dict[str, int]:
        """Return the parameters by dtype: as the Hub counted them, else out of the files' heads."""
        counted = info.get("safetensors")
        if counted:
            return dict(counted["parameters"])
        files = sorted(path for path in sizes if path.endswith(".safetensors") and sizes[path])
        try:
            return add_up(self._head(asked, commit, path) for path in files)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            return {}  # a file is not what its name says, which is not the Hub's fault

    def _head(self, asked: Asked, commit: str, path: str) -> dict[str, int]:
        url = _url(asked, commit, path)
        start = self._get(asked, url, _first(FIRST_BYTES)).content
        if head_bytes(start) > len(start):
            start = self._get(asked, url, _first(head_bytes(start))).content
        return read_head(start)

    def _json(self, asked: Asked, url: str) -> Any:
        return self._get(asked, url).json()

    def _get(self, asked: Asked, url: str, headers: dict[str, str] | None = None) -> Any:
        return self._retry.run(lambda: self._told(asked, lambda: self._send(url, headers or {})))

    def _send(self, url: str, headers: dict[str, str]) -> Any:
        session: Any = get_session()
        own = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        # A redirect to another host, where large files are, loses the token on its way.
        answer = session.get(
            url, headers={**own, **headers}, timeout=self._timeout, follow_redirects=True
        )
        hf_raise_for_status(answer)
        return answer

    def _told(self, asked: Asked, send: Callable[[], T]) -> T:
        """Return the answer, or raise what its failure means; the token stands in no message."""
        try:
            return send()
        except OfflineModeIsEnabled as error:
            raise OfflineError(f"{error}") from None
        except HfHubHTTPError as error:
            raise of_status(asked, error) from None
        except Exception as error:
            failure = of_failure(asked, error, self._timeout)
            if failure is None:
                raise
            raise failure from None


def _url(asked: Asked, commit: str, path: str) -> str:
    return f"{asked.page}/resolve/{commit}/{quote(path)}"


def _first(count: int) -> dict[str, str]:
    return {"Range": f"bytes=0-{count - 1}"}
