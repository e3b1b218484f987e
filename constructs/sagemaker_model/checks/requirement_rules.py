"""Rules about requirements.txt, which the toolkits install whenever an instance starts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sagemaker_model.checks.code_subject import CodeSubject
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.code_folder.image_contents import carried_python, carried_versions
from sagemaker_model.code_folder.requirements import Requirement
from sagemaker_model.code_folder.version import Specifier

_FILE = "code_folder/requirements.txt"
_WHEEL = re.compile(r"-cp(?P<major>\d)(?P<minor>\d+)-(?!abi3-)[^-/]+-[^-/]+\.whl")
_PYTHON_MARKER = re.compile(
    r"python_version\s*(?P<operator>~=|[<>=!]=|[<>])\s*(['\"])(?P<version>\d+\.\d+)\2"
)


@rule(
    "requirements-clash",
    Severity.WARNING,
    "A requirement contradicts what the image carries.",
    fix="Leave the requirement out, or choose another image.",
)
def requirements_clash(subject: CodeSubject) -> Iterator[Problem]:
    """Find what replaces the image's own packages, and wheels for another Python."""
    python = carried_python(subject.image)
    for each in subject.code.requirements.packages if subject.judged else ():
        if _applies(each, python):
            yield from _replaced(each, carried_versions(subject.image))
            yield from _refused(each, python)


@rule(
    "requirements-need-network",
    Severity.ERROR,
    "Packages can't be had without a network.",
    fix="Give `bundle_requirements=True`, or choose an image that has the packages.",
)
def requirements_need_network(subject: CodeSubject) -> Iterator[Problem]:
    """Find packages to install where there is no way out: the container would not start."""
    needed = subject.judged and subject.code.requirements.needs_network
    if needed and subject.isolated and not subject.bundled:
        yield Problem(
            _FILE,
            "asks for packages, but the container has no network to get them by, and would not "
            "start",
            got=", ".join(each.text for each in subject.code.requirements.packages),
            fix="bundle_requirements=True stages them beside the code; or derive an image that "
            "has them",
        )


@rule(
    "requirements-not-pinned",
    Severity.INFO,
    "A package may be another one tomorrow.",
    fix="Write `name==version`.",
)
def requirements_not_pinned(subject: CodeSubject) -> Iterator[Problem]:
    """Tell of packages without a version; a bundled one is fixed when it is staged."""
    if not subject.judged or subject.bundled:
        return
    loose = [each.text for each in subject.code.requirements.packages if not each.pinned]
    if loose:
        yield Problem(
            _FILE,
            "does not fix a version, so an instance that starts later may install another",
            got=", ".join(loose),
            fix="write name==version, or bundle_requirements=True",
        )


REQUIREMENT_RULES = (requirements_clash, requirements_need_network, requirements_not_pinned)


def _applies(requirement: Requirement, python: str | None) -> bool:
    """Say whether a line surely counts; of markers only one look at Python's version is read."""
    marker = _PYTHON_MARKER.fullmatch(requirement.marker)
    if marker and python:
        return Specifier(marker["operator"], marker["version"]).admits(python)
    return not requirement.marker


def _replaced(requirement: Requirement, carried: Mapping[str, str]) -> Iterator[Problem]:
    has = carried.get(requirement.name)
    if has and not all(specifier.admits(has) for specifier in requirement.specifiers):
        yield Problem(
            f"code_folder/{requirement.where}",
            f"replaces the image's own {requirement.name}, which its other packages were built "
            "with, whenever an instance starts",
            got=requirement.text,
            allowed=f"{requirement.name}=={has}",
            fix="leave the line out, or choose an image with that version",
        )


def _refused(requirement: Requirement, python: str | None) -> Iterator[Problem]:
    wheel = _WHEEL.search(requirement.location)
    if wheel and python and f"{wheel['major']}.{wheel['minor']}" != python:
        yield Problem(
            f"code_folder/{requirement.where}",
            f"is a wheel that the image's Python {python} refuses",
            got=requirement.text,
            fix=f"take the wheel for Python {python}",
        )
