"""Serve the models below a folder as a Hugging Face Hub: the first line printed is the URL."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .samples import make_samples
from .server import Hub


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="hub", description=__doc__)
    parser.add_argument("root", type=Path, help="ROOT/org/name/ holds a model's files")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="default: plain HTTP")
    parser.add_argument("--samples", action="store_true", help="lay out the sample models first")
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    if arguments.samples:
        try:
            make_samples(root)
        except ModuleNotFoundError as error:
            sys.exit(f"error: {error}")
    hub = Hub(root, arguments.port, arguments.tls and tuple(arguments.tls))
    print(hub.url, flush=True)  # noqa: T201
    hub.serve_forever()


if __name__ == "__main__":
    main()
