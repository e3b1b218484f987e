"""Make the table of SageMaker's hosting instance types anew.

Sources, each a pinned wheel (all Apache-2.0 but cfn-lint, which is MIT-0):

- botocore: the instance types that the SageMaker API takes for a production variant;
- moto: EC2's own description of each type (DescribeInstanceTypes);
- cfn-lint: the Regions where the Price List has a hosting price for it.

Run from the repository's root; the same wheels give the same bytes:

    python tools/refresh_instances.py                  # downloads the pinned wheels
    python tools/refresh_instances.py --wheels FOLDER  # takes wheels that are at hand
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

PACKAGES = {"botocore": "1.44.5", "moto": "5.2.5", "cfn-lint": "1.58.0"}
LICENCES = {"botocore": "Apache-2.0", "moto": "Apache-2.0", "cfn-lint": "MIT-0"}
TABLE = Path(__file__).parents[1] / "constructs/sagemaker_model/instance/instances.json"

API = "botocore/data/sagemaker/2017-07-24/service-2.json.gz"
EC2 = "moto/ec2/resources/instance_types.json.gz"
PRICED = "cfnlint/data/schemas/extensions/aws_sagemaker_hosting/instancetype_enum.json"

COLUMNS = (
    "name",
    "vcpus",
    "memory_mib",
    "architecture",
    "gpus",
    "gpu_name",
    "gpu_memory_mib",
    "neuron_devices",
    "local_nvme_gb",
    "burstable",
    "region_set",
)

# Types that EC2's description lacks here because they were retired or are sold in whole racks.
# Source: the "Instance types" pages of the EC2 user guide (P2, P3, DL1, P6e).
BY_HAND: dict[str, tuple[Any, ...]] = {
    "ml.p2.xlarge": (4, 62464, "x86_64", 1, "K80", 12288, 0, 0, False),
    "ml.p2.8xlarge": (32, 499712, "x86_64", 8, "K80", 12288, 0, 0, False),
    "ml.p2.16xlarge": (64, 749568, "x86_64", 16, "K80", 12288, 0, 0, False),
    "ml.p3.2xlarge": (8, 62464, "x86_64", 1, "V100", 16384, 0, 0, False),
    "ml.p3.8xlarge": (32, 249856, "x86_64", 4, "V100", 16384, 0, 0, False),
    "ml.p3.16xlarge": (64, 499712, "x86_64", 8, "V100", 16384, 0, 0, False),
    "ml.dl1.24xlarge": (96, 786432, "x86_64", 0, None, 0, 0, 4000, False),
    "ml.p6e-gb200.36xlarge": (144, 983040, "arm64", 4, "GB200", 189440, 0, 22500, False),
}


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="Make the table of instance types anew.")
    parser.add_argument("--wheels", type=Path, help="folder with the wheels (default: download)")
    parser.add_argument("--output", type=Path, default=TABLE)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheels = arguments.wheels or download(Path(folder))
        arguments.output.write_text(render(table(wheels)), encoding="utf-8")


def download(folder: Path) -> Path:
    """Fetch the pinned wheels and nothing they depend on."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    pinned = [f"{name}=={version}" for name, version in PACKAGES.items()]
    subprocess.run([*pip, "--dest", str(folder), *pinned], check=True)
    return folder


def table(wheels: Path) -> dict[str, Any]:
    """Return the whole table as it is written."""
    api = json.loads(gzip.decompress(read(wheels, "botocore", API)))
    ec2 = json.loads(gzip.decompress(read(wheels, "moto", EC2)))
    priced = json.loads(read(wheels, "cfn-lint", PRICED))
    names = sorted(api["shapes"]["ProductionVariantInstanceType"]["enum"], key=order)
    regions = {name: regions_of(name, priced) for name in names}
    sets = sorted(set(regions.values()))
    return {
        "source": [source(wheels, package) for package in PACKAGES],
        "ami_versions": api["shapes"]["ProductionVariantInferenceAmiVersion"]["enum"],
        "columns": COLUMNS,
        "region_sets": sets,
        "instances": [[name, *hardware(name, ec2), sets.index(regions[name])] for name in names],
    }


def read(wheels: Path, package: str, member: str) -> bytes:
    """Return one file of a package's wheel."""
    with zipfile.ZipFile(wheel_of(wheels, package)) as archive:
        return archive.read(member)


def wheel_of(wheels: Path, package: str) -> Path:
    """Return the pinned wheel of a package."""
    return next(wheels.glob(f"{package.replace('-', '_')}-{PACKAGES[package]}-*.whl"))


def source(wheels: Path, package: str) -> dict[str, str]:
    """Say which wheel the facts are from, and of what day."""
    wheel = wheel_of(wheels, package)
    with zipfile.ZipFile(wheel) as archive:
        made = max(entry.date_time for entry in archive.infolist())
    return {
        "package": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "licence": LICENCES[package],
        "date": "{:04}-{:02}-{:02}".format(*made[:3]),
    }


def regions_of(name: str, priced: dict[str, Any]) -> tuple[str, ...]:
    """Return the Regions where hosting on this type has a price."""
    return tuple(
        region
        for region, entry in sorted(priced.items())
        if isinstance(entry, dict) and name in entry["enum"]
    )


def hardware(name: str, ec2: dict[str, Any]) -> tuple[Any, ...]:
    """Return the columns between name and Regions."""
    if name in BY_HAND:
        return BY_HAND[name]
    facts = ec2[name.removeprefix("ml.")]
    gpus = facts.get("GpuInfo", {}).get("Gpus", [])
    neuron = [
        *facts.get("NeuronInfo", {}).get("NeuronDevices", []),
        *facts.get("InferenceAcceleratorInfo", {}).get("Accelerators", []),
    ]
    return (
        facts["VCpuInfo"]["DefaultVCpus"],
        facts["MemoryInfo"]["SizeInMiB"],
        next(a for a in facts["ProcessorInfo"]["SupportedArchitectures"] if a != "i386"),
        sum(gpu["Count"] for gpu in gpus),
        gpus[0]["Name"] if gpus else None,
        gpus[0]["MemoryInfo"]["SizeInMiB"] if gpus else 0,
        max((device["Count"] for device in neuron), default=0),
        facts.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0),
        facts["BurstablePerformanceSupported"],
    )


def order(name: str) -> tuple[str, int, str]:
    """Sort by family, then by size."""
    _, family, size = name.split(".")
    sizes = ("medium", "large", "xlarge")
    count = int(size.removesuffix("xlarge") or 1) if size.endswith("xlarge") else 0
    return family, count * 10 + (sizes.index(size) if size in sizes else len(sizes)), size


def render(table: dict[str, Any]) -> str:
    """Write one instance type and one Region set a line, so that a refresh is a diff to read."""
    lines = ["{"]
    heads = ("source", "ami_versions", "columns")
    lines += [f" {json.dumps(key)}: {json.dumps(table[key])}," for key in heads]
    for key in ("region_sets", "instances"):
        rows = ",\n  ".join(json.dumps(row) for row in table[key])
        lines.append(f" {json.dumps(key)}: [\n  {rows}\n ]" + ("," if key != "instances" else ""))
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    main()
