"""Run a program that ends with whoever started it: ``python -m toolkit_program.guarded FD …``.

The descriptor is a pipe's end that is read: when the other end is closed, the program is killed.
"""

from __future__ import annotations

import subprocess
import sys

from . import server


def main() -> None:
    """Run the program and end as it ends."""
    server.end_with(int(sys.argv[1]))
    code = subprocess.run(sys.argv[2:], check=False).returncode
    print(f"exited with code {code}", flush=True)  # noqa: T201
    sys.exit(code)


if __name__ == "__main__":
    main()
