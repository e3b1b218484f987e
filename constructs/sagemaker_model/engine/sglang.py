"""SGLang, in AWS's images and in Hugging Face's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sagemaker_model.engine.engine import Engine, ServedModel, filled
from sagemaker_model.engine.flags import server_flags

_OTHER_NAMES = frozenset(
    ["DATA_PARALLEL_SIZE", "DP", "ENGINE", "EP", "MODEL", "PP", "TENSOR_PARALLEL_SIZE", "TP"]
)


class Sglang(Engine):
    """AWS's SGLang images: every ``SM_SGLANG_X`` becomes the server's flag ``--x``.

    Source: the entrypoint of aws/deep-learning-containers. There is no ``HF_MODEL_ID``.
    """

    name = "sglang"
    title = "SGLang"
    openai = True
    families: ClassVar[tuple[str, ...]] = ("sglang", "sglang-server")
    model_variables = frozenset({"SM_SGLANG_MODEL_PATH", "SM_SGLANG_REVISION"})
    prefixes = ("SM_SGLANG_",)
    aliases = (
        frozenset({"SM_SGLANG_MODEL_PATH", "SM_SGLANG_MODEL"}),
        frozenset({"SM_SGLANG_TP", "SM_SGLANG_TP_SIZE", "SM_SGLANG_TENSOR_PARALLEL_SIZE"}),
        frozenset({"SM_SGLANG_DP", "SM_SGLANG_DP_SIZE", "SM_SGLANG_DATA_PARALLEL_SIZE"}),
    )
    reads_lines = True

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model, its revision and the number of GPUs, which SGLang takes to be one."""
        return filled(
            SM_SGLANG_MODEL_PATH=served.location,
            SM_SGLANG_REVISION=None if served.mounted else served.revision,
            SM_SGLANG_TP=served.tensor_parallel_degree,
        )

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return SGLang's flags; it has no limit of the input alone."""
        return {
            "tensor_parallel_degree": "SM_SGLANG_TP",
            "max_total_tokens": "SM_SGLANG_CONTEXT_LENGTH",
            "max_batch_size": "SM_SGLANG_MAX_RUNNING_REQUESTS",
            "quantization": "SM_SGLANG_QUANTIZATION",
            "dtype": "SM_SGLANG_DTYPE",
            "trust_remote_code": "SM_SGLANG_TRUST_REMOTE_CODE",
        }

    def flags(self) -> frozenset[str]:
        """Return SGLang's flags, its other names for them, and the image's own choice of engine."""
        return server_flags("sglang") | _OTHER_NAMES


class HuggingFaceSglang(Sglang):
    """Hugging Face's SGLang images, whose entrypoint hands ``true`` on as a value."""

    name = "huggingface-sglang"
    title = "Hugging Face SGLang"
    families = ("huggingface-sglang",)

    def text(self, value: object, version: str | None) -> str:
        """Write a switch as a flag without a value."""
        return "" if value is True else super().text(value, version)
