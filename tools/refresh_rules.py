"""Make docs/rules.md anew: every rule, with an example and what is said of it.

Run from the repository's root after adding or changing a rule:

    python tools/refresh_rules.py          # writes the page
    python tools/refresh_rules.py --check  # only says whether it is what it would write
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack

from sagemaker_model.checks import examples
from sagemaker_model.checks.example import example_code, example_file
from sagemaker_model.checks.finding import Finding
from sagemaker_model.checks.recording import VARIABLE, Recorded, read
from sagemaker_model.checks.registry import Topic, topics
from sagemaker_model.checks.rule import Rule

PAGE = Path(__file__).parents[1] / "docs/rules.md"
SHOWN = 500
COMMAND = "python tools/refresh_rules.py"

HEAD = """\
# Rules

Every finding there is, with the least that it is found in. What findings are and how one is
accepted stands in [Checks](checks.md); `sagemaker-model explain RULE` shows one of them, and
`sagemaker-model check` what is found in your app.

An error stops the synthesis; a warning and an info are shown. In the examples `stack` is a stack
in `us-east-1`, `MODEL` is `"Qwen/Qwen2.5-7B-Instruct"`, `COMMIT` one of its commits,
`a_container()` and `a_model()` a container of which nothing is found, `some_code()` a model with
that inference code, and `a_lock()` a lock file with what the Hub says of the model, but for what is
given. `TGI`, `SGLANG` and `TOOLKIT` are images, the last with transformers 4.48.0 for the CPU.
"""


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description="Make docs/rules.md anew.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    arguments = parser.parse_args()
    text = page()
    if not arguments.check:
        PAGE.write_text(text, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text:
        print(f"{PAGE} is stale; run {COMMAND}", file=sys.stderr)
        return 1
    return 0


def page() -> str:
    """Return the page's text."""
    parts = [HEAD, contents(), *(section(topic) for topic in topics())]
    return "\n".join(parts)


def contents() -> str:
    """Return a table of all rules."""
    lines = [
        f"| [`{rule.id}`](#{rule.id}) | {rule.severity.value} | {rule.title} |"
        for topic in topics()
        for rule in topic.rules
    ]
    return "\n".join(["| rule | severity | what it says |", "|---|---|---|", *lines, ""])


def section(topic: Topic) -> str:
    """Return a heading and the entries of its rules."""
    heading = f"## {topic.title[0].upper()}{topic.title[1:]}\n"
    return "\n".join([heading, *(entry(rule) for rule in topic.rules)])


def entry(rule: Rule[Any]) -> str:
    """Return what the page says of a rule.

    Raises:
        ValueError: It has no example, or does not find anything in it.
    """
    lines = [
        f"### {rule.id}\n",
        f"*{rule.severity.value}:* **{rule.title}**\n",
        f"{rule.details}\n",
        f"**What to do:** {rule.fix}\n",
    ]
    message = shortened(str(found(rule, run(rule))))
    lines += [f"```py\n{example_code(rule)}\n```\n", f"```text\n{message}\n```\n"]
    return "\n".join(lines)


def shortened(message: str) -> str:
    """Return a message without the end that only a long list has."""
    return message if len(message) <= SHOWN else f"{message[:SHOWN]}…"


def found(rule: Rule[Any], recorded: Sequence[Recorded]) -> Finding:
    """Return what a rule has found in its example.

    Raises:
        ValueError: It finds nothing.
    """
    findings = [each.finding for each in recorded if each.finding.rule == rule.id]
    if not findings:
        raise ValueError(f"{rule.id} finds nothing in its example:\n{example_code(rule)}")
    return findings[0]


def run(rule: Rule[Any]) -> list[Recorded]:
    """Run the example of a rule, and return what all rules find in it.

    Raises:
        ValueError: It has none.
    """
    name = rule.id.replace("-", "_")
    if example_code(rule) is None:
        where = example_file(rule)
        raise ValueError(f"{rule.id} has no example; write {name}(stack: Stack) in {where}")
    module = import_module(f"{examples.__name__}.{rule.topic}")
    with tempfile.TemporaryDirectory() as folder, chdir(folder), recording(Path(folder)) as file:
        stack = Stack(App(), "Stack", env=Environment(region="us-east-1"))
        getattr(module, name)(stack)
        for construct in stack.node.find_all():
            construct.node.validate()
        return read(file)


@contextmanager
def recording(folder: Path) -> Iterator[Path]:
    """Have findings written to a file in a folder."""
    file = folder / "findings.jsonl"
    os.environ[VARIABLE] = str(file)
    try:
        yield file
    finally:
        del os.environ[VARIABLE]


if __name__ == "__main__":
    sys.exit(main())
