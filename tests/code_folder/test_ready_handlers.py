"""The handlers that ship with the library keep the contract that it holds the user's code to."""

from pathlib import Path

import pytest

from code_folder.subjects import HUGGING_FACE
from sagemaker_model.checks.code_rules import CODE_RULES
from sagemaker_model.checks.code_subject import CodeSubject
from sagemaker_model.checks.rule import check_all
from sagemaker_model.code_folder.inference_code import read_inference_code
from sagemaker_model.staging.bundled import bundled

FOLDERS = sorted(bundled("custom_inference").glob("*/code"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_a_ready_handler_has_no_finding_even_without_a_network(folder: Path) -> None:
    code = read_inference_code(folder)

    assert check_all(CODE_RULES, CodeSubject(code=code, image=HUGGING_FACE, isolated=True)) == []
