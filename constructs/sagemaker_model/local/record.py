"""What is written down of a local AWS that runs, for the commands that come after."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from sagemaker_model.local.processes import Process

_NAME = "local.json"


@dataclass(frozen=True)
class Record:
    """A local AWS that was started.

    Args:
        state: Folder of all that it keeps.
        endpoint: URL that answers for every service.
        account: Account that it is, 12 digits.
        region: Region of the commands, such as ``"us-east-1"``; the others are there too.
        emulator: The process that is the local AWS.
        certificate: File of the certificate that it shows; None where it speaks plain HTTP.
        hub: The process that is the local Hub; None where there is none.
        hub_url: URL of that Hub.
    """

    state: Path
    endpoint: str
    account: str
    region: str
    emulator: Process
    certificate: Path | None = None
    hub: Process | None = None
    hub_url: str | None = None

    @property
    def processes(self) -> list[Process]:
        """Return all that was started."""
        return [self.emulator, *([self.hub] if self.hub else [])]

    def runs(self) -> bool:
        """Tell whether all of it runs."""
        return all(process.runs() for process in self.processes)

    def write(self) -> None:
        """Write it to its state folder, whole or not at all."""
        told = {**asdict(self), "state": str(self.state)}
        told["certificate"] = str(self.certificate) if self.certificate else None
        path = self.state / _NAME
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(told, indent=2), encoding="utf-8")
        partial.chmod(0o600)
        os.replace(partial, path)  # noqa: PTH105

    @classmethod
    def read(cls, state: Path) -> Record | None:
        """Read what a state folder holds; None where nothing was started.

        Raises:
            ValueError: The file is not one that this version writes.
        """
        path = state / _NAME
        if not path.is_file():
            return None
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                state=state,
                endpoint=told["endpoint"],
                account=told["account"],
                region=told["region"],
                emulator=Process(**told["emulator"]),
                certificate=Path(told["certificate"]) if told["certificate"] else None,
                hub=Process(**told["hub"]) if told["hub"] else None,
                hub_url=told["hub_url"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} does not tell what runs: {error!r}; end what it names by hand and delete "
                "the file"
            ) from error

    def forget(self) -> None:
        """Delete what is written down."""
        (self.state / _NAME).unlink(missing_ok=True)
