"""The functions that a toolkit looks for in inference.py, read from the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

CONTRACT = {
    "model_fn": ("model_dir",),
    "input_fn": ("input_data", "content_type"),
    "predict_fn": ("data", "model"),
    "output_fn": ("prediction", "accept"),
    "transform_fn": ("model", "input_data", "content_type", "accept"),
}
"""What each function is called with, besides the context that it may take as one more.

Source: handler_service.py of aws/sagemaker-huggingface-inference-toolkit and transformer.py of
aws/sagemaker-inference-toolkit, which count the parameters of a function to decide on the context.
"""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)
# Decorators after which a function still shows the parameters that it was written with.
_TRANSPARENT = frozenset({"cache", "inference_mode", "lru_cache", "no_grad"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a function can be called with.

    Args:
        positional: Names that can be given by position.
        optional: Those of them with a default.
        variadic: Whether there is ``*args``.
        keywords: How many can be given by name only, ``**kwargs`` being one.
        needs_keywords: Whether one of these has no default.
    """

    positional: tuple[str, ...]
    optional: tuple[str, ...] = ()
    variadic: bool = False
    keywords: int = 0
    needs_keywords: bool = False

    @property
    def count(self) -> int:
        """How many there are, as a toolkit counts: ``*args`` and ``**kwargs`` are one each."""
        return len(self.positional) + self.variadic + self.keywords

    def fit(self, arguments: int) -> bool:
        """Say whether a toolkit's call succeeds.

        Args:
            arguments: How many it has to give; with one parameter more it adds the context.
        """
        counted = self.count in {arguments, arguments + 1}
        return counted and (self.variadic or not self.keywords) and not self.needs_keywords


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerFunction:
    """One of the functions, as the module defines it.

    Args:
        name: Its name.
        line: Line of the definition.
        parameters: What it can be called with. Default: None, which says that it can't be read
            from the syntax: it is imported, decorated, or bound more than once.
        is_async: Whether it is a coroutine function. Default: False.
        returns_tuple: Whether a tuple is written behind one of its ``return``. Default: False.
    """

    name: str
    line: int
    parameters: Parameters | None = None
    is_async: bool = False
    returns_tuple: bool = False


def read_functions(module: ast.Module) -> dict[str, HandlerFunction]:
    """Return the functions of the contract that a module binds, by name.

    Args:
        module: The syntax tree.
    """
    functions: dict[str, HandlerFunction] = {}
    for statement in _statements(module):
        for function in _bound(statement):
            again = function.name in functions
            functions[function.name] = (
                HandlerFunction(name=function.name, line=function.line) if again else function
            )
    return {name: functions[name] for name in CONTRACT if name in functions}


def imports_everything(module: ast.Module) -> bool:
    """Say whether names may come from an ``import *``, which the syntax can't tell."""
    return any(
        isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
        for statement in _statements(module)
    )


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Find the statements of one scope, those inside branches too."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if not isinstance(child, _SCOPES):
            yield from _statements(child)


def _bound(statement: ast.stmt) -> Iterator[HandlerFunction]:
    line = statement.lineno
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _defined(statement)
        case ast.ClassDef(name=name):
            yield HandlerFunction(name=name, line=line)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for alias in names:
                yield HandlerFunction(name=alias.asname or alias.name, line=line)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(target, value)


def _defined(function: ast.FunctionDef | ast.AsyncFunctionDef) -> HandlerFunction:
    shown = all(_last_name(decorator) in _TRANSPARENT for decorator in function.decorator_list)
    return HandlerFunction(
        name=function.name,
        line=function.lineno,
        parameters=_parameters(function.args) if shown else None,
        is_async=isinstance(function, ast.AsyncFunctionDef),
        returns_tuple=any(
            isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple)
            for statement in _statements(function)
        ),
    )


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[HandlerFunction]:
    if isinstance(target, ast.Tuple):
        for element in target.elts:
            yield from _assigned(element, target)
    elif isinstance(target, ast.Name):
        written = value if isinstance(value, ast.Lambda) else None
        yield HandlerFunction(
            name=target.id,
            line=target.lineno,
            parameters=_parameters(written.args) if written else None,
            returns_tuple=written is not None and isinstance(written.body, ast.Tuple),
        )


def _parameters(arguments: ast.arguments) -> Parameters:
    positional = tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args))
    return Parameters(
        positional=positional,
        optional=positional[len(positional) - len(arguments.defaults) :],
        variadic=arguments.vararg is not None,
        keywords=len(arguments.kwonlyargs) + (arguments.kwarg is not None),
        needs_keywords=None in arguments.kw_defaults,
    )


def _last_name(decorator: ast.expr) -> str:
    """Return ``no_grad`` of ``torch.no_grad()``."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
