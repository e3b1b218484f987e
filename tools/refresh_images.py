"""Make the table of SageMaker's hosting images anew.

Source: the JSON files of the wheel of ``sagemaker-core`` (Apache-2.0), from which the SageMaker
SDK itself resolves images. Run from the repository's root:

    python tools/refresh_images.py                       # downloads the pinned wheel
    python tools/refresh_images.py --wheel PATH          # takes a wheel that is at hand

The same wheel gives the same bytes. A new version: change ``VERSION``, run, read the diff.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

VERSION = "2.27.0"
TABLE = Path(__file__).parents[1] / "constructs/sagemaker_model/image/images.json"
FOLDER = "sagemaker/core/image_uri_config/"

# Families that host models, in the SDK's names; each file has others for training beside them.
FAMILIES = (
    "djl-deepspeed",
    "djl-fastertransformer",
    "djl-lmi",
    "djl-neuronx",
    "djl-tensorrtllm",
    "huggingface",
    "huggingface-llamacpp",
    "huggingface-llm",
    "huggingface-llm-neuronx",
    "huggingface-neuron",
    "huggingface-neuronx",
    "huggingface-sglang",
    "huggingface-tei",
    "huggingface-tei-cpu",
    "huggingface-vllm",
    "huggingface-vllm-neuronx",
    "huggingface-vllm-omni",
    "llama-cpp",
    "llama-cpp-arm64",
    "pytorch",
    "ray-serve",
    "sagemaker-tritonserver",
    "sglang",
    "sglang-server",
    "stabilityai",
    "vllm",
    "vllm-omni",
    "vllm-server",
    "whisperx",
)

# CUDA of images whose tag does not say it, by family. Source: aws/deep-learning-containers,
# docs/src/data, llama-cpp/server-sagemaker-cuda-v1.yml and every file of ray, sglang-server,
# vllm-omni (since v1.1) and vllm-server (since v2). Triton's is written down nowhere there.
CUDA = {
    "llama-cpp": "13.0",
    "ray-serve": "12.9",
    "sglang-server": "13.0",
    "vllm-omni": "13.0",
    "vllm-server": "13.0",
}
# PyTorch's short tags stand for long ones that say it, "2.5.1-gpu-py311-cu124-ubuntu22.04-…".
# Source: 2.6.0 is in aws/deep-learning-containers, docs/src/data/pytorch-inference. Those up to
# 2.5.1 are written down in no list of AWS that is still there: they are read from long tags of
# the same version in public repositories' files, and hold as far as these do.
PYTORCH_CUDA = {
    "1.13.1": "11.7",
    "2.0.1": "11.8",
    "2.1.0": "11.8",
    "2.2.0": "11.8",
    "2.3.0": "12.1",
    "2.4.0": "12.4",
    "2.5.1": "12.4",
    "2.6.0": "12.4",
}

# What the SDK's own image_uris.retrieve can't resolve: its processor check refuses Inferentia.
UNRESOLVED_BY_SDK = "huggingface-vllm-neuronx"

MAPS = {"763104351884": "dlc", "683313688378": "algorithm"}
_ARM_SUFFIX = "-sagemaker"
_UNSAID = {("gpu", "sagemaker-tritonserver")}  # Triton's GPU tag is the plain one


class Image(NamedTuple):
    """One image as the table holds it, with the accounts of all its Regions."""

    family: str
    version: str
    processor: str
    repository: str
    tag: str
    architecture: str
    accounts: Mapping[str, str]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description="Make the table of hosting images anew.")
    parser.add_argument("--wheel", type=Path, help="the sagemaker-core wheel (default: download)")
    parser.add_argument("--output", type=Path, default=TABLE)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheel = arguments.wheel or download(Path(folder))
        arguments.output.write_text(render(table(wheel)), encoding="utf-8")


def download(folder: Path) -> Path:
    """Fetch the pinned wheel and nothing it depends on."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", str(folder), f"sagemaker-core=={VERSION}"], check=True)
    return next(folder.glob("*.whl"))


def table(wheel: Path) -> dict[str, Any]:
    """Return the whole table as it is written."""
    with zipfile.ZipFile(wheel) as archive:
        images = [
            image
            for family in FAMILIES
            for image in family_images(family, json.loads(archive.read(f"{FOLDER}{family}.json")))
        ]
        made = max(entry.date_time for entry in archive.infolist())
    sets = sorted({tuple(sorted(image.accounts)) for image in images})
    return {
        "source": {
            "package": wheel.name,
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "licence": "Apache-2.0",
            "date": "{:04}-{:02}-{:02}".format(*made[:3]),
            "unresolved_by_sdk": UNRESOLVED_BY_SDK,
        },
        "accounts": accounts(images),
        "region_sets": [list(regions) for regions in sets],
        "columns": [
            "family",
            "version",
            "processor",
            "repository",
            "tag",
            "cuda",
            "architecture",
            "registry",
            "region_set",
        ],
        "images": [
            [
                image.family,
                image.version,
                image.processor,
                image.repository,
                image.tag,
                cuda(image),
                image.architecture,
                registry(image),
                sets.index(tuple(sorted(image.accounts))),
            ]
            for image in images
        ],
    }


