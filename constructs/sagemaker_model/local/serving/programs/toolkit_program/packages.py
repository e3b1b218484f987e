"""``code/requirements.txt`` of a model: installed beside the environment's packages at start.

Source: ``_install_requirements`` of sagemaker-inference (model_server.py), which the image calls
before it starts the model server: where pip fails, the container ends.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path


def install(requirements: Path, folder: Path) -> Path | None:
    """Install what a model requires and the environment lacks.

    The packages go to a virtual environment that also sees those of this one: what is here is not
    installed again, and another version of it goes before it.

    Args:
        requirements: The file.
        folder: Where the environment is made.

    Returns:
        The interpreter that sees all; None where this one does.

    Raises:
        SystemExit: pip failed, for reasons that it wrote.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (packages / "serving.pth").write_text("\n".join(_seen_here()))
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*command, "-r", str(requirements)], check=False)
    if done.returncode:
        sys.exit(f"pip could not install {requirements} (exit code {done.returncode})")
    return python if any(packages.glob("*.dist-info")) else None


def _seen_here() -> list[str]:
    """Return the folders that this environment finds packages in, those of its .pth files too.

    The .pth files of a folder that a .pth file names are not read.
    """
    library = Path(sysconfig.get_path("stdlib"))
    own = {library, library / "lib-dynload"}
    return [each for each in sys.path if Path(each).is_dir() and Path(each) not in own]
