"""Refuses what no server could load, before a byte moves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from model_builder.artefact_rules import Artefacts, broken_rules, read_for_rules
from model_builder.errors import StagingError
from model_builder.model import MIB
from model_builder.selection import Sized

log = logging.getLogger(__name__)
_MAX_READ = 64 * MIB
_MOST_TOLD = 5


def check_artefacts(
    what: str,
    files: Iterable[Sized],
    offered: Iterable[Sized],
    read: Callable[[str], bytes],
    *,
    ignored: frozenset[str],
) -> None:
    """Check files by the artefact rules; what stops nothing is logged.

    Args:
        what: Name of the model, for messages.
        files: What will be staged.
        offered: What there is.
        read: Returns the contents of one of *files*, by path.
        ignored: Rules that are passed over.

    Raises:
        StagingError: a rule that stops does not hold.
    """
    sizes = {file.path: file.size for file in files}
    texts = {
        path: read(path)
        for path, size in sizes.items()
        if read_for_rules(path) and size <= _MAX_READ
    }
    artefacts = Artefacts(sizes, tuple(file.path for file in offered), texts)
    broken = [rule for rule in broken_rules(artefacts) if rule.rule not in ignored]
    for rule in broken:
        log.warning("%s: %s", what, rule)
    stopping = [str(rule) for rule in broken if rule.stops]
    if stopping:
        raise StagingError(
            f"{what} cannot be served: {'; '.join(stopping[:_MOST_TOLD])} "
            "(IGNORE_RULES names rules to pass over)"
        )
