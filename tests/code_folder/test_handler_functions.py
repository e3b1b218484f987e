"""What the syntax tells of the functions, compared with what Python does when they are called."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.code_folder.handler_functions import (
    CONTRACT,
    HandlerFunction,
    imports_everything,
    read_functions,
)


def read(source: str) -> dict[str, HandlerFunction]:
    return read_functions(ast.parse(source))


def toolkit_calls(function: Callable[..., object], arguments: int) -> bool:
    """Do as the toolkits do: count the parameters, add the context for one more, and call."""
    count = len(inspect.signature(function).parameters)
    if count not in {arguments, arguments + 1}:
        return False
    try:
        function(*range(count))
    except TypeError:
        return False
    return True


@st.composite
def signatures(draw: st.DrawFn) -> str:
    names = [f"p{number}" for number in range(draw(st.integers(0, 6)))]
    defaults = draw(st.integers(0, len(names)))
    parts = [*names[: len(names) - defaults], *(f"{name}=1" for name in names[-defaults:])]
    parts = parts if defaults else names
    positional_only = draw(st.booleans())
    if names and positional_only:
        parts.insert(draw(st.integers(1, len(parts))), "/")
    keywords = draw(st.lists(st.sampled_from(["=1", ""]), max_size=2))
    variadic = draw(st.booleans())
    if variadic or keywords:
        parts.append("*args" if variadic else "*")
    parts += [f"k{number}{default}" for number, default in enumerate(keywords)]
    open_ended = draw(st.booleans())
    return ", ".join([*parts, "**kwargs"] if open_ended else parts)


@given(signatures(), st.integers(1, 4))
def test_a_signature_fits_exactly_where_the_toolkits_call_succeeds(
    signature: str, arguments: int
) -> None:
    source = f"def predict_fn({signature}): return None"
    namespace: dict[str, Callable[..., object]] = {}
    exec(source, namespace)

    parameters = read(source)["predict_fn"].parameters

    assert parameters is not None
    assert parameters.fit(arguments) == toolkit_calls(namespace["predict_fn"], arguments)


def test_names_and_defaults_are_told() -> None:
    parameters = read("def model_fn(model_dir, /, context=None, **rest): ...")[
        "model_fn"
    ].parameters

    assert parameters is not None
    assert parameters.positional == ("model_dir", "context")
    assert parameters.optional == ("context",)
    assert parameters.count == 3


@pytest.mark.parametrize("name", CONTRACT)
def test_each_function_of_the_contract_is_found(name: str) -> None:
    assert set(read(f"def {name}(): ...\ndef other(): ...")) == {name}


@pytest.mark.parametrize(
    "source",
    [
        "if GPU:\n    def predict_fn(data, model): ...",
        "try:\n    import fast\nexcept ImportError:\n    def predict_fn(data, model): ...",
        "with setup():\n    def predict_fn(data, model): ...",
        "match KIND:\n    case 1:\n        def predict_fn(data, model): ...",
        "predict_fn = lambda data, model: data",
        "predict_fn: object = lambda data, model: data",
        "import torch\n@torch.inference_mode()\ndef predict_fn(data, model): ...",
        "from torch import no_grad\n@no_grad()\ndef predict_fn(data, model): ...",
    ],
)
def test_a_function_is_found_and_read_wherever_the_module_makes_it(source: str) -> None:
    parameters = read(source)["predict_fn"].parameters

    assert parameters is not None
    assert parameters.positional == ("data", "model")


@pytest.mark.parametrize(
    "source",
    [
        "from helpers import predict_fn",
        "from helpers import run as predict_fn",
        "import helpers as predict_fn",
        "predict_fn = make()",
        "predict_fn, other = make()",
        "class predict_fn: ...",
        "@wrapped\ndef predict_fn(data): ...",
        "if GPU:\n    def predict_fn(data): ...\nelse:\n    def predict_fn(data, model): ...",
    ],
)
def test_what_the_syntax_does_not_tell_is_found_but_not_judged(source: str) -> None:
    assert read(source)["predict_fn"].parameters is None


@pytest.mark.parametrize(
    "source",
    [
        "def outer():\n    def predict_fn(data): ...",
        "class Handler:\n    def predict_fn(self): ...",
        "predict_fn: object",
    ],
)
def test_what_is_no_name_of_the_module_is_not_found(source: str) -> None:
    assert read(source) == {}


def test_a_coroutine_function_and_its_line_are_told() -> None:
    function = read("\n\nasync def predict_fn(data, model): ...")["predict_fn"]

    assert (function.is_async, function.line) == (True, 3)


@pytest.mark.parametrize(
    ("body", "returned"),
    [
        ("return prediction, accept", True),
        ("if accept:\n        return (prediction, accept)\n    return prediction", True),
        ("return prediction", False),
        ("def inner():\n        return 1, 2\n    return prediction", False),
        ("return", False),
    ],
)
def test_a_tuple_behind_a_return_of_its_own_is_told(body: str, *, returned: bool) -> None:
    function = read(f"def output_fn(prediction, accept):\n    {body}")["output_fn"]

    assert function.returns_tuple is returned


def test_a_lambda_that_gives_a_tuple_is_told() -> None:
    assert read("output_fn = lambda prediction, accept: (prediction, accept)")[
        "output_fn"
    ].returns_tuple


def test_an_import_of_everything_is_told() -> None:
    assert imports_everything(ast.parse("try:\n    from helpers import *\nfinally: pass"))
    assert not imports_everything(ast.parse("from helpers import model_fn"))
