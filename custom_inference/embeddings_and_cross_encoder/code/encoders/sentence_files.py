"""What sentence-transformers' own files say about a model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from encoders.models import read_json
from encoders.pooling import MODES

# Names in files of sentence-transformers before 5.4, which had a switch for each.
_SWITCHES = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
LAYERS = frozenset({"Dense", "LayerNorm", "Normalize", "Dropout"})
"""Modules that may follow the pooling."""


@dataclass(frozen=True)
class SentenceFiles:
    """A model as sentence-transformers would run it.

    Args:
        transformer: Folder of the transformer.
        pooling: How the vectors of tokens become one, names out of ``MODES``.
        max_length: Tokens after which a text is cut off. Default: None, not said.
        lower_case: Whether texts are brought to lower case first. Default: False.
        include_prompt: Whether the prompt's tokens count in the pooling. Default: True.
        layers: What follows the pooling: kind and folder of each. Default: nothing.
        prompts: Texts that are put before others, by name. Default: none.
        default_prompt: Name of the one that is taken where none is asked for. Default: None.
    """

    transformer: Path
    pooling: tuple[str, ...]
    max_length: int | None = None
    lower_case: bool = False
    include_prompt: bool = True
    layers: tuple[tuple[str, Path], ...] = ()
    prompts: Mapping[str, str | None] = field(default_factory=dict)
    default_prompt: str | None = None


def read_sentence_files(folder: Path) -> SentenceFiles:
    """Read a model's folder; what is not said there is as sentence-transformers has it.

    Args:
        folder: The model's files.

    Raises:
        ValueError: The files ask for a module or a way of pooling that is unknown here.
    """
    transformer, pooling, layers = _modules(folder)
    text = _text_config(transformer)
    pooling_config = read_json(pooling / "config.json")
    prompts = read_json(folder / "config_sentence_transformers.json")
    return SentenceFiles(
        transformer=transformer,
        pooling=_pooling(pooling_config) or _default_pooling(transformer),
        max_length=text.get("max_seq_length"),
        lower_case=bool(text.get("do_lower_case")),
        include_prompt=pooling_config.get("include_prompt", True),
        layers=layers,
        prompts=prompts.get("prompts") or {},
        default_prompt=prompts.get("default_prompt_name"),
    )


def _modules(folder: Path) -> tuple[Path, Path, tuple[tuple[str, Path], ...]]:
    path = folder / "modules.json"
    if not path.is_file():
        return folder, folder / "1_Pooling", ()
    listed = sorted(json.loads(path.read_text(encoding="utf-8")), key=lambda module: module["idx"])
    kinds = [module["type"].rpartition(".")[2] for module in listed]
    folders = [folder / module["path"] for module in listed]
    unknown = sorted(set(kinds[2:]) - LAYERS)
    if kinds[:2] != ["Transformer", "Pooling"] or unknown:
        raise ValueError(
            f"modules.json of {folder.name!r} asks for {', '.join(kinds)}; this code runs a "
            f"Transformer and a Pooling, and after them {', '.join(sorted(LAYERS))}; serve this "
            "model with sentence-transformers in code of your own"
        )
    return folders[0], folders[1], tuple(zip(kinds[2:], folders[2:], strict=True))


def _text_config(folder: Path) -> dict[str, Any]:
    # The name carries the architecture in some models: sentence_roberta_config.json.
    paths = sorted(folder.glob("sentence_*_config.json"))
    return read_json(paths[0]) if paths else {}


def _pooling(config: dict[str, Any]) -> tuple[str, ...]:
    named = config.get("pooling_mode")
    if named is None:
        return tuple(mode for switch, mode in _SWITCHES.items() if config.get(switch))
    modes = (named,) if isinstance(named, str) else tuple(named)
    unknown = sorted(set(modes) - set(MODES))
    if unknown:
        raise ValueError(f"pooling {unknown[0]!r} is unknown here; known are {', '.join(MODES)}")
    return modes


def _default_pooling(transformer: Path) -> tuple[str, ...]:
    config = read_json(transformer / "config.json")
    names = config.get("architectures") or [""]
    # Only the last token of a causal model has seen the whole text.
    causal = names[0].endswith("ForCausalLM") and config.get("is_causal", True)
    return ("lasttoken",) if causal else ("mean",)
