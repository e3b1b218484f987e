"""The strictest gates, for every example and every stack of app.py."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import cdk_nag
import pytest
from aws_cdk import App

from conftest import STRICT

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/app.py"))
PACKS = (
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.PCIDSS321Checks,
)
NAMES = [*EXAMPLES, "app.py"]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{path.parent.name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built(name: str, outdir: str | None = None) -> App:
    """Return the app of an example, or app.py with the context of cdk.json."""
    if name == "app.py":
        context = json.loads((ROOT / "cdk.json").read_text())["context"]
        app = App(context={**context, **STRICT, "region": "us-east-1"}, outdir=outdir)
        load(ROOT / "app.py").build(app)
        return app
    app = App(context=STRICT, outdir=outdir)
    load(ROOT / "examples" / name / "app.py").build(app)
    return app


def templates(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.template.json"))}


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder that an app was synthesized to, once for all tests."""
    folders: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp("assembly")
            built(name, outdir=str(folders[name])).synth()
        return folders[name]

    return folder


@pytest.mark.parametrize("name", NAMES)
def test_it_synthesizes_under_strict_validation(
    synthesized: Callable[[str], Path], name: str
) -> None:
    assert templates(synthesized(name))


@pytest.mark.parametrize("name", NAMES)
def test_cfn_lint_finds_neither_errors_nor_warnings(
    synthesized: Callable[[str], Path], name: str
) -> None:
    paths = [str(path) for path in synthesized(name).glob("*.template.json")]

    lint = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "parseable", "--", *paths]
    result = subprocess.run(lint, capture_output=True, text=True, check=False)

    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: str(pack.__name__))
@pytest.mark.parametrize("name", NAMES)
def test_no_rule_pack_finds_anything(name: str, pack: type[cdk_nag.NagPack]) -> None:
    report = pack().validate_scope(built(name))

    found = {
        (violation.rule_name, resource.construct_path)
        for violation in report.violations
        for resource in violation.violating_resources
    }
    assert found == set()


@pytest.mark.parametrize("name", NAMES)
def test_two_processes_write_the_same_bytes(
    synthesized: Callable[[str], Path], name: str, tmp_path: Path
) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
        f"sys.path.insert(0, {str(ROOT / 'tests')!r}); "
        f"import test_examples; test_examples.built({name!r}, outdir={str(tmp_path)!r}).synth()"
    )

    environment = {"PYTHONHASHSEED": "7", "PATH": str(Path(sys.executable).parent)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)

    assert templates(tmp_path) == templates(synthesized(name))
