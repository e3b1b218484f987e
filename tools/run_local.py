"""Deploy app.py to a local AWS, ask its endpoints what is known, and take everything down again.

This is the way of a user of ``sagemaker-model local``, with figures at the end: the sentences and
their similarities are equal on every machine, as the models' files are.
"""

from __future__ import annotations

import json
import math
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sagemaker_model.cost.estimate import estimate
from sagemaker_model.cost.fleet import fleets_in
from sagemaker_model.cost.prices import FILE_NAME, read_prices
from sagemaker_model.cost.table import cost_lines
from sagemaker_model.local.assembly import assembly_of
from sagemaker_model.local.clients import Clients
from sagemaker_model.local.endpoints import ask, endpoints
from sagemaker_model.local.lifecycle import running

COMMAND = [sys.executable, "-m", "sagemaker_model.cli"]
TOLERANCE = 1e-3
GORILLA = "Someone in a gorilla costume is playing a set of drums."
MONKEY = "A monkey is playing drums."
FOOD = "A man is eating food."


@dataclass(frozen=True)
class Check:
    """A figure that an endpoint's answer must lead to.

    Args:
        stack: Stack of the endpoint.
        what: What the figure is.
        expected: What it is where the model runs in its own library.
        got: What the endpoint's answer led to.
    """

    stack: str
    what: str
    expected: float
    got: float

    @property
    def holds(self) -> bool:
        """Whether they are equal but for rounding."""
        return math.isclose(self.got, self.expected, abs_tol=TOLERANCE)

    def __str__(self) -> str:
        sign = "as expected" if self.holds else f"WRONG, expected {self.expected:.4f}"
        return f"  {self.stack:<16} {self.what:<46} {self.got:8.4f}  {sign}"


def main(state: str) -> None:
    """Deploy, ask, destroy; what was started is ended whatever happens.

    Args:
        state: Folder that the local AWS keeps everything in.
    """
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: told to end"))
    local = [*COMMAND, "local"]
    try:
        run([*local, "up", "--samples", "--state", state], stdout=subprocess.DEVNULL)
        run([*local, "deploy", "--state", state])
        checks = list(check(Path(state)))
        print("\nfigures that the models gave", *checks, sep="\n", flush=True)
        print("\nwhat AWS would bill by the hour", *costs(Path(state)), sep="\n", flush=True)
        run([*local, "destroy", "--state", state])
    finally:
        run([*local, "down", "--state", state])
    if not all(each.holds for each in checks):
        sys.exit("error: an endpoint's figures are wrong")
    print(f"deployed, asked and destroyed in {time.monotonic() - begun:.0f} seconds")


def costs(state: Path) -> list[str]:
    """Return what the endpoints would cost on AWS, as far as a file of prices tells."""
    fleets = fleets_in(assembly_of(state))
    prices = read_prices(Path(FILE_NAME))
    return cost_lines([estimate(each, prices) for each in fleets])


def run(command: Sequence[str], **options: Any) -> None:
    """Run a command as a user does.

    Raises:
        SystemExit: It failed, and has said why.
    """
    process = subprocess.Popen(command, **options)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        # The terminal has told it as well.
        process.wait()
        raise
    except SystemExit:
        process.terminate()
        process.wait()
        raise
    if code:
        sys.exit(code)


def check(state: Path) -> Iterator[Check]:
    """Ask the endpoints that serve real files, and compare.

    The similarities are those that sentence-transformers computes of all-MiniLM-L6-v2; the scores
    are what transformers computes of the sample reranker, whose weights are random.
    """
    texts = [GORILLA, MONKEY, FOOD]
    tokens = [answer(state, "minilm-toolkit", {"inputs": text})[0] for text in texts]
    yield from similarities("minilm-toolkit", [mean(each) for each in tokens])
    vectors = answer(state, "search-custom", {"type": "embeddings", "input": texts})
    yield from similarities("search-custom", vectors)
    question = {"type": "cross-encoder", "input": GORILLA, "passages": [MONKEY, FOOD]}
    scores = answer(state, "search-custom", question)
    yield Check("search-custom", "score of a gorilla and a monkey, reranked", 0.8757, scores[0])
    yield Check("search-custom", "score of a gorilla and food, reranked", 0.9330, scores[1])


def answer(state: Path, stack: str, request: dict[str, Any]) -> Any:
    """Return what the endpoint of a stack answers.

    Raises:
        SystemExit: It refused, or no model answered.
    """
    record = running(state)
    clients = Clients(record)
    known = endpoints(clients, [record.region])
    endpoint = next(each for each in known if each.stack == stack)
    answered = ask(clients, endpoint, json.dumps(request).encode())
    if not answered.ok or answered.answered_by:
        sys.exit(f"error: {endpoint.name} did not serve its model: {answered.body}")
    return json.loads(answered.body)


def similarities(stack: str, vectors: Sequence[Sequence[float]]) -> Iterator[Check]:
    """Compare the vectors of the three sentences."""
    gorilla, monkey, food = vectors
    yield Check(stack, "similarity of a gorilla and a monkey", 0.6433, cosine(gorilla, monkey))
    yield Check(stack, "similarity of a gorilla and food", 0.0630, cosine(gorilla, food))


def mean(rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the mean of the tokens' vectors: the sentence's, as this model is meant to be used."""
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the similarity of two vectors, from -1 to 1."""
    product = sum(a * b for a, b in zip(one, other, strict=True))
    return product / (math.hypot(*one) * math.hypot(*other))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("interrupted; what was started is down again")
