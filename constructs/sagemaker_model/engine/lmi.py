"""Large Model Inference: DJL Serving with vLLM or TensorRT-LLM."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from sagemaker_model.engine.engine import Engine, ServedModel, filled
from sagemaker_model.engine.flags import server_flags

# What LMI itself understands behind OPTION_; it hands vLLM's own arguments on and drops the rest.
_OPTIONS = frozenset(
    [
        "ASYNC_MODE",
        "AWQ_BLOCK_SIZE",
        "BATCH_SCHEDULER_POLICY",
        "BEDROCK_COMPAT",
        "CALIB_SIZE",
        "CHAT_TEMPLATE",
        "CHAT_TEMPLATE_CONTENT_FORMAT",
        "CLUSTER_SIZE",
        "COMPILED_GRAPH_PATH",
        "CPU_OFFLOAD_GB_PER_GPU",
        "DATA_TYPE",
        "DEVICE",
        "DEVICE_MAP",
        "DISABLE_FLASH_ATTN",
        "DRAFT_MODEL_ID",
        "DTYPE",
        "ENABLE_AUTO_TOOL_CHOICE",
        "ENABLE_KV_CACHE_REUSE",
        "ENABLE_LORA",
        "ENABLE_REASONING",
        "ENABLE_STATEFUL_SESSIONS",
        "ENGINE",
        "ENTRYPOINT",
        "FULLY_SHARDED_LORAS",
        "KV_CACHE_FREE_GPU_MEM_FRACTION",
        "KV_TRANSFER_CONFIG",
        "LMCACHE_AUTO_CONFIG",
        "LOAD_IN_4BIT",
        "LOAD_IN_8BIT",
        "LONG_LORA_SCALING_FACTORS",
        "LORA_DTYPE",
        "LORA_EXTRA_VOCAB_SIZE",
        "LOW_CPU_MEM_USAGE",
        "MAX_CPU_LORAS",
        "MAX_INPUT_LEN",
        "MAX_LORAS",
        "MAX_LORA_RANK",
        "MAX_NUM_TOKENS",
        "MAX_OUTPUT_LEN",
        "MAX_ROLLING_BATCH_PREFILL_TOKENS",
        "MAX_ROLLING_BATCH_SIZE",
        "MODEL_ID",
        "MODEL_LOADING_TIMEOUT",
        "MPI_MODE",
        "NORMALIZE",
        "N_POSITIONS",
        "OUTPUT_FORMATTER",
        "PARALLEL_LOADING",
        "PIPELINE_PARALLEL_DEGREE",
        "PREDICT_TIMEOUT",
        "QUANTIZE",
        "REASONING_PARSER",
        "REVISION",
        "ROLLING_BATCH",
        "SESSIONS_EXPIRATION",
        "SESSIONS_PATH",
        "SMOOTHQUANT_ALPHA",
        "SPECULATIVE_CONFIG",
        "SPECULATIVE_DRAFT_MODEL",
        "SPEC_LENGTH",
        "TASK",
        "TENSOR_PARALLEL_DEGREE",
        "TGI_COMPAT",
        "TOKENS_PER_BLOCK",
        "TOOL_CALL_PARSER",
        "TRUST_REMOTE_CODE",
        "USE_FP8_CONTEXT_FMHA",
        "WAITING_STEPS",
    ]
)


class Lmi(Engine):
    """LMI reads ``HF_MODEL_ID``, a few simple names, and ``OPTION_X`` for everything else.

    Source: LmiConfigRecommender.java and the deployment guide of deepjavalibrary/djl-serving.
    Options that neither LMI nor vLLM knows are dropped without a word.
    """

    name = "lmi"
    title = "LMI"
    families: ClassVar[tuple[str, ...]] = ("djl-lmi",)
    model_variables = frozenset({"HF_MODEL_ID", "HF_REVISION", "OPTION_MODEL_ID"})
    variables = frozenset(
        [
            "CUDA_MEMORY_FRACTION",
            "DJL_CACHE_DIR",
            "ENABLE_CUDA_GRAPHS",
            "HF_MODEL_QUANTIZE",
            "HF_MODEL_TRUST_REMOTE_CODE",
            "MAX_BATCH_PREFILL_TOKENS",
            "MAX_BATCH_SIZE",
            "MAX_CONCURRENT_REQUESTS",
            "MODEL_LOADING_TIMEOUT",
            "PIPELINE_PARALLEL_DEGREE",
            "PREDICT_TIMEOUT",
            "SM_NUM_GPUS",
            "TENSOR_PARALLEL_DEGREE",
        ]
    )
    prefixes = ("OPTION_", "SERVING_", "ARGS_")
    lora_variables: ClassVar[Mapping[str, str]] = MappingProxyType({"OPTION_ENABLE_LORA": "true"})
    # LMI obeys the OPTION_ name; two names of vLLM and of LMI make it refuse to start.
    aliases = (
        frozenset({"HF_MODEL_ID", "OPTION_MODEL_ID"}),
        frozenset({"HF_REVISION", "OPTION_REVISION"}),
        frozenset(
            {
                "TENSOR_PARALLEL_DEGREE",
                "SM_NUM_GPUS",
                "OPTION_TENSOR_PARALLEL_DEGREE",
                "OPTION_TENSOR_PARALLEL_SIZE",
            }
        ),
        frozenset({"MAX_BATCH_SIZE", "OPTION_MAX_ROLLING_BATCH_SIZE", "OPTION_MAX_NUM_SEQS"}),
        frozenset({"HF_MODEL_QUANTIZE", "OPTION_QUANTIZE", "OPTION_QUANTIZATION"}),
        frozenset({"HF_MODEL_TRUST_REMOTE_CODE", "OPTION_TRUST_REMOTE_CODE"}),
        frozenset({"CUDA_MEMORY_FRACTION", "OPTION_GPU_MEMORY_UTILIZATION"}),
        frozenset({"MAX_CONCURRENT_REQUESTS", "SERVING_JOB_QUEUE_SIZE"}),
    )

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model and the number of GPUs, which LMI takes to be all there are."""
        return filled(
            HF_MODEL_ID=served.location,
            HF_REVISION=None if served.mounted else served.revision,
            TENSOR_PARALLEL_DEGREE=served.tensor_parallel_degree,
        )

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return LMI's options; the batch size in the form that every mode of it obeys."""
        return {
            "tensor_parallel_degree": "TENSOR_PARALLEL_DEGREE",
            "max_total_tokens": "OPTION_MAX_MODEL_LEN",
            "max_batch_size": "OPTION_MAX_ROLLING_BATCH_SIZE",
            "quantization": "OPTION_QUANTIZE",
            "dtype": "OPTION_DTYPE",
            "trust_remote_code": "HF_MODEL_TRUST_REMOTE_CODE",
        }

    def flags(self) -> frozenset[str]:
        """Return what may follow ``OPTION_``: LMI's own options and vLLM's arguments."""
        return _OPTIONS | server_flags("vllm")


class LmiTensorRtLlm(Lmi):
    """LMI with TensorRT-LLM, which limits the prompt and not prompt and answer together.

    Source: trt_llm_user_guide.md of deepjavalibrary/djl-serving. Its last image is of 2025.
    """

    name = "lmi-tensorrtllm"
    title = "LMI with TensorRT-LLM"
    families = ("djl-tensorrtllm",)
    lora_variables = MappingProxyType({})

    def option_variables(self, version: str | None) -> Mapping[str, str]:
        """Return LMI's options, but for the limits."""
        options = dict(super().option_variables(version))
        del options["max_total_tokens"]
        return options | {"max_input_tokens": "OPTION_MAX_INPUT_LEN"}
