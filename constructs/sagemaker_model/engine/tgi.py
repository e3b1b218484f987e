"""Text Generation Inference."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.engine.engine import Engine, ServedModel, filled
from sagemaker_model.image.version import at_least

_LIMITED_BY_TOKENS = "2.0.0"  # since then MAX_INPUT_LENGTH is an alias of MAX_INPUT_TOKENS


class Tgi(Engine):
    """Hugging Face's Text Generation Inference; in maintenance mode since December 2025.

    Its image reads the launcher's own variables (docs/source/reference/launcher.md of
    huggingface/text-generation-inference) and ignores those it does not know.
    """

    name = "tgi"
    title = "TGI"
    families = ("huggingface-llm",)
    model_variables = frozenset({"HF_MODEL_ID", "HF_MODEL_REVISION", "MODEL_ID", "REVISION"})
    # The image's entrypoint writes the first of each pair over the second.
    aliases = (
        frozenset({"HF_MODEL_ID", "MODEL_ID"}),
        frozenset({"HF_MODEL_REVISION", "REVISION"}),
        frozenset({"SM_NUM_GPUS", "NUM_SHARD"}),
        frozenset({"HF_MODEL_QUANTIZE", "QUANTIZE"}),
        frozenset({"HF_MODEL_TRUST_REMOTE_CODE", "TRUST_REMOTE_CODE"}),
    )
    variables = frozenset(
        [
            "API_KEY",
            "ATTENTION",
            "CORS_ALLOW_ORIGIN",
            "CUDA_GRAPHS",
            "CUDA_MEMORY_FRACTION",
            "DISABLE_CUSTOM_KERNELS",
            "DISABLE_GRAMMAR_SUPPORT",
            "DTYPE",
            "ENABLE_PREFILL_LOGPROBS",
            "GRACEFUL_TERMINATION_TIMEOUT",
            "HF_MODEL_QUANTIZE",
            "HF_MODEL_TRUST_REMOTE_CODE",
            "HOSTNAME",
            "HUGGINGFACE_HUB_CACHE",
            "JSON_OUTPUT",
            "KV_CACHE_DTYPE",
            "LORA_ADAPTERS",
            "MASTER_ADDR",
            "MASTER_PORT",
            "MAX_BATCH_PREFILL_TOKENS",
            "MAX_BATCH_SIZE",
            "MAX_BATCH_TOTAL_TOKENS",
            "MAX_BEST_OF",
            "MAX_CLIENT_BATCH_SIZE",
            "MAX_CONCURRENT_REQUESTS",
            "MAX_INPUT_LENGTH",
            "MAX_INPUT_TOKENS",
            "MAX_STOP_SEQUENCES",
            "MAX_TOP_N_TOKENS",
            "MAX_TOTAL_TOKENS",
            "MAX_WAITING_TOKENS",
            "MESSAGES_API_ENABLED",
            "NGROK",
            "NGROK_AUTHTOKEN",
            "NGROK_EDGE",
            "NUM_SHARD",
            "OTLP_ENDPOINT",
            "OTLP_SERVICE_NAME",
            "PAYLOAD_LIMIT",
            "PORT",
            "PREFIX_CACHING",
            "PREFILL_CHUNKING",
            "PROMETHEUS_PORT",
            "QUANTIZE",
            "ROPE_FACTOR",
            "ROPE_SCALING",
            "SHARDED",
            "SHARD_UDS_PATH",
            "SM_NUM_GPUS",
            "SPECULATE",
            "TGI_WIGGLE_ROOM",
            "TOKENIZER_CONFIG_PATH",
            "TRUST_REMOTE_CODE",
            "USAGE_STATS",
            "VALIDATION_WORKERS",
            "WAITING_SERVED_RATIO",
            "WATERMARK_DELTA",
            "WATERMARK_GAMMA",
            "WEIGHTS_CACHE_OVERRIDE",
        ]
    )

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model and the number of shards.

        The number is always told: asked to count the GPUs itself, TGI up to 3.3.6 takes one.
        """
        return filled(
            HF_MODEL_ID=served.location,
            HF_MODEL_REVISION=None if served.mounted else served.revision,
            SM_NUM_GPUS=served.tensor_parallel_degree,
        )

    def option_variables(self, version: str | None) -> Mapping[str, str]:
        """Return TGI's names; the longest input was called otherwise before 2.0."""
        modern = at_least(version, _LIMITED_BY_TOKENS)
        return {
            "tensor_parallel_degree": "SM_NUM_GPUS",
            "max_input_tokens": "MAX_INPUT_TOKENS" if modern else "MAX_INPUT_LENGTH",
            "max_total_tokens": "MAX_TOTAL_TOKENS",
            "max_batch_size": "MAX_CONCURRENT_REQUESTS",
            "quantization": "HF_MODEL_QUANTIZE",
            "dtype": "DTYPE",
            "trust_remote_code": "HF_MODEL_TRUST_REMOTE_CODE",
        }


class TgiNeuron(Tgi):
    """Text Generation Inference on Inferentia and Trainium, with a model compiled for them.

    Source: text-generation-inference/{sagemaker-entrypoint.sh,tgi_env.py} of
    huggingface/optimum-neuron. Its versions are those of Optimum Neuron.
    """

    name = "tgi-neuron"
    title = "TGI on Neuron"
    families = ("huggingface-llm-neuronx",)
    variables = Tgi.variables | frozenset(
        ["HF_AUTO_CAST_TYPE", "HF_BATCH_SIZE", "HF_NUM_CORES", "HF_SEQUENCE_LENGTH"]
    )

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model; the number of cores is part of what was compiled."""
        told = super().model(served)
        told.pop("SM_NUM_GPUS", None)
        return told

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return the names that all its versions know."""
        return {
            "tensor_parallel_degree": "HF_NUM_CORES",
            "max_input_tokens": "MAX_INPUT_LENGTH",
            "max_total_tokens": "MAX_TOTAL_TOKENS",
            "max_batch_size": "MAX_BATCH_SIZE",
            "trust_remote_code": "HF_MODEL_TRUST_REMOTE_CODE",
        }
