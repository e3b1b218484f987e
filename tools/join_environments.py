"""Let a virtual environment see what the local AWS serves models with, instead of a second copy.

pip takes what it sees there for installed, so only what is missing comes on top. The environment
that stages weights is linked into it as ``staging``, as the handlers' tests want it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sagemaker_model.cli.local.prepare import prepare_with_words


def main(environment: str) -> None:
    """Join an environment with the prepared ones, which are made where they are missing."""
    prepared = prepare_with_words(samples=True)
    folder = Path(environment)
    (packages,) = folder.glob("lib/python*/site-packages")
    serving = prepared.serving_python.parents[1]
    seen = [*serving.glob("lib/python*/site-packages"), prepared.samples]
    (packages / "serving.pth").write_text("".join(f"{path}\n" for path in seen), encoding="utf-8")
    # Its own PATH has the programs of the packages as well.
    (folder / "bin" / "multi-model-server").symlink_to(serving / "bin" / "multi-model-server")
    (folder / "staging").symlink_to(prepared.build_python.parents[1])


if __name__ == "__main__":
    main(sys.argv[1])
