"""Measure how long an app takes to synthesize: this library, plain L1s, and its nearest rival.

A process for each run, imports included; the libraries take turns, so that a slow minute of the
machine hits all of them. Run from the repository's root, on an idle machine:

    make bench

or, with an environment that has all three libraries first on the path:

    python benchmarks/synth.py --runs 15 --models 1 10 100 300

It prints medians, the spread (interquartile range) and ratios, as a table for the docs.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

CASE = Path(__file__).with_name("synth_case.py")
LIBRARIES = ("l1", "ours", "locked", "tested", "rival")
RIVAL = "cdklabs.generative-ai-cdk-constructs"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the time to synthesize.")
    parser.add_argument("--runs", type=int, default=15, help="runs of each case (default: 15)")
    parser.add_argument("--models", type=int, nargs="+", default=[1, 10, 100, 300])
    parser.add_argument("--import-runs", type=int, default=15, help="runs of the import's cost")
    arguments = parser.parse_args()
    print(describe_machine(), end="\n\n")
    medians = {}
    print("| models | library | median s | spread s | to plain L1s | to the rival |")
    print("|---:|---|---:|---:|---:|---:|")
    for models in arguments.models:
        times = measure(models, arguments.runs)
        for library in LIBRARIES:
            medians[library, models] = statistics.median(times[library])
        for library in LIBRARIES:
            print(row(models, library, times[library], medians))
    for more in arguments.models[1:]:
        print(added(medians, arguments.models[0], more))
    print(import_cost(arguments.import_runs))


def describe_machine() -> str:
    """Say what the figures were measured with."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return (
        f"Python {platform.python_version()}, Node {node.stdout.strip()}, {os.cpu_count()} cores, "
        f"aws-cdk-lib {version('aws-cdk-lib')}, {RIVAL} {version(RIVAL)}"
    )


def measure(models: int, runs: int) -> dict[str, list[float]]:
    """Run each library in turn; a first round warms the caches and does not count."""
    times: dict[str, list[float]] = {library: [] for library in LIBRARIES}
    for index in range(runs + 1):
        for library in LIBRARIES:
            taken = once(library, models)
            if index:
                times[library].append(taken)
    return times


def once(library: str, models: int) -> float:
    """Return how long one process takes."""
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, str(CASE), library, str(models), output]
        start = time.perf_counter()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start


def row(
    models: int, library: str, times: list[float], medians: dict[tuple[str, int], float]
) -> str:
    """Return one line of the table."""
    low, _, high = statistics.quantiles(times, n=4)
    median = medians[library, models]
    to_l1, to_rival = median / medians["l1", models], median / medians["rival", models]
    return (
        f"| {models} | {library} | {median:.2f} | {high - low:.2f} | {to_l1:.2f} | {to_rival:.2f} |"
    )


def added(medians: dict[tuple[str, int], float], few: int, many: int) -> str:
    """Say what each added model costs between two sizes."""
    each = {
        library: (medians[library, many] - medians[library, few]) / (many - few) * 1000
        for library in LIBRARIES
    }
    costs = ", ".join(f"{library} {each[library]:.1f} ms" for library in LIBRARIES)
    ratios = f"{each['ours'] / each['l1']:.2f} of L1s, {each['ours'] / each['rival']:.2f} of rival"
    return f"\neach model added between {few} and {many}: {costs}; ours is {ratios}"


IMPORTS = "import aws_cdk; from aws_cdk import aws_sagemaker, aws_iam, aws_ec2"


def import_cost(runs: int) -> str:
    """Say what importing the library adds to importing what it is built on."""
    code = f"import time; {IMPORTS}; start = time.perf_counter(); import sagemaker_model.public; "
    code += "print(time.perf_counter() - start)"
    command = [sys.executable, "-c", code]
    times = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(runs)
    ]
    return f"\nimporting sagemaker_model adds {statistics.median(times):.3f} s (median of {runs})"


if __name__ == "__main__":
    main()
