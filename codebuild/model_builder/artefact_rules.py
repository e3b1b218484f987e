"""What a model's files must be like for SageMaker's containers to load them.

The rules are those of the LMI documentation ("Model Artifacts for LMI"), the Hugging Face file
formats and SageMaker's S3ModelDataSource. Rules about the instance, the image or its environment
need more than files, and are checked where those are known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from model_builder.paths import MAX_KEY, fault_in_path
from model_builder.selection import FOREIGN, PICKLES, SAFETENSORS, is_weights

CONFIGS = ("config.json", "adapter_config.json", "model_index.json", "params.json")
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.txt", "vocab.json", "tekken.json")
READ = (*CONFIGS, "tokenizer_config.json", "serving.properties")
"""Files at the root whose contents the rules look at; weight indexes besides."""
POINTER = b"version https://git-lfs.github.com/spec/v1"
_ARCHIVE = re.compile(r"\.(tar|tgz|tar\.gz|zip|7z)$")
_SHARD = re.compile(r"(?P<stem>.*)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<end>\.\w+)$")
_CUSTOM_CODE = re.compile(r"(^|/)[^/]*(modell?ing|tokenizer|tokenization|configuration)[^/]*\.py$")
_GENERATES = re.compile(r"(CausalLM|LMHeadModel|ForConditionalGeneration)$")


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that does not hold.

    Args:
        rule: Its id.
        file: The file that breaks it, or the one that is missing.
        what: What is wrong, and what to do.
        stops: Whether the model cannot be staged so.
    """

    rule: str
    file: str
    what: str
    stops: bool = True

    def __str__(self) -> str:
        return f"{self.rule} {self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Artefacts:
    """What the rules look at.

    Args:
        sizes: Bytes of each selected file, by path.
        offered: All paths that the repository has, to tell why none was selected.
        texts: Contents of the small files in ``READ`` and of weight indexes, by path.
    """

    sizes: Mapping[str, int]
    offered: tuple[str, ...]
    texts: Mapping[str, bytes]

    def data(self, path: str) -> dict[str, object]:
        """Return a JSON file's object; an empty one where it is absent or broken."""
        try:
            value = json.loads(self.texts.get(path, b"{}"))
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


def broken_rules(artefacts: Artefacts) -> list[Broken]:
    """Return all rules that do not hold, those that stop first."""
    found = [broken for rule in _RULES for broken in rule(artefacts)]
    return sorted(found, key=lambda broken: not broken.stops)


def read_for_rules(path: str) -> bool:
    """Whether the rules want to see a file's contents."""
    return path in READ or path.endswith((".safetensors.index.json", ".bin.index.json"))


def _a1_config(artefacts: Artefacts) -> Iterable[Broken]:
    if not any(name in artefacts.sizes for name in CONFIGS):
        yield Broken("A1", "config.json", f"is missing at the root; one of {CONFIGS} must be there")


def _a2_tokenizer_config(artefacts: Artefacts) -> Iterable[Broken]:
    if "config.json" in artefacts.sizes and "tokenizer_config.json" not in artefacts.sizes:
        yield Broken(
            "A2",
            "tokenizer_config.json",
            "is missing at the root; add it to the repository, or name one that has it",
            _generates_text(artefacts),
        )


def _a3_tokenizer(artefacts: Artefacts) -> Iterable[Broken]:
    if "tokenizer_config.json" in artefacts.sizes and not set(TOKENIZERS) & set(artefacts.sizes):
        yield Broken("A3", "tokenizer.json", "is missing; a text model won't start", stops=False)


def _a4_format(artefacts: Artefacts) -> Iterable[Broken]:
    if any(is_weights(path) for path in artefacts.sizes):
        return
    foreign = [path for path in artefacts.offered if PurePosixPath(path).suffix in FOREIGN]
    if not foreign:
        yield Broken("A4", "*.safetensors", "no weights are there; check the model and patterns")
    elif not set(foreign) & set(artefacts.sizes):
        what = "is of another framework; use a repository with safetensors, or ALLOW_PATTERNS"
        yield Broken("A4", foreign[0], what)


def _a5_pickle(artefacts: Artefacts) -> Iterable[Broken]:
    suffixes = {path: PurePosixPath(path).suffix for path in artefacts.sizes}
    pickled = [path for path, suffix in suffixes.items() if suffix in PICKLES]
    if pickled and not SAFETENSORS & set(suffixes.values()):
        what = "pickled weights run code when they are loaded, and load slowly; prefer safetensors"
        yield Broken("A5", min(pickled), what, stops=False)


