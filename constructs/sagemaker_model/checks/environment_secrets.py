"""What a secret in a container's environment looks like."""

from __future__ import annotations

import re

from sagemaker_model.tokens import is_token

# What tokens and keys of Hugging Face, AWS and OpenAI look like, and dynamic references to secrets.
_SECRET = re.compile(
    r"\bhf_[A-Za-z0-9]{20,}|\bhf_oauth_|\bA[KS]IA[0-9A-Z]{16}\b|\bsk-[A-Za-z0-9]{20,}"
    r"|\{\{resolve:(secretsmanager|ssm-secure)"
)
_SECRET_NAMES = frozenset(
    {
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "HF_API_TOKEN",
        "HF_TOKEN",
        "HUGGING_FACE_HUB_TOKEN",
        "NGROK_AUTHTOKEN",
        "SM_VLLM_HF_TOKEN",
    }
)


def is_secret(key: str, value: object) -> bool:
    """Say whether a variable's name or value is one of a secret."""
    if not isinstance(value, str):
        return False
    named = key in _SECRET_NAMES and bool(value) and not is_token(value)
    return named or _SECRET.search(value) is not None


def shown(key: str, value: str) -> str:
    """Return a value as a message may show it: secrets are not."""
    return "" if is_secret(key, value) else value
