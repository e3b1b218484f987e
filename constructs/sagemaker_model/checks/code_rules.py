"""Rules about the functions of inference.py.

A toolkit whose user code can't be loaded still answers "Healthy", and every call then fails: so
what the code shows is told at synth.
"""

from __future__ import annotations

from collections.abc import Iterator

from sagemaker_model.checks.code_subject import CodeSubject
from sagemaker_model.checks.finding import Severity
from sagemaker_model.checks.requirement_rules import REQUIREMENT_RULES
from sagemaker_model.checks.rule import Problem, rule
from sagemaker_model.code_folder.handler_functions import CONTRACT, HandlerFunction
from sagemaker_model.code_folder.image_contents import TESTED
from sagemaker_model.image.version import version_key

_PARTS = ("input_fn", "predict_fn", "output_fn")
# Names that say that the context is meant to come in.
_CONTEXTS = frozenset({"", "ctx"})


@rule(
    "code-arity",
    Severity.ERROR,
    "A function can't be called with what the toolkit gives.",
    fix="Give the function the parameters that the message names, by position.",
)
def code_arity(subject: CodeSubject) -> Iterator[Problem]:
    """Find a wrong number of parameters: the context, as one more, is all that may be added."""
    for function in _functions(subject):
        given = CONTRACT[function.name]
        if function.parameters and not function.parameters.fit(len(given)):
            yield Problem(
                _path(subject, function),
                f"{function.name} can't be called with what the toolkit gives, which it tells by "
                "the number of parameters, *args and **kwargs counting as one each",
                got=f"{function.parameters.count} parameter(s)",
                allowed=f"({', '.join(given)}) or ({', '.join(given)}, context)",
                fix="give it just these parameters, by position",
            )


@rule(
    "code-default-parameter",
    Severity.ERROR,
    "A parameter with a default gets the context.",
    fix="Read the value from the request, or call the parameter `context`.",
)
def code_default_parameter(subject: CodeSubject) -> Iterator[Problem]:
    """Find an extra parameter that was meant to keep its default."""
    for function in _functions(subject):
        parameters, given = function.parameters, len(CONTRACT[function.name])
        if not parameters or not parameters.fit(given) or len(parameters.positional) <= given:
            continue
        extra = parameters.positional[-1]
        if extra in parameters.optional and not _is_context(extra):
            yield Problem(
                _path(subject, function),
                f"the toolkit gives {function.name} its context for the parameter {extra!r}, "
                "whatever the default says",
                fix=f"read {extra!r} from the request or the environment, or call the parameter "
                "'context'",
            )


@rule(
    "code-transform-exclusive",
    Severity.ERROR,
    "A transform_fn stands beside what it replaces.",
    fix="Keep one of the two ways.",
)
def code_transform_exclusive(subject: CodeSubject) -> Iterator[Problem]:
    """Find transform_fn with one of the functions that it does the work of."""
    functions = {function.name: function for function in _functions(subject)}
    beside = [name for name in _PARTS if name in functions]
    if "transform_fn" in functions and beside:
        yield Problem(
            _path(subject, functions["transform_fn"]),
            f"transform_fn does the work of {', '.join(beside)}, and the toolkit refuses both",
            fix="keep transform_fn and call the others under another name, or leave it out",
        )


@rule(
    "code-async",
    Severity.ERROR,
    "A function is async, and nothing awaits it.",
    fix="Write the function without `async`.",
)
def code_async(subject: CodeSubject) -> Iterator[Problem]:
    """Find coroutine functions, whose coroutine would be taken for the result."""
    for function in _functions(subject):
        if function.is_async:
            yield Problem(
                _path(subject, function),
                f"{function.name} is async, but the toolkit awaits nothing, so that its coroutine "
                f"is taken for the {'model' if function.name == 'model_fn' else 'result'}",
                fix="write it without async, and run what is to be awaited with asyncio.run(…)",
            )


@rule(
    "code-without-functions",
    Severity.WARNING,
    "The code has nothing that the toolkit calls.",
    fix="Define one of the functions at the top level.",
)
def code_without_functions(subject: CodeSubject) -> Iterator[Problem]:
    """Find a program without any of the functions: the toolkit's own would serve the model."""
    code = subject.code
    if subject.known and code.complete and not code.functions:
        yield Problem(
            f"code_folder/{code.program}",
            "has none of the functions that the toolkit calls, so its own defaults serve the model",
            allowed=", ".join(CONTRACT),
            fix="define one of them at the top level of the module",
        )


@rule(
    "code-output-tuple",
    Severity.WARNING,
    "A tuple is returned, which is not taken apart.",
    fix="Return the body alone.",
)
def code_output_tuple(subject: CodeSubject) -> Iterator[Problem]:
    """Find (body, content type), which sagemaker-inference unpacks and Hugging Face's does not."""
    if not subject.hugging_face:
        return
    for function in _functions(subject):
        if function.name in {"output_fn", "transform_fn"} and function.returns_tuple:
            yield Problem(
                _path(subject, function),
                f"{function.name} returns a tuple, which the Hugging Face toolkit hands on as it "
                "is: the type of the answer is what the request accepts",
                fix="return the body alone",
            )


@rule(
    "code-image-untested",
    Severity.INFO,
    "The image is newer than what the tests run.",
    fix="Try your code in the image, or leave `container` out.",
)
def code_image_untested(subject: CodeSubject) -> Iterator[Problem]:
    """Tell of images whose toolkit is newer than the one that the ready handlers are run in."""
    version = subject.image.version
    if subject.hugging_face and version and version_key(version) > version_key(TESTED):
        yield Problem(
            "container",
            "has a newer transformers than the tests of this library run inference code with",
            got=version,
            fix=f"try your code in it, or leave container out for transformers {TESTED}",
        )


CODE_RULES = (
    code_arity,
    code_default_parameter,
    code_transform_exclusive,
    code_async,
    code_without_functions,
    code_output_tuple,
    code_image_untested,
    *REQUIREMENT_RULES,
)


def _functions(subject: CodeSubject) -> tuple[HandlerFunction, ...]:
    return tuple(subject.code.functions.values()) if subject.judged else ()


def _path(subject: CodeSubject, function: HandlerFunction) -> str:
    return f"code_folder/{subject.code.program}:{function.line}"


def _is_context(name: str) -> bool:
    return "context" in name or name.strip("_") in _CONTEXTS