def _a6_shards(artefacts: Artefacts) -> Iterable[Broken]:
    for path in artefacts.texts:
        if path.endswith(".index.json"):
            yield from _index_faults(artefacts, path)
    yield from _missing_shards(artefacts)


def _index_faults(artefacts: Artefacts, index: str) -> Iterable[Broken]:
    weight_map = artefacts.data(index).get("weight_map")
    if not isinstance(weight_map, dict):
        yield Broken("A6", index, "has no 'weight_map'; write the index anew with transformers")
        return
    folder = PurePosixPath(index).parent
    for name in sorted({str(value) for value in weight_map.values()}):
        if str(folder / name) not in artefacts.sizes:
            what = f"is named by {index}, but not there; upload it, or mend the patterns"
            yield Broken("A6", str(folder / name), what)


def _missing_shards(artefacts: Artefacts) -> Iterable[Broken]:
    for path in sorted(artefacts.sizes):
        shard = _SHARD.fullmatch(path)
        if shard and is_weights(path) and int(shard["number"]) == 1:
            for number in range(2, int(shard["count"]) + 1):
                other = f"{shard['stem']}-{number:05}-of-{shard['count']}{shard['end']}"
                if other not in artefacts.sizes:
                    yield Broken("A6", other, "is one of the weights' parts, but not there")


def _a7_custom_code(artefacts: Artefacts) -> Iterable[Broken]:
    what = "needs trust_remote_code in the container; read the code before you trust it"
    for name in ("config.json", "tokenizer_config.json"):
        if "auto_map" in artefacts.data(name):
            yield Broken("A7", name, what, stops=False)
    for path in sorted(artefacts.sizes):
        if _CUSTOM_CODE.search(path):
            yield Broken("A7", path, what, stops=False)


def _a8_flat(artefacts: Artefacts) -> Iterable[Broken]:
    for path in sorted(artefacts.sizes):
        if _ARCHIVE.search(path):
            yield Broken("A8", path, "is an archive, which no server unpacks; add it to ignore")


def _a9_keys(artefacts: Artefacts) -> Iterable[Broken]:
    for path in sorted(artefacts.offered):
        fault = fault_in_path(path)
        if fault:
            yield Broken("A9", repr(path), f"{fault}; rename it in the repository")
        elif len(path.encode()) > MAX_KEY:
            yield Broken("A9", path, f"is longer than {MAX_KEY} bytes; rename it")


def _a10_pointers(artefacts: Artefacts) -> Iterable[Broken]:
    for path, text in artefacts.texts.items():
        if text.startswith(POINTER):
            yield Broken("A10", path, "is a git-LFS pointer, not the file; push it with git lfs")


def _a12_serving_properties(artefacts: Artefacts) -> Iterable[Broken]:
    text = artefacts.texts.get("serving.properties", b"").decode(errors="replace")
    if re.search(r"^\s*option\.model_id\s*=", text, re.MULTILINE):
        what = "sets option.model_id, so that the staged weights are not used; remove the line"
        yield Broken("A12", "serving.properties", what)


def _a13_adapter(artefacts: Artefacts) -> Iterable[Broken]:
    base = artefacts.data("adapter_config.json").get("base_model_name_or_path")
    if base and "config.json" not in artefacts.sizes:
        what = f"is an adapter: its base model {base!r} must be reachable when it starts"
        yield Broken("A13", "adapter_config.json", what, stops=False)


def _a16_engine(artefacts: Artefacts) -> Iterable[Broken]:
    engines = [path for path in artefacts.sizes if re.search(r"_tp\d+_rank\d+\.engine$", path)]
    for path in engines:
        if (
            not path.startswith("tensorrt_llm/1/")
            or "tensorrt_llm/config.pbtxt" not in artefacts.sizes
        ):
            what = "belongs into tensorrt_llm/1/, with tensorrt_llm/config.pbtxt beside that folder"
            yield Broken("A16", path, what)


def _generates_text(artefacts: Artefacts) -> bool:
    architectures = artefacts.data("config.json").get("architectures")
    names = architectures if isinstance(architectures, list) else []
    return any(_GENERATES.search(str(name)) for name in names)


_RULES: tuple[Callable[[Artefacts], Iterable[Broken]], ...] = (
    _a1_config,
    _a2_tokenizer_config,
    _a3_tokenizer,
    _a4_format,
    _a5_pickle,
    _a6_shards,
    _a7_custom_code,
    _a8_flat,
    _a9_keys,
    _a10_pointers,
    _a12_serving_properties,
    _a13_adapter,
    _a16_engine,
)
