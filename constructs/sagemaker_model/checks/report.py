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

from sagemaker_model.checks.finding import Finding, Severity

NAMESPACE = "sagemaker-model"


def report(scope: Construct, findings: Iterable[Finding]) -> None:
    """Show *findings* at *scope*.

    Each has the id ``sagemaker-model:<rule>``, under which
    ``Validations.of(scope).acknowledge(...)`` accepts it.
    """
    found = list(dict.fromkeys(findings))
    if found:
        _annotate(scope, found)
        scope.node.add_validation(_Findings(scope, found))


def rule_id(rule: str) -> str:
    """Return the id by which a rule is acknowledged.

    >>> rule_id("image-needs-gpu")
    'sagemaker-model:image-needs-gpu'
    """
    return f"{NAMESPACE}:{rule}"


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

    def __init__(self, scope: Construct, findings: Sequence[Finding]) -> None:
        self._scope = scope
        self._findings = findings

    def validate(self) -> list[str]:
        accepted = _acknowledged(self._scope)
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


def _acknowledged(scope: Construct) -> set[str]:
    """Return the rule ids that were acknowledged at *scope* or above it.

    CDK prefixes an id with the namespace of its annotations, which ends in ``::``.
    """
    key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY
    return {
        str(acknowledged).rpartition("::")[2]
        for construct in scope.node.scopes
        for entry in construct.node.metadata
        if entry.type == key and isinstance(entry.data, Mapping)
        for acknowledged in entry.data
    }
