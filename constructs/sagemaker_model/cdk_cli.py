"""Where the CDK CLI is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sagemaker_model.local.programs import search_path


def find_cdk_cli(folder: Path) -> str:
    """Return the path of the CDK CLI that a folder's app uses.

    Args:
        folder: The app's folder; a ``node_modules`` in it or above it comes before PATH.

    Raises:
        ValueError: It is not installed.
    """
    places = [folder, *folder.absolute().parents]
    own = os.pathsep.join(str(place / "node_modules" / ".bin") for place in places)
    found = shutil.which("cdk", path=f"{own}{os.pathsep}{search_path()}")
    if not found:
        raise ValueError(
            "the CDK CLI is not installed, neither in node_modules nor on PATH; "
            "install it: npm install aws-cdk@2"
        )
    return found


def must_have_cdk_json(folder: Path) -> None:
    """Refuse a folder without the file that says how its app is run.

    Args:
        folder: The app's folder.

    Raises:
        ValueError: It has no ``cdk.json``.
    """
    if not (folder / "cdk.json").is_file():
        raise ValueError(
            f"there is no cdk.json in {folder.absolute()}; run this in the folder of a CDK app"
        )
