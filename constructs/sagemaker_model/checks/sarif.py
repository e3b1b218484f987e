"""Findings as SARIF 2.1.0, which code hosts show beside the lines that they are about.

Source: OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sagemaker_model.checks.finding import Severity, rule_id
from sagemaker_model.checks.recording import Recorded
from sagemaker_model.checks.registry import rules
from sagemaker_model.checks.rule import Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_DISTRIBUTION = "cdk-sagemaker-model"
_ROOT = "%SRCROOT%"


def sarif(findings: Iterable[Recorded], root: Path) -> dict[str, Any]:
    """Return a SARIF log with one run.

    Args:
        findings: What was found; what was accepted is told as suppressed.
        root: Folder that the paths of files are told from.
    """
    found = list(findings)
    known = rules()
    listed = [rule for rule in known if any(each.finding.rule == rule for each in found)]
    driver = {
        "name": _DISTRIBUTION,
        "version": _version(),
        "rules": [_rule(known[name]) for name in listed],
    }
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, listed, root) for each in found],
            }
        ],
    }


def _rule(rule: Rule[Any]) -> dict[str, Any]:
    return {
        "id": rule_id(rule.id),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.details},
        "help": {"text": f"{rule.fix} See docs/rules.md#{rule.id}."},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(recorded: Recorded, listed: list[str], root: Path) -> dict[str, Any]:
    finding = recorded.finding
    accepted = recorded.accepted
    return {
        "ruleId": rule_id(finding.rule),
        "ruleIndex": listed.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": str(finding)},
        "locations": [_location(recorded, root)],
        # All results of a run have this property, or none (3.27.23).
        "suppressions": []
        if accepted is None
        else [{"kind": "inSource", "justification": accepted}],
    }


def _location(recorded: Recorded, root: Path) -> dict[str, Any]:
    where: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": recorded.construct, "kind": "resource"}]
    }
    if recorded.file:
        where["physicalLocation"] = {
            "artifactLocation": _artifact(Path(recorded.file), root),
            "region": {"startLine": recorded.line},
        }
    return where


def _artifact(file: Path, root: Path) -> Mapping[str, str]:
    if file.is_relative_to(root):
        return {"uri": _escaped(file.relative_to(root)), "uriBaseId": _ROOT}
    return {"uri": file.absolute().as_uri()}


def _escaped(path: Path) -> str:
    from urllib.parse import quote

    return quote(path.as_posix())


def _version() -> str:
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "0"
