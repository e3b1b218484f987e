"""Bring findings to the user in CDK's own ways, so that CDK's own ways acknowledge them.

Warnings and infos become annotations. Errors become validation messages, so that a synthesis
tells all of them at once; the construct tree is asked for acknowledgements only then, and only
if there is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import jsii
from aws_cdk import Annotations, Validations
from constructs import Construct, IValidation

from sagemaker_model.checks.finding import Finding, Severity, rule_id
from sagemaker_model.checks.recording import Recorded, is_recording, record, users_line


def report(scope: Construct, findings: Iterable[Finding]) -> None:
    """Show *findings* at *scope*.

    Each has the id ``sagemaker-model:<rule>``, under which
    ``Validations.of(scope).acknowledge(...)`` accepts it.
    """
    found = list(dict.fromkeys(findings))
    if found:
        _annotate(scope, found)
        line = users_line() if is_recording() else ("", 0)
        scope.node.add_validation(_Findings(scope, found, line))


def _annotate(scope: Construct, findings: Sequence[Finding]) -> None:
    annotations = Annotations.of(scope)
    for finding in findings:
        if finding.severity is Severity.WARNING:
            annotations.add_warning_v2(rule_id(finding.rule), str(finding))
        elif finding.severity is Severity.INFO:
            annotations.add_info_v2(rule_id(finding.rule), str(finding))


@jsii.implements(IValidation)
class _Findings:
    """Tells the errors when the app is synthesized, less what was acknowledged until then."""

    def __init__(
        self, scope: Construct, findings: Sequence[Finding], line: tuple[str, int]
    ) -> None:
        self._scope = scope
        self._findings = findings
        self._line = line

    def validate(self) -> list[str]:
        accepted = _acknowledged(self._scope)
        if is_recording():
            self._record(accepted)
        errors = []
        for finding in self._findings:
            rule = rule_id(finding.rule)
            if rule in accepted:
                self._withdraw(finding, rule)
            elif finding.severity is Severity.ERROR:
                errors.append(f"{finding} [{rule}]")
        return errors

    def _withdraw(self, finding: Finding, rule: str) -> None:
        """Take an annotation back, which Validations does by itself since aws-cdk-lib 2.270."""
        if finding.severity is Severity.WARNING:
            Annotations.of(self._scope).acknowledge_warning(rule)
        elif finding.severity is Severity.INFO:
            Annotations.of(self._scope).acknowledge_info(rule)

    def _record(self, accepted: Mapping[str, str]) -> None:
        path, shown = self._scope.node.path, _annotated(self._scope)
        reasons = {
            # What acknowledges an annotation in CDK's older way leaves no other trace.
            finding: accepted.get(rule_id(finding.rule), "")
            for finding in self._findings
            if rule_id(finding.rule) in accepted
            or (finding.severity is not Severity.ERROR and str(finding) not in shown)
        }
        record(Recorded(path, each, reasons.get(each), *self._line) for each in self._findings)


def _annotated(scope: Construct) -> str:
    """Return what is annotated at *scope*."""
    kinds = {"aws:cdk:warning", "aws:cdk:info"}
    return "\n".join(str(entry.data) for entry in scope.node.metadata if entry.type in kinds)


def _acknowledged(scope: Construct) -> dict[str, str]:
    """Return the rule ids that were acknowledged at *scope* or above it, each with the reason.

    CDK prefixes an id with the namespace of its annotations, which ends in ``::``.
    """
    key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY
    return {
        str(acknowledged).rpartition("::")[2]: str(reason)
        for construct in scope.node.scopes
        for entry in construct.node.metadata
        if entry.type == key and isinstance(entry.data, Mapping)
        for acknowledged, reason in entry.data.items()
    }