def family_images(family: str, config: dict[str, Any]) -> Iterator[Image]:
    """Return every image of a family's file."""
    for scope in ("inference", "inference_graviton"):
        subtree = config.get(scope) or (config if scope == "inference" else None)
        if not subtree or "versions" not in subtree:
            continue
        for version, entry in subtree["versions"].items():
            for tag_prefix, settings in settings_of(family, version, entry):
                default = subtree.get("processors", ["gpu"])
                for processor in settings.get("processors", default):
                    arm = scope == "inference_graviton"
                    yield image((family, version), tag_prefix, processor, settings, arm=arm)


def settings_of(
    family: str, version: str, entry: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each build of a version: Hugging Face's own has one per version of PyTorch."""
    if family.startswith("huggingface") and "version_aliases" in entry:
        for base, settings in entry.items():
            if base.startswith("pytorch"):
                framework = base.removeprefix("pytorch")
                yield f"{framework}-transformers{version}", settings
    elif entry.get("repository") != "sagemaker-pytorch":  # superseded in 2019, other accounts
        yield entry.get("tag_prefix", version), entry


def image(
    name: tuple[str, str], tag_prefix: str, processor: str, settings: dict[str, Any], *, arm: bool
) -> Image:
    """Put one image's tag together, as the SDK does."""
    family, version = name
    whole = family.startswith("djl-")
    tag = tag_prefix if whole else format_tag(tag_prefix, processor, settings)
    return Image(
        family,
        version,
        common_processor(family, processor),
        settings["repository"],
        tag + (_ARM_SUFFIX if arm else ""),
        "arm64" if arm or family.endswith("arm64") else "x86_64",
        settings["registries"],
    )


def format_tag(tag_prefix: str, processor: str, settings: dict[str, Any]) -> str:
    """Join the parts that this image's tag has."""
    suffix = settings.get("container_version", {}).get(processor)
    neuron = re.search("neuronx?", settings["repository"] + tag_prefix) or processor == "inf2"
    if neuron and "sdk_versions" in settings:
        suffix = f"{max(settings['sdk_versions'])}-{suffix}"
    word = processor
    if neuron:
        word = "neuron" if settings["repository"].endswith("neuron") else "neuronx"
    python = (settings.get("py_versions") or [None])[0]
    if python == "py2":
        python = "py3"
    named = settings.get("processor_in_tag", True) and (word, settings["repository"]) not in _UNSAID
    shown = word if named else None
    return "-".join(part for part in (tag_prefix, shown, python, suffix) if part)


def common_processor(family: str, processor: str) -> str:
    """Say gpu, cpu or neuronx, whatever the family's file calls it."""
    if "neuron" in family:
        return "neuron" if family.endswith("neuron") else "neuronx"
    return processor


def cuda(image: Image) -> str | None:
    """Read the CUDA version out of the tag, or take it from the list of those that don't say."""
    if image.processor != "gpu":
        return None
    match = re.search(r"(?:^|-)cu(\d\d)(\d)", image.tag)
    if match:
        return f"{match[1]}.{match[2]}"
    return PYTORCH_CUDA.get(image.version) if image.family == "pytorch" else CUDA.get(image.family)


def accounts(images: list[Image]) -> dict[str, dict[str, str]]:
    """Merge the images' accounts into one map per registry, and see that none disagree."""
    merged: dict[str, dict[str, str]] = {name: {} for name in MAPS.values()}
    for image in images:
        known = merged[registry(image)]
        for region, account in image.accounts.items():
            if known.setdefault(region, account) != account:
                raise ValueError(f"{image.repository}: two accounts in {region}")
    return {name: dict(sorted(regions.items())) for name, regions in merged.items()}


def registry(image: Image) -> str:
    """Tell which of the two account maps an image lies in: by a Region that both have."""
    account = image.accounts.get("us-east-1")
    if account is None:
        raise ValueError(f"{image.repository}: not in us-east-1, so its account map is unknown")
    return MAPS[account]


def render(table: dict[str, Any]) -> str:
    """Write one image and one Region set a line, so that a refresh is a diff to read."""
    lines = ["{"]
    heads = ("source", "accounts", "columns")
    lines += [f" {json.dumps(key)}: {json.dumps(table[key])}," for key in heads]
    for key in ("region_sets", "images"):
        rows = ",\n  ".join(json.dumps(row) for row in table[key])
        lines.append(f" {json.dumps(key)}: [\n  {rows}\n ]" + ("," if key != "images" else ""))
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    main()
