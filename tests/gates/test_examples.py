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
from aws_cdk import App, Environment, Stage

from conftest import STRICT

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/app.py"))
PACKS = (
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.PCIDSS321Checks,
)
ANYWHERE = "anywhere"
APPS = [(name, region) for name in [*EXAMPLES, "app.py"] for region in (ANYWHERE, "us-east-1")]
SYNTHESIZE_ALL = """
import sys
sys.path[:0] = sys.argv[1:3]
from test_examples import APPS, built
for name, region in APPS:
    built(name, region, f"{sys.argv[3]}/{region}/{name}").synth()
"""
Synthesize = Callable[[str, str], Path]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{path.parent.name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built(name: str, region: str, outdir: str | None = None) -> App:
    """Return the app of an example, or app.py with the context of cdk.json.

    A stage brings an example's stacks to a Region, as it would in a pipeline.
    """
    if name == "app.py":
        context = json.loads((ROOT / "cdk.json").read_text())["context"]
        place = {} if region == ANYWHERE else {"region": region}
        app = App(context={**context, **STRICT, **place}, outdir=outdir)
        load(ROOT / "app.py").build(app)
        return app
    app = App(context=STRICT, outdir=outdir)
    env = None if region == ANYWHERE else Environment(account="123456789012", region=region)
    load(ROOT / "examples" / name / "app.py").build(Stage(app, "Stage", env=env))
    return app


def templates(folder: Path) -> dict[str, bytes]:
    """Return all that an assembly says: templates, and the lists of assets with their hashes."""
    names = ("*.template.json", "*.assets.json")
    return {path.name: path.read_bytes() for name in names for path in folder.rglob(name)}


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Return the folder that an app was synthesized to, once for all tests."""
    folders: dict[tuple[str, str], Path] = {}

    def folder(name: str, region: str) -> Path:
        if (name, region) not in folders:
            folders[name, region] = tmp_path_factory.mktemp("assembly")
            built(name, region, outdir=str(folders[name, region])).synth()
        return folders[name, region]

    return folder


@pytest.mark.parametrize(("name", "region"), APPS)
def test_it_synthesizes_under_strict_validation(
    synthesized: Synthesize, name: str, region: str
) -> None:
    assert templates(synthesized(name, region))


def test_cfn_lint_finds_neither_errors_nor_warnings(synthesized: Synthesize) -> None:
    folders = [synthesized(name, region) for name, region in APPS]
    paths = [str(path) for folder in folders for path in folder.rglob("*.template.json")]

    lint = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "parseable", "--", *paths]
    result = subprocess.run(lint, capture_output=True, text=True, check=False)

    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: str(pack.__name__))
@pytest.mark.parametrize(("name", "region"), APPS)
def test_no_rule_pack_finds_anything(name: str, region: str, pack: type[cdk_nag.NagPack]) -> None:
    report = pack().validate_scope(built(name, region))

    found = {
        (violation.rule_name, resource.construct_path)
        for violation in report.violations
        for resource in violation.violating_resources
    }
    assert found == set()


def test_two_processes_write_the_same_bytes(synthesized: Synthesize, tmp_path: Path) -> None:
    environment = {"PYTHONHASHSEED": "7", "PATH": str(Path(sys.executable).parent)}
    subprocess.run(
        [sys.executable, "-c", SYNTHESIZE_ALL, Path(__file__).parent, ROOT / "tests", tmp_path],
        check=True,
        env=environment,
    )

    for name, region in APPS:
        assert templates(tmp_path / region / name) == templates(synthesized(name, region))
