"""What is asked: an endpoint, or one model of an endpoint that several share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An endpoint, or an inference component on one.

    Args:
        endpoint_name: Name of the endpoint.
        endpoint_arn: Its ARN.
        component_name: Name of the component; None where the endpoint is the model's own.
        component_arn: ARN of the component, likewise.
    """

    endpoint_name: str
    endpoint_arn: str
    component_name: str | None = None
    component_arn: str | None = None

    @property
    def arns(self) -> list[str]:
        """What must be allowed to be invoked."""
        return [self.endpoint_arn, *([self.component_arn] if self.component_arn else [])]

    @property
    def told(self) -> dict[str, str]:
        """What the function is told, by name."""
        component = {"ComponentName": self.component_name} if self.component_name else {}
        return {"EndpointName": self.endpoint_name, **component}
