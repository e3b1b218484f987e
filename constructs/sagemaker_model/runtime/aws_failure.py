"""What AWS says when an endpoint gives no answer.

Sources: the errors of ``InvokeEndpoint``, ``InvokeEndpointWithResponseStream`` and
``InvokeEndpointAsync`` in the SageMaker API reference, and its "Common Errors".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sagemaker_model.runtime.answer.failure import refused
from sagemaker_model.runtime.errors import (
    AccessDeniedError,
    EndpointError,
    EndpointNotFoundError,
    InvalidRequestError,
    ModelFailedError,
    ModelNotReadyError,
    OverloadedError,
    StreamBrokenError,
    TimedOutError,
)

_CODES: Mapping[str, type[EndpointError]] = {
    "ValidationError": InvalidRequestError,
    "ValidationException": InvalidRequestError,
    "ModelNotReadyException": ModelNotReadyError,
    "ServiceUnavailable": OverloadedError,
    "ServiceUnavailableException": OverloadedError,
    "Throttling": OverloadedError,
    "ThrottlingException": OverloadedError,
    "TooManyRequestsException": OverloadedError,
    "InternalFailure": ModelFailedError,
    "InternalDependencyException": ModelFailedError,
    "InternalStreamFailure": StreamBrokenError,
    "AccessDenied": AccessDeniedError,
    "AccessDeniedException": AccessDeniedError,
    "ExpiredToken": AccessDeniedError,
    "ExpiredTokenException": AccessDeniedError,
    "InvalidClientTokenId": AccessDeniedError,
    "MissingAuthenticationToken": AccessDeniedError,
    "UnrecognizedClientException": AccessDeniedError,
}
_MISSING = re.compile("not found|could not find", re.IGNORECASE)
# What an inference component without copies is told; the request is what wakes it.
_ASLEEP = "has no capacity"
_HINTS: Mapping[type[EndpointError], str] = {
    ModelNotReadyError: "the model is being loaded, or woken from zero: try again later",
    OverloadedError: "try again later, or scale the endpoint",
    AccessDeniedError: "grant the caller what it needs, such as by model.grant_invoke(role), and "
    "see that its credentials are valid",
    EndpointNotFoundError: "see that name, account and Region are right",
}
_SLOW = (
    "SageMaker ends an answer that is not there after 60 seconds: ask for fewer tokens, stream the "
    "answer, or host the model asynchronously"
)


@contextmanager
def told_as_endpoint_errors(timeout: float) -> Iterator[None]:
    """Raise what AWS and the network say as errors of an endpoint.

    Args:
        timeout: How long the client waits, in seconds, for the message.

    Raises:
        EndpointError: Something failed; the type says what.
    """
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectTimeoutError,
        NoCredentialsError,
        ReadTimeoutError,
    )
    from urllib3.exceptions import HTTPError
    from urllib3.exceptions import ReadTimeoutError as ReadStalledError

    try:
        yield
    except ClientError as error:
        raise _of_aws(error.response) from error
    except (ReadTimeoutError, ConnectTimeoutError, ReadStalledError) as error:
        raise TimedOutError(
            f"nothing came for {timeout:g} seconds, the client's timeout; {_SLOW}",
            text=str(error),
        ) from error
    except NoCredentialsError as error:
        hint = _HINTS[AccessDeniedError]
        raise AccessDeniedError(f"AWS is told no credentials; {hint}", text=str(error)) from error
    except HTTPError as error:
        raise StreamBrokenError(f"the answer broke off: {error}", text=str(error)) from error
    except BotoCoreError as error:
        raise EndpointError(f"the endpoint can't be reached: {error}", text=str(error)) from error


def aws_code(response: Mapping[str, Any]) -> str:
    """Return AWS's name of an error.

    Args:
        response: The answer, as boto3's error has it.
    """
    code = str(response.get("Error", {}).get("Code", ""))
    # Within a stream, names begin with a small letter.
    return code[:1].upper() + code[1:]


def _of_aws(response: Mapping[str, Any]) -> EndpointError:
    code, text = aws_code(response), response.get("Error", {}).get("Message", "")
    if code == "ModelError":
        return _of_model(response, text)
    if code == "ModelStreamError":
        return _of_stream(text)
    kind = _CODES.get(code, EndpointError)
    if kind is InvalidRequestError and _MISSING.search(text):
        kind = EndpointNotFoundError
    if kind is InvalidRequestError and _ASLEEP in text:
        kind = ModelNotReadyError
    hint = f"; {_HINTS[kind]}" if kind in _HINTS else ""
    return kind(f"{text or code}{hint}", text=text)


def _of_model(response: Mapping[str, Any], text: str) -> EndpointError:
    status, body = response.get("OriginalStatusCode"), response.get("OriginalMessage")
    if "timed out" in text:
        return TimedOutError(f"the model took too long; {_SLOW}", text=text)
    said = body if isinstance(body, str) else text
    return refused(status if isinstance(status, int) else None, said)


def _of_stream(text: str) -> EndpointError:
    # boto3 leaves the error's ErrorCode out; these are the words of ModelInvocationTimeExceeded.
    if "allotted time" in text:
        return TimedOutError(
            "SageMaker ended the stream, which took too long; ask for fewer tokens", text=text
        )
    return StreamBrokenError(f"the stream broke off: {text}", text=text)
