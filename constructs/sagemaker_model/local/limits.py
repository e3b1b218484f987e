"""What a request may hold: AWS's own model of its API, with the limits that SDKs don't check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from sagemaker_model.local.emulator.services import ApiError

_SHOWN = 256


@cache
def service_model(service: str) -> Any:
    """Return botocore's model of a service's API.

    Args:
        service: botocore's name of the service, for example ``sagemaker``.
    """
    return botocore.session.get_session().get_service_model(service)


def check(service: str, operation: str, parameters: Mapping[str, Any]) -> None:
    """Refuse a request that AWS's API would refuse before it looks at anything.

    Args:
        service: botocore's name of the service.
        operation: Name of the operation.
        parameters: Its parameters.

    Raises:
        ApiError: ``UnknownOperationException``, or ``ValidationException`` with what is wrong.
    """
    model = service_model(service)
    if operation not in model.operation_names:
        raise ApiError("UnknownOperationException", f"there is no operation {operation}")
    shape = model.operation_model(operation).input_shape
    report = ParamValidator().validate(parameters, shape)
    problems = (
        [report.generate_report()] if report.has_errors() else list(_limits(parameters, shape))
    )
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        raise ApiError("ValidationException", f"{count}: {'; '.join(problems)}")


def _limits(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    if shape.type_name == "structure":
        for name, given in value.items():
            yield from _limits(given, shape.members[name], f"{path}.{_lower(name)}".lstrip("."))
    elif shape.type_name == "list":
        yield from _broken(len(value), value, shape, path, "length")
        for index, each in enumerate(value, 1):
            yield from _limits(each, shape.member, f"{path}.{index}.member")
    elif shape.type_name == "map":
        yield from _broken(len(value), value, shape, path, "length")
        for name, each in value.items():
            yield from _limits(name, shape.key, f"{path}.key")
            yield from _limits(each, shape.value, f"{path}.{name}.member")
    elif shape.type_name == "string":
        yield from _text(value, shape, path)
    elif shape.type_name in {"integer", "long", "float", "double"}:
        yield from _broken(value, value, shape, path, "value")


def _text(value: str, shape: Any, path: str) -> Iterator[str]:
    yield from _broken(len(value), value, shape, path, "length")
    pattern, allowed = shape.metadata.get("pattern"), shape.metadata.get("enum")
    readable = _python(pattern) if pattern else None
    if readable and not readable.fullmatch(value):
        yield _problem(value, path, f"satisfy regular expression pattern: {pattern}")
    if allowed and value not in allowed:
        yield _problem(value, path, f"satisfy enum value set: [{', '.join(sorted(allowed))}]")


def _broken(measure: float, value: Any, shape: Any, path: str, what: str) -> Iterator[str]:
    kind = "have length" if what == "length" else "have value"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and measure < least:
        yield _problem(value, path, f"{kind} greater than or equal to {least}")
    if most is not None and measure > most:
        yield _problem(value, path, f"{kind} less than or equal to {most}")


def _problem(value: Any, path: str, constraint: str) -> str:
    shown = str(value)[:_SHOWN]
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: Member must {constraint}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


@cache
def _python(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern of AWS's models as Python reads it; None where only Java can."""
    try:
        return re.compile(pattern)
    except re.error:
        return None
