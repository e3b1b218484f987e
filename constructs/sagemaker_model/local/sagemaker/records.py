"""What SageMaker keeps: named things of one kind, in an account and Region."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from sagemaker_model.local.emulator import scope
from sagemaker_model.local.emulator.services import ApiError

Record = dict[str, Any]


@dataclass(frozen=True)
class Records:
    """The things of one kind.

    Args:
        kind: What AWS calls it in an ARN, for example ``endpoint-config``.
        words: What AWS calls it in messages, for example ``endpoint configuration``.
        prefix: How its members' names begin, for example ``EndpointConfig``.
    """

    kind: str
    words: str
    prefix: str
    kept: MutableMapping[str, Record] = field(default_factory=scope.store)

    def arn(self, name: str) -> str:
        """Return the ARN of a name; names are lower case in it."""
        return f"arn:aws:sagemaker:{scope.region()}:{scope.account()}:{self.kind}/{name.lower()}"

    def add(self, parameters: Mapping[str, Any], **more: Any) -> Record:
        """Keep a new one.

        Args:
            parameters: The request to create it, with its name.
            more: What is told of it besides.

        Raises:
            ApiError: There is one of that name.
        """
        name = parameters[f"{self.prefix}Name"]
        if name in self.kept:
            raise ApiError(
                "ValidationException",
                f'Cannot create already existing {self.words} "{self.arn(name)}".',
            )
        now = time.time()
        record = {
            **copy.deepcopy(dict(parameters)),
            f"{self.prefix}Arn": self.arn(name),
            "CreationTime": now,
            **more,
        }
        self.kept[name] = record
        return record

    def get(self, name: str) -> Record:
        """Return one.

        Raises:
            ApiError: There is none of that name, in AWS's words.
        """
        found = self.kept.get(name)
        if found is None:
            raise ApiError(
                "ValidationException", f'Could not find {self.words} "{self.arn(name)}".'
            )
        return found

    def find(self, arn: str) -> Record | None:
        """Return the one with an ARN; None where there is none."""
        mine = (each for each in self.all() if each[f"{self.prefix}Arn"] == arn)
        return next(mine, None)

    def remove(self, name: str) -> None:
        """Forget one.

        Raises:
            ApiError: There is none of that name.
        """
        self.get(name)
        del self.kept[name]

    def all(self) -> list[Record]:
        """Return all of them, the newest first, as AWS lists them."""
        records = [self.kept[name] for name in list(self.kept)]
        return sorted(records, key=lambda record: -float(record["CreationTime"]))

    def listed(self, members: Iterable[str], keep: Callable[[Record], bool] = bool) -> list[Record]:
        """Return what a List operation tells of each.

        Args:
            members: Names of the members that it tells.
            keep: Which are told of. Default: all.
        """
        names = tuple(members)
        return [
            {name: each[name] for name in names if name in each}
            for each in self.all()
            if keep(each)
        ]
