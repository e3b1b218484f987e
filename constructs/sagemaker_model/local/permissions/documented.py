"""The calls that AWS's pages say a service makes as a role, read from the data beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

Service = Literal["sagemaker", "codebuild", "lambda"]
Local = Literal["makes", "asks", "no"]


@dataclass(frozen=True)
class Source:
    """A page of AWS.

    Args:
        title: Its title.
        url: Its address.
    """

    title: str
    url: str


@dataclass(frozen=True)
class Call:
    """A call that a service makes as a role.

    Args:
        action: The action that the role must be allowed.
        resource: ARN of what it is about; ``*`` where the action knows none.
        when: What in the service's requests makes it do so, a name of ``subjects``.
        local: Whether the local AWS ``makes`` it as the role, ``asks`` IAM alone, or ``no``.
        source: Where AWS says so.
        context: Condition keys and their values. Default: none.
    """

    action: str
    resource: str
    when: str
    local: Local
    source: Source
    context: Mapping[str, str] = field(default_factory=dict)

    def about(self, parts: Mapping[str, str]) -> Call:
        """Return the call for one request.

        Args:
            parts: What stands for each name in braces.

        Raises:
            KeyError: A name has no part.
        """
        return Call(
            self.action,
            self.resource.format_map(parts),
            self.when,
            self.local,
            self.source,
            {key: value.format_map(parts) for key, value in self.context.items()},
        )


@cache
def documented(service: Service) -> tuple[Call, ...]:
    """Return all calls that a service is documented to make as a role.

    Args:
        service: The service that assumes the role.
    """
    told = tomllib.loads(Path(__file__).with_name(f"{service}.toml").read_text(encoding="utf-8"))
    sources = {name: Source(**source) for name, source in told["sources"].items()}
    return tuple(Call(**{**call, "source": sources[call["source"]]}) for call in told["calls"])
