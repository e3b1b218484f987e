"""vLLM, in AWS's images and in Hugging Face's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from sagemaker_model.engine.engine import Engine, ServedModel, filled
from sagemaker_model.engine.flags import server_flags
from sagemaker_model.image.version import at_least

_SUPERVISOR = """
    CUSTOM_FASTAPI_INVOCATION_HANDLER CUSTOM_FASTAPI_PING_HANDLER CUSTOM_SCRIPT_FILENAME
    PROCESS_AUTO_RECOVERY PROCESS_MAX_START_RETRIES SAGEMAKER_MODEL_PATH
    STANDARD_AUTO_INSTALL_REQ STANDARD_PIP_ARGS VLLM_ALLOW_RUNTIME_LORA_UPDATING
"""


class Vllm(Engine):
    """AWS's vLLM images: every ``SM_VLLM_X`` becomes the server's flag ``--x``.

    Source: scripts/docker/vllm/sagemaker_args.py of aws/deep-learning-containers. A flag that
    vLLM does not know ends the server.
    """

    name = "vllm"
    title = "vLLM"
    openai = True
    families: ClassVar[tuple[str, ...]] = ("vllm", "vllm-server", "vllm-omni")
    model_variables = frozenset({"HF_MODEL_ID", "SM_VLLM_MODEL", "SM_VLLM_REVISION"})
    variables = frozenset(_SUPERVISOR.split())
    prefixes: ClassVar[tuple[str, ...]] = ("SM_VLLM_",)
    lora_variables: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"SM_VLLM_ENABLE_LORA": "true", "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "true"}
    )
    aliases = (frozenset({"SM_VLLM_MODEL", "HF_MODEL_ID"}),)

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model, its revision and the number of GPUs, which vLLM takes to be one."""
        return self.location(served) | filled(
            **dict.fromkeys(self._revisions, None if served.mounted else served.revision),
            SM_VLLM_TENSOR_PARALLEL_SIZE=served.tensor_parallel_degree,
        )

    _revisions = ("SM_VLLM_REVISION", "SM_VLLM_TOKENIZER_REVISION", "SM_VLLM_CODE_REVISION")

    def location(self, served: ServedModel) -> dict[str, str]:
        """Say where the weights are."""
        return {"SM_VLLM_MODEL": served.location}

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return vLLM's flags; it has no limit of the input alone."""
        return {
            "tensor_parallel_degree": "SM_VLLM_TENSOR_PARALLEL_SIZE",
            "max_total_tokens": "SM_VLLM_MAX_MODEL_LEN",
            "max_batch_size": "SM_VLLM_MAX_NUM_SEQS",
            "quantization": "SM_VLLM_QUANTIZATION",
            "dtype": "SM_VLLM_DTYPE",
            "trust_remote_code": "SM_VLLM_TRUST_REMOTE_CODE",
        }

    def flags(self) -> frozenset[str]:
        """Return vLLM's flags."""
        return server_flags("vllm")


class HuggingFaceVllm(Vllm):
    """Hugging Face's vLLM images, which know ``HF_MODEL_ID`` since 0.22.1.

    Source: scripts/docker/huggingface/vllm/sagemaker_entrypoint.sh of
    aws/deep-learning-containers. It reads the variables line by line.
    """

    name = "huggingface-vllm"
    title = "Hugging Face vLLM"
    families = ("huggingface-vllm", "huggingface-vllm-omni")
    reads_lines = True
    variables = Vllm.variables | frozenset(
        [
            "HF_ENABLE_EXPANDABLE_SEGMENTS",
            "HF_ENABLE_LMCACHE",
            "HF_ENABLE_OPTIMIZATIONS",
            "HF_ENABLE_RUNAI_STREAMER",
            "HF_ENABLE_XET_HIGH_PERFORMANCE",
        ]
    )
    _same_as_aws = "0.22.1"

    def location(self, served: ServedModel) -> dict[str, str]:
        """Say where the weights are: by the image's own variable where it has it."""
        own = not served.mounted and at_least(served.version, self._same_as_aws)
        return {"HF_MODEL_ID" if own else "SM_VLLM_MODEL": served.location}

    def text(self, value: object, version: str | None) -> str:
        """Write a switch as the image wants it: older ones hand ``true`` on as a value."""
        if value is True and not at_least(version, self._same_as_aws):
            return ""
        return super().text(value, version)


class HuggingFaceVllmNeuron(Engine):
    """Hugging Face's vLLM for Inferentia and Trainium: ``SM_ON_X`` becomes the flag ``--x``.

    Source: docker/vllm/entrypoint.sh of huggingface/optimum-neuron, which hands the flags to
    ``optimum-cli neuron serve``. A value is handed on as it is, so there are no switches.
    """

    name = "huggingface-vllm-neuron"
    title = "Hugging Face vLLM on Neuron"
    families = ("huggingface-vllm-neuronx",)
    model_variables = frozenset({"SM_ON_MODEL", "SM_ON_REVISION"})
    prefixes = ("SM_ON_",)
    reads_lines = True

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model and its revision."""
        return filled(
            SM_ON_MODEL=served.location,
            SM_ON_REVISION=None if served.mounted else served.revision,
        )

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return its flags; all of them are part of what the model was compiled for."""
        return {
            "tensor_parallel_degree": "SM_ON_TENSOR_PARALLEL_SIZE",
            "max_total_tokens": "SM_ON_SEQUENCE_LENGTH",
            "max_batch_size": "SM_ON_BATCH_SIZE",
        }
