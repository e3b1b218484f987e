"""What is built is what is tracked, and works where the repository is not."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from made_by_make import oldest_environment

ROOT = Path(__file__).parents[2]
PLACES = {
    "constructs/sagemaker_model": "sagemaker_model",
    "codebuild": "sagemaker_model/_bundled/codebuild",
    "custom_inference": "sagemaker_model/_bundled/custom_inference",
}


def tracked() -> set[str]:
    """Return the tracked files of the packaged folders, by the names they have in the wheel."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *PLACES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = set()
    for name in filter(None, listed.stdout.split("\0")):
        (folder,) = [folder for folder in PLACES if name.startswith(f"{folder}/")]
        names.add(PLACES[folder] + name.removeprefix(folder))
    return names


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built by the tools that are already installed."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def environment_with(wheel: Path, folder: Path, prefix: Path) -> Path:
    """Return the Python of an environment with the wheel, beside what *prefix* has installed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (installed,) = prefix.glob("lib/python*/site-packages")
    # Links, and no .pth file: the editable install of the library stays out.
    for path in installed.iterdir():
        if path.suffix != ".pth" and not (site / path.name).exists():
            (site / path.name).symlink_to(path)
    return folder / "bin/python"


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the wheel and the newest CDK."""
    return environment_with(wheel, tmp_path_factory.mktemp("newest"), Path(sys.prefix))


@pytest.fixture(scope="session")
def oldest(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the wheel and the oldest CDK."""
    return environment_with(wheel, tmp_path_factory.mktemp("oldest"), oldest_environment())


def test_constructs_is_never_a_package() -> None:
    assert not (ROOT / "constructs/__init__.py").exists()


def test_the_wheel_holds_exactly_the_tracked_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert names == tracked()
    assert "sagemaker_model/py.typed" in names


def test_the_wheel_carries_the_licence_and_asks_only_for_cdk(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        text = archive.read(metadata).decode()
        names = archive.namelist()

    told = [line for line in text.splitlines() if line.startswith("Requires-Dist:")]
    needed = [line for line in told if "extra ==" not in line]
    assert [line.split()[1].partition("<")[0].partition(">")[0] for line in needed] == [
        "aws-cdk-lib",
        "constructs",
    ]
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_synthesizes_the_same_bytes_as_the_checkout(
    environment: Path, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text((ROOT / "app.py").read_text(encoding="utf-8"))
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    assemblies = []
    for python in (environment, Path(sys.executable)):
        output = tmp_path / python.parent.parent.name
        variables = {
            **os.environ,
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_OUTDIR": str(output),
            "PYTHONPATH": "",
        }
        subprocess.run([python, "app.py"], cwd=tmp_path, env=variables, check=True)
        assemblies.append({path.name: path.read_bytes() for path in output.glob("*.template.json")})

    names = {each["name"] for each in context["models"]} | {"model-weights"}
    assert set(assemblies[0]) == {f"{name}.template.json" for name in names}
    assert assemblies[0] == assemblies[1]


@pytest.mark.parametrize("which", ["environment", "oldest"])
def test_the_readmes_uses_synthesize_from_the_wheel_outside_the_repository(
    which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    python: Path = request.getfixturevalue(which)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    snippets = re.findall(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    told = "import sagemaker_model; print(sagemaker_model.__file__)"
    (tmp_path / "app.py").write_text("\n".join([*snippets, told]), encoding="utf-8")

    variables = {**os.environ, "PYTHONPATH": "", "CDK_OUTDIR": str(tmp_path / "out")}
    run = subprocess.run(
        [python, "app.py"], cwd=tmp_path, env=variables, capture_output=True, text=True, check=True
    )

    assert len(snippets) >= 2
    assert run.stdout.strip().startswith(str(python.parent.parent))
    assert (tmp_path / "out/Chat.template.json").is_file()
