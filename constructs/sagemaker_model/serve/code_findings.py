"""What the checks of a synthesis say of inference code, without an app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sagemaker_model.checks.code_rules import CODE_RULES
from sagemaker_model.checks.code_subject import CodeSubject
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.rule import check_all
from sagemaker_model.code_folder.inference_code import PROGRAM, read_inference_code
from sagemaker_model.image.known_facts import facts_of_name


def findings_of(code: Path, image: str, environment: Mapping[str, str]) -> list[Finding]:
    """Return what is found in a code folder, errors first.

    Args:
        code: The folder.
        image: URI of the image that runs it.
        environment: The container's variables, of which one may name the program.

    Raises:
        ValueError: The folder is none of code, or a file of it has a syntax error.
    """
    program = environment.get("SAGEMAKER_PROGRAM", PROGRAM)
    repository, _, tag = image.rpartition("/")[2].partition("@")[0].partition(":")
    known = replace(facts_of_name(repository, tag or None, None, of_aws=True), uri=image)
    subject = CodeSubject(code=read_inference_code(code, program=program), image=known)
    return sorted(check_all(CODE_RULES, subject), key=lambda each: [*Severity].index(each.severity))
