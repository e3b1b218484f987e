"""What an answer of the Hub means that is not the one that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_model.hub.errors import (
    ForbiddenError,
    GatedError,
    HubError,
    ModelNotFoundError,
    NoNetworkError,
    NotAHubError,
    RateLimitedError,
    RevisionNotFoundError,
    ServerError,
    TimedOutError,
    UnauthorizedError,
)
from sagemaker_model.weights.hub_model import HubModel

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 401, 403, 404, 429, 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of which Hub.

    Args:
        model: The model.
        endpoint: URL of the Hub.
        has_token: Whether it was asked with a token.
    """

    model: HubModel
    endpoint: str
    has_token: bool

    @property
    def page(self) -> str:
        """The model's page, for people."""
        return f"{self.endpoint}/{self.model.model_id}"


def of_status(asked: Asked, error: HfHubHTTPError) -> HubError:
    """Return what an HTTP status means.

    The Hub tells in the header ``X-Error-Code`` what a status alone does not.
    """
    status: int = error.response.status_code
    code: str = error.response.headers.get("X-Error-Code", "")
    if code == "GatedRepo":
        return _gated(asked)
    if code == "RevisionNotFound":
        return RevisionNotFoundError(
            f"{asked.model.model_id} has no revision {asked.model.revision!r}; choose one of "
            f"{asked.page}/commits"
        )
    if status == _UNAUTHORIZED:
        return _unauthorized(asked)
    if status == _FORBIDDEN:
        return ForbiddenError(
            f"HTTP 403: the token may not read {asked.model.model_id}; give HF_TOKEN a token of an "
            f"account that may see {asked.page}"
        )
    if status == _NOT_FOUND:
        return ModelNotFoundError(
            f"there is no model {asked.model.model_id!r} at {asked.endpoint}, or the token may not "
            "see it; mend the name"
        )
    return _passing(asked, status, error)


def of_failure(asked: Asked, error: Exception, timeout: float) -> HubError | None:
    """Return what it means that there is no answer; None for what is no failure of the network.

    huggingface_hub changes its HTTP library from version to version, so the names of the classes
    are all that can be relied on.
    """
    names = {cls.__name__ for cls in type(error).__mro__}
    if names & {"TimeoutException", "Timeout", "TimeoutError"}:
        return TimedOutError(
            f"{asked.endpoint} did not answer within {timeout:g} s when it was asked for "
            f"{asked.model}; try again, or name a mirror with HF_ENDPOINT"
        )
    if names & {"TransportError", "ConnectionError", "OSError"}:
        return NoNetworkError(
            f"{asked.endpoint} can't be reached ({type(error).__name__}: {error}); check the "
            "network and the proxy (HTTPS_PROXY); what is locked needs no Hub: "
            "sagemaker-model lock --offline"
        )
    return None


def _gated(asked: Asked) -> GatedError:
    model_id = asked.model.model_id
    if asked.has_token:
        return GatedError(
            f"{model_id} is gated, and the token's account has not been let in: accept its licence "
            f"at {asked.page} with that account"
        )
    return GatedError(
        f"{model_id} is gated: accept its licence at {asked.page}, and set HF_TOKEN to a token of "
        "that account, or run hf auth login"
    )


def _unauthorized(asked: Asked) -> UnauthorizedError:
    if asked.has_token:
        return UnauthorizedError(
            f"HTTP 401: {asked.endpoint} refuses the token; see that HF_TOKEN, or what hf auth "
            "login left, is a token that is still valid"
        )
    return UnauthorizedError(
        f"HTTP 401: there is no model {asked.model.model_id!r} at {asked.endpoint}, or it is "
        "private; mend the name, or set HF_TOKEN to a token that may read it"
    )


def _passing(asked: Asked, status: int, error: HfHubHTTPError) -> HubError:
    """Return what may be over soon."""
    wait = _retry_after(error.response.headers)
    if status == _TOO_MANY:
        when = f"in {wait:g} s" if wait is not None else "later"
        with_token = "" if asked.has_token else "; with HF_TOKEN the limit is higher"
        return RateLimitedError(
            f"HTTP 429: {asked.endpoint} has been asked too often; try again {when}{with_token}",
            wait,
        )
    if status >= _SERVER_ERROR:
        return ServerError(
            f"HTTP {status}: {asked.endpoint} has a fault of its own; try again later", wait
        )
    return NotAHubError(
        f"{asked.endpoint} answers HTTP {status} when it is asked for {asked.model}; see that "
        "HF_ENDPOINT names a Hub or a mirror"
    )


def _retry_after(headers: Any) -> float | None:
    """Return the seconds that an answer asks to wait; a date, which is allowed too, says none."""
    text = str(headers.get("Retry-After", ""))
    return float(text) if text.isdecimal() else None
