"""Whose token it is."""

from __future__ import annotations

from typing import Any

from huggingface_hub import constants, get_session

from sagemaker_model.hub.errors import HubError, NoNetworkError, UnauthorizedError

_PATH = "/api/whoami-v2"
_OK, _UNAUTHORIZED = 200, 401


def whoami(token: str, *, endpoint: str | None = None, timeout: float = 10.0) -> str:
    """Return the name of the account that a token is of; the token stands in no message.

    Args:
        token: The token.
        endpoint: URL of the Hub or of a mirror. Default: ``HF_ENDPOINT``, else the Hub itself.
        timeout: Seconds without an answer after which it counts as not reached. Default: 10.

    Raises:
        UnauthorizedError: The Hub does not know the token.
        HubError: The Hub can't be asked, or does not tell.
    """
    hub = (endpoint or constants.ENDPOINT).rstrip("/")
    session: Any = get_session()
    try:
        answer = session.get(
            f"{hub}{_PATH}", headers={"Authorization": f"Bearer {token}"}, timeout=timeout
        )
        status = answer.status_code
        name = answer.json()["name"] if status == _OK else ""
    # Its HTTP library, and with it the errors, changes from version to version.
    except Exception as error:
        raise NoNetworkError(f"{hub} can't be asked ({type(error).__name__})") from None
    if status == _UNAUTHORIZED:
        raise UnauthorizedError(f"{hub} refuses the token; make another in its settings")
    if status != _OK:
        raise HubError(f"{hub} answers HTTP {status}")
    return str(name)
