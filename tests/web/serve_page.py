"""``sagemaker-model web`` with a record of whom its process connects to: a line each, in a file.

Arguments: the file, and those of the command.
"""

import json
import sys
from pathlib import Path
from typing import Any

from sagemaker_model.cli import main


def record(file: Path) -> None:
    lines = file.open("a", buffering=1, encoding="utf-8")

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            lines.write(json.dumps(str(arguments[1][0])) + "\n")
        elif event == "socket.getaddrinfo":
            lines.write(json.dumps(str(arguments[0])) + "\n")

    sys.addaudithook(note)


if __name__ == "__main__":
    record(Path(sys.argv.pop(1)))
    main()
