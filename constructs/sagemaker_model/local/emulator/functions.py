"""What functions of Lambda log, as long as they are there.

Lambda writes a function's log with the rights of its role ("Sending Lambda function logs to
CloudWatch Logs" of the Lambda developer guide), which is gone with its stack; ministack would make
the deleted log group anew for the last lines.
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc

HOOKS = (
    "ministack.services.lambda_svc:_emit_lambda_logs",
    "ministack.services.lambda_svc:_functions",
)


def install() -> None:
    """Have functions that were deleted while they ran log nothing more."""
    write = lambda_svc._emit_lambda_logs  # noqa: SLF001

    def write_of_known(function: dict[str, Any], *told: Any, **named: Any) -> None:
        name = function.get("config", function).get("FunctionName")
        if name in lambda_svc._functions:  # noqa: SLF001
            write(function, *told, **named)

    lambda_svc._emit_lambda_logs = write_of_known  # noqa: SLF001
