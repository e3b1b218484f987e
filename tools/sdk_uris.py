"""Print what the SageMaker SDK resolves each image of the table to, in every Region.

Runs in an environment of its own, with sagemaker-core: reads a list of
``[family, version, processor, architecture, tag, region]`` and writes a list of URIs, each null
where the SDK refuses.
"""

import functools
import json
import logging
import sys

from sagemaker.core import common_utils, image_uris  # type: ignore[import-not-found]

# The SDK reads its files anew for every URI; what it reads does not change while this runs.
image_uris.config_for_framework = functools.cache(image_uris.config_for_framework)
common_utils._botocore_resolver = functools.cache(common_utils._botocore_resolver)

INSTANCES = {"gpu": "ml.g5.xlarge", "cpu": "ml.c5.xlarge", "neuronx": "ml.inf2.xlarge"}


def uri(row: list[str]) -> str | None:
    family, version, processor, architecture, tag, region = row
    tool = processor if family.startswith("huggingface") and "neuron" in processor else None
    framework = family
    if family in {"huggingface-neuronx", "huggingface-neuron"}:
        framework = "huggingface"
    try:
        answer: str = image_uris.retrieve(
            framework,
            region,
            version=version,
            instance_type=instance(family, processor, architecture),
            image_scope="inference_graviton" if is_graviton(family, architecture) else "inference",
            base_framework_version=base(framework, tag),
            inference_tool=tool,
            py_version=python(tag),
        )
    except ValueError as error:
        logging.warning("%s %s: %s", family, version, str(error)[:200])
        return None
    return answer


def instance(family: str, processor: str, architecture: str) -> str:
    if is_graviton(family, architecture):
        return "ml.c7g.xlarge"
    if processor == "neuron":
        return "ml.inf1.xlarge"
    return INSTANCES[processor]


def is_graviton(family: str, architecture: str) -> bool:
    return architecture == "arm64" and family == "pytorch"


def base(framework: str, tag: str) -> str | None:
    return "pytorch" + tag.partition("-transformers")[0] if framework == "huggingface" else None


def python(tag: str) -> str | None:
    return next((part for part in tag.split("-") if part.startswith("py")), None)


def main() -> None:
    json.dump([uri(row) for row in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
