"""A rule: one thing that is checked, with its id, its severity and its title."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from sagemaker_model.checks.finding import Finding, Severity

Subject = TypeVar("Subject")


class Problem(NamedTuple):
    """What a rule found, without what is the same in all its findings; see :class:`Finding`."""

    path: str
    what: str
    got: str = ""
    allowed: str = ""
    fix: str = ""


class Rule(NamedTuple, Generic[Subject]):
    """One thing that is checked.

    Args:
        id: Name by which it is documented and acknowledged: lower case, joined by hyphens.
        severity: How much what it finds matters.
        title: What it looks for, in one sentence.
        check: Finds the problems of a subject; its docstring says more than the title, with the
            source of what it says.
        fix: What to do about what it finds in general, as a sentence.
    """

    id: str
    severity: Severity
    title: str
    check: Callable[[Subject], Iterator[Problem]]
    fix: str

    @property
    def topic(self) -> str:
        """Name of the file that the rule stands in, and of the one with its example."""
        return self.check.__module__.rpartition(".")[2]

    @property
    def details(self) -> str:
        """What the check says of itself, as paragraphs."""
        return inspect.getdoc(self.check) or ""

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Check *subject*."""
        for problem in self.check(subject):
            yield Finding(self.id, self.severity, *problem)


def rule(
    rule_id: str, severity: Severity, title: str, *, fix: str
) -> Callable[[Callable[[Subject], Iterator[Problem]]], Rule[Subject]]:
    """Make a rule of a function that finds problems.

    Args:
        rule_id: Its id.
        severity: How much what it finds matters.
        title: What it looks for.
        fix: What to do about what it finds.
    """

    def decorate(check: Callable[[Subject], Iterator[Problem]]) -> Rule[Subject]:
        return Rule(rule_id, severity, title, check, fix)

    return decorate


def check_all(rules: Iterable[Rule[Subject]], subject: Subject) -> list[Finding]:
    """Return what all *rules* find in *subject*, in their order."""
    return [finding for each in rules for finding in each.findings(subject)]
