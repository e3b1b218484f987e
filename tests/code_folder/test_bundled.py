"""What ships beside the library is found, and the staging program stays out of the app's way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from sagemaker_model.staging.bundled import bundled, staging_program

ROOT = Path(__file__).parents[2]

READ_IN_A_WHEEL = """
import sys
sys.path[:0] = [{site!r}]
class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {{"boto3", "botocore", "huggingface_hub", "aws_cdk", "jsii"}}:
            raise ImportError(name)
sys.meta_path.insert(0, Refused())
import types
package = types.ModuleType("sagemaker_model")
package.__path__ = [{site!r} + "/sagemaker_model"]
sys.modules["sagemaker_model"] = package
from sagemaker_model.code_folder.digest import folder_digest
from sagemaker_model.code_folder.inference_code import read_inference_code
from sagemaker_model.staging.bundled import bundled
from sagemaker_model.weights.local_artefacts import check_local_model
assert read_inference_code({code!r}).digest == folder_digest({code!r})
try:
    check_local_model({code!r})
except ValueError as error:
    assert "A1 config.json" in str(error), error
print(bundled("codebuild"))
"""


def test_a_folder_that_ships_is_found_in_the_checkout() -> None:
    assert bundled("codebuild") == ROOT / "codebuild"
    assert (bundled("codebuild") / "buildspec.yml").is_file()


def test_another_folder_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no folder 'nothing' in .* name 'codebuild' or"):
        bundled("nothing")


def test_code_is_read_from_the_wheels_layout_without_cdk_and_what_the_program_needs(
    tmp_path: Path,
) -> None:
    site, code = tmp_path / "site", tmp_path / "code"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "constructs/sagemaker_model", site / "sagemaker_model", ignore=ignored)
    inside = site / "sagemaker_model/_bundled/codebuild"
    shutil.copytree(ROOT / "codebuild", inside, ignore=ignored)
    code.mkdir()
    (code / "inference.py").write_text("def predict_fn(data, model): ...\n")

    program = READ_IN_A_WHEEL.format(site=str(site), code=str(code))
    run = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=False
    )

    assert (run.stderr, run.stdout.strip()) == ("", str(inside))


def test_a_module_of_the_app_with_the_programs_name_stays_the_apps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = ModuleType("model_builder")
    monkeypatch.setitem(sys.modules, "model_builder", theirs)
    before = list(sys.path)

    with staging_program():
        from model_builder.paths import fault_in_path

    assert fault_in_path("..") is not None
    assert sys.modules["model_builder"] is theirs
    assert sys.path == before


def test_the_programs_modules_are_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("model_builder")]:
        monkeypatch.delitem(sys.modules, name)
    with staging_program():
        from model_builder.errors import StagingError as First
    with staging_program():
        from model_builder.errors import StagingError as Second

    assert First is Second
    assert "model_builder" not in sys.modules
