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
    _annotate(scope, [finding for finding in found if finding.severity is not Severity.ERROR])
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        scope.node.add_validation(_Errors(scope, errors))


def rule_id(rule: str) -> str:
    """Return the id by which a rule is acknowledged.

    >>> rule_id("image-needs-gpu")
    'sagemaker-model:image-needs-gpu'
    """
    return f"{NAMESPACE}:{rule}"


def _annotate(scope: Construct, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    annotations = Annotations.of(scope)
    for finding in findings:
        if finding.severity is Severity.WARNING:
            annotations.add_warning_v2(rule_id(finding.rule), str(finding))
        else:
            annotations.add_info_v2(rule_id(finding.rule), str(finding))


@jsii.implements(IValidation)
class _Errors:
    def __init__(self, scope: Construct, errors: Sequence[Finding]) -> None:
        self._scope = scope
        self._errors = errors

    def validate(self) -> list[str]:
        accepted = _acknowledged(self._scope)
        return [
            f"{error} [{rule_id(error.rule)}]"
            for error in self._errors
            if rule_id(error.rule) not in accepted
        ]


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
