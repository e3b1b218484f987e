"""Ask an endpoint that answers at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore import exceptions

from .outcome import Kind, Outcome, of_error
from .smoke_test import Request, SmokeTest


@dataclass(frozen=True)
class RealTime:
    """An endpoint, real-time or serverless.

    Args:
        runtime: boto3's SageMaker Runtime client.
        endpoint: Name of the endpoint.
        component: Name of the inference component that is asked; empty where there is none.
        test: What it must answer.
    """

    runtime: Any
    endpoint: str
    component: str
    test: SmokeTest

    def ask(self, request: Request, _until: float = 0) -> Outcome:
        """Send a request, and return what came of it; the client bounds the time."""
        try:
            answer = self.runtime.invoke_endpoint(
                EndpointName=self.endpoint, Body=request.body, **request.headers, **self._named()
            )
            return self.test.judge(answer["Body"].read())
        except exceptions.ClientError as error:
            return of_error(error.response)
        except (exceptions.ReadTimeoutError, exceptions.ResponseStreamingError) as error:
            return Outcome(Kind.BUSY, str(error))
        except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
            return Outcome(Kind.UNREACHABLE, str(error))

    def _named(self) -> dict[str, str]:
        return {"InferenceComponentName": self.component} if self.component else {}
