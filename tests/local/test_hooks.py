"""What is used of ministack's private parts is where it was."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

from sagemaker_model.local import emulator

FILES = sorted(each.name for each in pkgutil.iter_modules(emulator.__path__))


def hooks() -> list[str]:
    modules = (importlib.import_module(f"{emulator.__name__}.{name}") for name in FILES)
    return sorted({hook for module in modules for hook in getattr(module, "HOOKS", ())})


@pytest.mark.parametrize("hook", hooks())
def test_ministack_still_has_what_the_local_aws_hooks_into(hook: str) -> None:
    module, _, name = hook.partition(":")
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("name", FILES)
def test_each_file_that_imports_ministack_names_its_hooks(name: str) -> None:
    module = importlib.import_module(f"{emulator.__name__}.{name}")
    assert module.__file__
    lines = Path(module.__file__).read_text(encoding="utf-8").splitlines()
    imports = any(line.startswith(("from ministack", "import ministack")) for line in lines)
    assert not imports or module.HOOKS
