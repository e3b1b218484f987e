"""The example of a rule, as code to read."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path
from typing import Any

from sagemaker_model.checks.rule import Rule

_FOLDER = Path(__file__).parent / "examples"


def example_code(rule: Rule[Any]) -> str | None:
    """Return the least that a rule finds something in, as lines where ``stack`` is a stack.

    They are read, not imported: that would start Node.js.

    Args:
        rule: The rule; None is returned for one without an example.
    """
    file = example_file(rule)
    name = rule.id.replace("-", "_")
    source = file.read_text(encoding="utf-8") if file.is_file() else ""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            lines = source.splitlines()[node.body[0].lineno - 1 : node.end_lineno]
            return textwrap.dedent("\n".join(line.partition("  # noqa")[0] for line in lines))
    return None


def example_file(rule: Rule[Any]) -> Path:
    """Return the file that the example of a rule stands in."""
    return _FOLDER / f"{rule.topic}.py"
