"""One thing that a check says about a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

NAMESPACE = "sagemaker-model"
"""What the ids of all rules begin with where those of others stand beside them."""


def rule_id(rule: str) -> str:
    """Return the id by which a rule is acknowledged.

    >>> rule_id("image-needs-gpu")
    'sagemaker-model:image-needs-gpu'
    """
    return f"{NAMESPACE}:{rule}"


class Severity(Enum):
    """How much a finding matters."""

    ERROR = "error"
    """Stops the synthesis: the deployment is known not to work."""
    WARNING = "warning"
    """Is shown at synth: the deployment may not do what was meant."""
    INFO = "info"
    """Is shown at synth: something was chosen that is worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule says: what is wrong, where, what is allowed and how to mend it.

    Args:
        rule: Id of the rule, as in the docs: lower case, words joined by hyphens.
        severity: Whether it stops the synthesis.
        path: The argument it is about, as the user wrote it: ``env.MAX_TOTAL_TOKENS``.
        what: What is wrong, as a sentence part without a full stop.
        got: The value that was found, if there is one.
        allowed: What would be accepted, if that can be said.
        fix: What to change.
    """

    rule: str
    severity: Severity
    path: str
    what: str
    got: str = ""
    allowed: str = ""
    fix: str = ""

    def __str__(self) -> str:
        """Say the finding in one line.

        >>> print(Finding("x", Severity.ERROR, "env.A", "is not text", got="1", fix="quote it"))
        env.A: is not text (got 1); fix: quote it
        """
        text = f"{self.path}: {self.what}"
        if self.got:
            text += f" (got {self.got})"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.fix:
            text += f"; fix: {self.fix}"
        return text
