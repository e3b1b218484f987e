"""Read requirements.txt as pip does, as far as the checks need it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sagemaker_model.code_folder.version import Specifier, read_specifiers

FILE = "requirements.txt"
"""The one file that the toolkits install, from the root of the code folder.

Source: model_server.py of aws/sagemaker-inference-toolkit.
"""

_WORD = r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?"
_EXTRAS = rf"\[\s*(?:{_WORD}\s*(?:,\s*{_WORD}\s*)*)?\]"
_NAME = rf"(?P<name>{_WORD})\s*(?:{_EXTRAS})?\s*"
_BY_URL = re.compile(rf"{_NAME}@\s*(?P<location>\S+)(?:\s+;\s*(?P<marker>.+))?", re.ASCII)
_BY_VERSION = re.compile(
    rf"{_NAME}(?:\((?P<braced>[^()]*)\)|(?P<versions>[^()@;\[\]]*))\s*(?:;\s*(?P<marker>.+))?",
    re.ASCII,
)
_BY_PATH = re.compile(
    r"(?P<location>\S*/\S*|[a-z][a-z+]*:\S+|\S+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2))"
    r"(?:\s+;\s*(?P<marker>.+))?"
)
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]\s*(?P<location>\S+)")
_INCLUDED = re.compile(r"(?P<option>-r|-c|--requirement|--constraint)[\s=]?\s*(?P<path>\S+)")
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_OPTIONS = re.compile(r"\s+--?[a-z].*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line that asks for a package.

    Args:
        text: The line, without comment and options.
        where: File and line, such as ``requirements.txt:3``.
        name: Name in lower case, words joined by hyphens; empty where only *location* tells.
        specifiers: Conditions on the version. Default: none.
        location: URL or path of the package. Default: empty; an index is asked for the name.
        marker: Condition on the surroundings, such as ``python_version < "3.12"``.
            Default: empty; the line always counts.
    """

    text: str
    where: str
    name: str = ""
    specifiers: tuple[Specifier, ...] = ()
    location: str = ""
    marker: str = ""

    @property
    def pinned(self) -> bool:
        """Whether the same version is installed each time."""
        return bool(self.location) or any(
            each.operator in {"==", "==="} and not each.version.endswith(".*")
            for each in self.specifiers
        )


@dataclass(frozen=True, slots=True)
class Requirements:
    """All that requirements.txt says, with the files that it includes.

    Args:
        packages: What is to be installed. Default: nothing.
        options: Lines that tell pip how, such as ``--no-index``. Default: none.
    """

    packages: tuple[Requirement, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def needs_network(self) -> bool:
        """Whether pip has to reach an index or another host for them, or for what they need."""
        remote = any("://" in each.location for each in self.packages)
        return remote or (bool(self.packages) and "--no-index" not in self.options)


def read_requirements(folder: Path) -> Requirements:
    """Read the requirements of a code folder; none where there is no such file.

    Args:
        folder: The code folder.

    Raises:
        ValueError: pip could not read a line, or an included file is not in the folder.
    """
    return _read_file(folder, FILE, ()) if (folder / FILE).is_file() else Requirements()


def read_requirement(text: str, where: str = FILE) -> Requirement:
    """Read one line that asks for a package.

    Args:
        text: The line, without comment.
        where: File and line, for messages. Default: the file's name.

    Raises:
        ValueError: pip could not read it.
    """
    line = _OPTIONS.sub("", text)
    if "${" in line:  # only the container knows the rest
        return Requirement(text=line, where=where, location=line)
    match = _BY_URL.fullmatch(line) or _BY_PATH.fullmatch(line) or _BY_VERSION.fullmatch(line)
    if not match:
        raise ValueError(_unreadable(text, where))
    found = match.groupdict(default="")
    versions = (found.get("braced") or found.get("versions", "")).strip()
    try:
        specifiers = read_specifiers(versions)
    except ValueError:
        raise ValueError(_unreadable(text, where)) from None
    return Requirement(
        text=line,
        where=where,
        name=re.sub(r"[-_.]+", "-", found.get("name", "")).lower(),
        specifiers=specifiers,
        location=found.get("location", ""),
        marker=found["marker"].strip(),
    )


def _read_file(folder: Path, name: str, outer: tuple[str, ...]) -> Requirements:
    packages: list[Requirement] = []
    options: list[str] = []
    for where, line in _lines(folder, name):
        included, editable = _INCLUDED.fullmatch(line), _EDITABLE.fullmatch(line)
        if included and "://" not in line:
            path = _included_path(folder, name, included["path"], where)
            if included["option"] in {"-r", "--requirement"} and path not in (*outer, name):
                nested = _read_file(folder, path, (*outer, name))
                packages += nested.packages
                options += nested.options
        elif editable:
            packages.append(Requirement(text=line, where=where, location=editable["location"]))
        elif line.startswith("-"):
            options.append(line)
        else:
            packages.append(read_requirement(line, where))
    return Requirements(tuple(packages), tuple(options))


def _lines(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Find what is not empty or a comment, lines that end in a backslash joined to the next."""
    whole, first = "", 0
    for number, line in enumerate(_text(folder, name).splitlines(), 1):
        first = first if whole else number
        comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not comment:
            whole += line[:-1]
            continue
        joined = _COMMENT.sub("", whole + (" " if comment else "") + line).strip()
        if joined:
            yield f"{name}:{first}", joined
        whole = ""
    if whole.strip():
        yield f"{name}:{first}", whole.strip()


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{folder / name} is not written in UTF-8 ({error}); save it so") from None


def _included_path(folder: Path, name: str, path: str, where: str) -> str:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
    if joined.startswith(("/", "../")) or not (folder / joined).is_file():
        raise ValueError(
            f"{where} names {path!r}, which is not in the code folder {str(folder)!r} and so not "
            "staged; put the file there"
        )
    return joined


def _unreadable(text: str, where: str) -> str:
    return (
        f"{where} can't be read by pip: {text!r}; write a name with its versions, such as "
        "'transformers==4.51.3', 'name @ https://…', a URL or a path"
    )
