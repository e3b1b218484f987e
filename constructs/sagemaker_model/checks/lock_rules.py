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
    """Find models at no commit, and images without a version, that no lock file holds."""
    if deployed.lock is None:
        yield from _without_lock(deployed)
        return
    missing = deployed.needs.missing_in(deployed.lock)
    if missing:
        yield Problem(
            "lock",
            "does not hold all that is deployed, so the rest may change by itself",
            got=f"nothing of {_names(missing)}",
            fix="run sagemaker-model lock, and commit the file",
        )


LOCK_RULES = (not_locked,)


def _without_lock(deployed: Deployed) -> Iterator[Problem]:
    moving, staged = deployed.needs.moving(), deployed.container.staged
    shared = staged.unpinned if staged else ()
    names = dict.fromkeys([*map(str, moving.models), *shared, *moving.images])
    if names:
        yield Problem(
            "lock",
            "is not given: a branch of a model moves on, and an image without a version is the "
            "newest that this version of the library knows, so the same app may deploy something "
            "else another day",
            got=", ".join(names),
            fix="run sagemaker-model lock, and give the file with lock= or the context key "
            "sagemaker-model:lock; or give revision= a commit, and container= a version",
        )


def _names(needs: LockNeeds) -> str:
    return ", ".join([*map(str, needs.models), *needs.images])
