"""Rules about what no lock file holds."""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.model_lock.needs import LockNeeds


@rule(
    "not-locked",
    Severity.WARNING,
    "Another day or another version of the library may deploy something else.",
    fix="Run `sagemaker-model lock`, and give the file as `lock` or as the context key "
    "`sagemaker-model:lock`; or give a commit as `revision`, and an image with its version.",
)
def not_locked(deployed: Deployed) -> Iterator[Problem]:
    """Find models at no commit, and what is left to the library, that no lock file holds."""
    if deployed.lock is None:
        yield from _without_lock(deployed)
        return
    names = _names(deployed, deployed.needs.missing_in(deployed.lock))
    if names:
        yield Problem(
            "lock",
            "does not hold all that is deployed, so the rest may change by itself",
            got=f"nothing of {names}",
            fix="run sagemaker-model lock, and commit the file",
        )


LOCK_RULES = (not_locked,)


def _without_lock(deployed: Deployed) -> Iterator[Problem]:
    names = _names(deployed, deployed.needs.moving())
    if names:
        yield Problem(
            "lock",
            "is not given: a branch of a model moves on, and an image without a version and an "
            "instance type given as Hardware are chosen by this version of the library, so the "
            "same app may deploy something else another day",
            got=names,
            fix="run sagemaker-model lock, and give the file with lock= or the context key "
            "sagemaker-model:lock; or give revision= a commit, and container= a version",
        )


def _names(deployed: Deployed, needs: LockNeeds) -> str:
    """Name what moves, also of weights that another construct stages."""
    staged = deployed.container.staged
    shared = staged.unpinned if staged else ()
    return ", ".join(dict.fromkeys([*shared, *needs.names]))
