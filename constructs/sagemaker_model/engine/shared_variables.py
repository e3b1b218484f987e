"""Environment variables that have a meaning in any container."""

from __future__ import annotations

SHARED_VARIABLES = frozenset(
    {
        "ALL_PROXY",
        "CUDA_VISIBLE_DEVICES",
        "HF_API_TOKEN",
        "HF_ENDPOINT",
        "HF_HOME",
        "HF_HUB_CACHE",
        "HF_HUB_DISABLE_TELEMETRY",
        "HF_HUB_DISABLE_XET",
        "HF_HUB_DOWNLOAD_TIMEOUT",
        "HF_HUB_ENABLE_HF_TRANSFER",
        "HF_HUB_ETAG_TIMEOUT",
        "HF_HUB_OFFLINE",
        "HF_HUB_VERBOSITY",
        "HF_TASK",
        "HF_TOKEN",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "HUGGING_FACE_HUB_TOKEN",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "LOG_LEVEL",
        "MKL_NUM_THREADS",
        "NO_PROXY",
        "OMP_NUM_THREADS",
        "PATH",
        "PIP_INDEX_URL",
        "PYTHONPATH",
        "PYTHONUNBUFFERED",
        "REQUESTS_CA_BUNDLE",
        "RUST_BACKTRACE",
        "RUST_LOG",
        "SSL_CERT_FILE",
        "TOKENIZERS_PARALLELISM",
        "TRANSFORMERS_CACHE",
        "TRANSFORMERS_OFFLINE",
        "TRANSFORMERS_VERBOSITY",
        "TS_DEFAULT_WORKERS_PER_MODEL",
        "TZ",
        "all_proxy",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    }
)

SHARED_PREFIXES = (
    "AWS_",
    "NCCL_",
    "NVIDIA_",
    "OTEL_",
    "PYTORCH_",
    "SAGEMAKER_",
    "SGLANG_",
    "TORCH_",
    "VLLM_",
)

MODEL_ID_VARIABLES = (
    "HF_MODEL_ID",
    "SM_VLLM_MODEL",
    "SM_SGLANG_MODEL_PATH",
    "SM_LLAMA_CPP_HF_REPO",
    "OPTION_MODEL_ID",
)
"""Variables that name the model in one engine or another."""
