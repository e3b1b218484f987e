"""Write the tables of docs/what_an_update_does.md from the changes that the tests try.

``python tools/write_update_tables.py`` writes them; with ``--check`` it only says whether they
are up to date. What stands around the tables is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from updates.change import Change, Does  # noqa: E402 - the data of the tests
from updates.changes import CHANGES  # noqa: E402

PAGE = ROOT / "docs/what_an_update_does.md"
MARKS = re.compile(r"^<!-- changes: (\w+) -->$", re.MULTILINE)
_TABLE = re.compile(r"(^<!-- changes: (\w+) -->\n).*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)
_HEAD = "| argument | what becomes of the resources | what it means |\n|---|---|---|\n"
_WORDS = {
    "Model": "model",
    "EndpointConfig": "configuration",
    "Endpoint": "endpoint",
    "InferenceComponent": "component",
    "Policy": "rights",
    "Role": "role",
    "SecurityGroup": "security group",
    "Bucket": "bucket",
    "SageMakerModelWeights": "staged files",
    "Project": "build",
    "ScalableTarget": "scaling",
    "ScalingPolicy": "policy",
    "Alarm": "alarm",
    "SageMakerModelSmokeTest": "smoke test",
    "AWS": "call to CloudWatch Logs",
}
"""What a reader is told of; the rest comes and goes with these."""
_EFFECTS = {
    "replaced": "new {}",
    "in place": "{} in place",
    "made": "{} made",
    "deleted": "{} deleted",
    "left": "{} left in the account",
}


def main(arguments: list[str]) -> int:
    page = PAGE.read_text(encoding="utf-8")
    new = written(page)
    if "--check" in arguments:
        return int(new != page)
    PAGE.write_text(new, encoding="utf-8")
    return 0


def written(page: str) -> str:
    """Return the page with its tables as the data has them."""
    return _TABLE.sub(lambda mark: mark[1] + table(mark[2]), page)


def table(of: str) -> str:
    """Return the table of a class, or of all that is dangerous."""
    if of == "dangers":
        return _HEAD + "".join(rows([each for each in CHANGES if each.danger], whole=True))
    return _HEAD + "".join(rows([each for each in CHANGES if owner(each) == of], whole=False))


def rows(changes: Iterable[Change], *, whole: bool) -> Iterator[str]:
    """Give a line for each thing that happens, with all arguments that make it happen.

    Args:
        changes: What is told.
        whole: Whether an argument is written with its class.
    """
    alike: dict[tuple[str, Does], list[Change]] = {}
    for change in changes:
        alike.setdefault((change.means, change.does), []).append(change)
    for (means, does), members in alike.items():
        arguments = ", ".join(dict.fromkeys(labels(members, whole=whole)))
        yield f"| {arguments} | {resources(does)} | {means} |\n"


def labels(changes: Iterable[Change], *, whole: bool) -> Iterator[str]:
    """Give the arguments as a user writes them, those of one method together."""
    for (of, note), members in groupby(changes, key=lambda change: (change.of, change.note)):
        after = f" ({note})" if note else ""
        named = [change.argument for change in members]
        method = of.partition(".")[2]
        if method or whole:
            call = of if whole and not method else method
            yield f"`{call}({', '.join(f'{name}=' for name in named)})`{after}"
        else:
            yield ", ".join(f"`{name}`" for name in named) + after


def resources(does: Does) -> str:
    """Say what becomes of the resources, in the order of their effects.

    >>> resources(frozenset({"Endpoint in place", "Model replaced", "LogGroup deleted"}))
    'new model; endpoint in place'
    """
    said = [
        form.format(_listed(named))
        for effect, form in _EFFECTS.items()
        if (named := [word for kind, word in _WORDS.items() if f"{kind} {effect}" in does])
    ]
    return "; ".join(said) or "nothing"


def _listed(words: list[str]) -> str:
    """Join words as one would say them.

    >>> _listed(["a"]), _listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def owner(change: Change) -> str:
    """Return the class that the argument, or its method, belongs to."""
    return change.of.partition(".")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
