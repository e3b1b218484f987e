"""Requests to a model that echoes, and what the real model server answered to each.

It was multi-model-server 1.1.11 with toolkit 2.6.0 on Java 17; a test asks it again on Java 25.
"""

from __future__ import annotations

from local.serving.conftest import JSON

ECHO = """\
def model_fn(model_dir):
    return "model"

def predict_fn(data, model):
    if data["inputs"] == "refused":
        raise ValueError("it's <refused> & told, so = why")
    if data["inputs"] == "nan":
        return float("nan")
    return {"echo": data["inputs"]}
"""
ANSWERED = {
    "what is expected": (JSON, b'{"inputs":"hello"}', b'{"echo":"hello"}'),
    "anything accepted": (
        {**JSON, "accept": "*/*"},
        b'{"inputs":"hello"}',
        b'{"echo":"hello"}',
    ),
    "more than ASCII": (JSON, '{"inputs":"ü"}'.encode(), '{"echo":"ü"}'.encode()),
}
NOT_SUPPORTED = (
    "Content type {} is not supported by this framework.\n\n"
    "            Please implement input_fn to to deserialize the request data or an output_fn to\n"
    "            serialize the response. For more information, see the SageMaker Python SDK README."
)
REFUSED = {
    "a charset": (
        {"content-type": "application/json; charset=utf-8"},
        b'{"inputs":"hello"}',
        NOT_SUPPORTED.format("application/json; charset\\u003dutf-8"),
    ),
    "no content type": ({}, b'{"inputs":"hello"}', NOT_SUPPORTED.format("None")),
    "several types accepted": (
        {**JSON, "accept": "application/json, text/plain"},
        b'{"inputs":"hello"}',
        NOT_SUPPORTED.format("application/json, text/plain"),
    ),
    "an unknown type accepted": (
        {**JSON, "accept": "text/plain"},
        b'{"inputs":"hello"}',
        NOT_SUPPORTED.format("text/plain"),
    ),
    "a mistake": (
        JSON,
        b'{"inputs":"refused"}',
        "it\\u0027s \\u003crefused\\u003e \\u0026 told, so \\u003d why",
    ),
    "not a number": (
        JSON,
        b'{"inputs":"nan"}',
        "Out of range float values are not JSON compliant",
    ),
    "no json": (JSON, b"not json", "Expecting value: line 1 column 1 (char 0)"),
    "an empty body": (JSON, b"", "Expecting value: line 1 column 1 (char 0)"),
    "another object": (JSON, b'{"x":1}', "\\u0027inputs\\u0027"),
}


def as_recorded(message: str) -> str:
    """Return the body around a message, which is told with JSON's line breaks."""
    lines = message.replace("\n", "\\n")
    return f'{{\n  "code": 400,\n  "type": "InternalServerException",\n  "message": "{lines}"\n}}\n'
