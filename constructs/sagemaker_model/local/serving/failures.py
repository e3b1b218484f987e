"""Why engines that don't run here would end as soon as they start, in their own words.

Only what variables and ``config.json`` tell is known: no memory, no GPU and no driver is tried.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sagemaker_model.engine.model_kinds import known_kinds

_MOUNTED = "/opt/ml/model"
_NO_MODEL = "HF_MODEL_ID must be set"
_NO_HUB = (
    "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find "
    "them in the cached files."
)


@dataclass(frozen=True)
class Start:
    """What an engine starts with.

    Args:
        variables: Its environment variables.
        model: Its model folder.
        isolated: Whether it has no way to a network.
    """

    variables: Mapping[str, str]
    model: Path
    isolated: bool = False

    def config(self) -> Mapping[str, Any]:
        """Return the model's ``config.json``; nothing where there is none."""
        try:
            told = json.loads((self.model / "config.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def first(self, *names: str) -> str:
        """Return the first of some variables that is set; empty where none is."""
        return next((self.variables[name] for name in names if self.variables.get(name)), "")

    def number(self, *names: str) -> int:
        """Return the number in the first of some variables that is set; 0 where there is none."""
        value = self.first(*names)
        return int(value) if value.isdigit() else 0


Failure = Callable[[Start], str | None]


@dataclass(frozen=True)
class Names:
    """The variables by which an engine is told what it could stumble over.

    Args:
        model: The model's id, or its folder.
        shards: Over how many GPUs the model is split.
        trust: Whether the model's own code may run.
        longest: The longest context. Default: what it does with that is not known here.
        shards_words: What it says where the attention heads can't be split so.
    """

    model: tuple[str, ...]
    shards: tuple[str, ...]
    trust: tuple[str, ...]
    longest: tuple[str, ...] = ()
    shards_words: str = (
        "ValueError: Total number of attention heads ({heads}) must be divisible by tensor "
        "parallel size ({shards})."
    )


def failure(names: Names) -> Failure:
    """Return what tells why an engine would end.

    Args:
        names: Its variables.
    """

    def tell(start: Start) -> str | None:
        return next(_stumbles(names, start), None)

    return tell


def _stumbles(names: Names, start: Start) -> Iterator[str]:
    model = start.first(*names.model)
    if start.isolated and model and not model.startswith("/"):
        yield _NO_HUB
    config = start.config()
    kind = config.get("model_type")
    own_code = "AutoConfig" in config.get("auto_map", {}) and kind not in known_kinds(
        "transformers"
    )
    if own_code and start.first(*names.trust).lower() not in {"true", "1"}:
        yield (
            f"ValueError: Loading {model or _MOUNTED} requires you to execute the configuration "
            "file in that repo on your local machine. Make sure you have read the code there to "
            "avoid malicious use, then set the option `trust_remote_code=True` to remove this "
            "error."
        )
    heads, shards = config.get("num_attention_heads", 0), start.number(*names.shards)
    if heads and shards and heads % shards:
        yield names.shards_words.format(heads=heads, shards=shards)
    most, longest = config.get("max_position_embeddings", 0), start.number(*names.longest)
    if most and longest > most:
        yield (
            f"ValueError: User-specified max_model_len ({longest}) is greater than the derived "
            f"max_model_len (max_position_embeddings={most} or model_max_length=None in model's "
            "config.json)."
        )


def tgi(start: Start) -> str | None:
    """Source: sagemaker-entrypoint.sh, launcher/src/main.rs of text-generation-inference."""
    if not start.variables.get("HF_MODEL_ID"):
        return _NO_MODEL
    most = start.number("MAX_INPUT_TOKENS", "MAX_INPUT_LENGTH")
    total = start.number("MAX_TOTAL_TOKENS")
    if most and total and most >= total:
        return "`max_input_tokens` must be < `max_total_tokens`"
    return _tgi(start)


def tei(start: Start) -> str | None:
    """Source: sagemaker-entrypoint.sh of the image; AWS's own also takes what is mounted."""
    if not start.variables.get("HF_MODEL_ID") and not any(start.model.iterdir()):
        return _NO_MODEL
    return None


# Sources: flash_rw_modeling.py of text-generation-inference, config/model.py of vLLM.
_tgi = failure(
    Names(
        model=("HF_MODEL_ID",),
        shards=("SM_NUM_GPUS", "NUM_SHARD"),
        trust=("HF_MODEL_TRUST_REMOTE_CODE", "TRUST_REMOTE_CODE"),
        shards_words="ValueError: `num_heads` must be divisible by `num_shards` (got `num_heads`: "
        "{heads} and `num_shards`: {shards}",
    )
)
vllm = failure(
    Names(
        model=("SM_VLLM_MODEL", "HF_MODEL_ID"),
        shards=("SM_VLLM_TENSOR_PARALLEL_SIZE",),
        trust=("SM_VLLM_TRUST_REMOTE_CODE",),
        longest=("SM_VLLM_MAX_MODEL_LEN",),
    )
)
sglang = failure(
    Names(
        model=("SM_SGLANG_MODEL_PATH", "HF_MODEL_ID"),
        shards=("SM_SGLANG_TP", "SM_SGLANG_TP_SIZE", "SM_SGLANG_TENSOR_PARALLEL_SIZE"),
        trust=("SM_SGLANG_TRUST_REMOTE_CODE",),
    )
)
lmi = failure(
    Names(
        model=("HF_MODEL_ID", "OPTION_MODEL_ID"),
        shards=("TENSOR_PARALLEL_DEGREE", "OPTION_TENSOR_PARALLEL_DEGREE"),
        trust=("HF_MODEL_TRUST_REMOTE_CODE", "OPTION_TRUST_REMOTE_CODE"),
        longest=("OPTION_MAX_MODEL_LEN",),
    )
)
