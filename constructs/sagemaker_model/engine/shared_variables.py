"""Environment variables that have a meaning in any container."""

from __future__ import annotations

SHARED_VARIABLES = frozenset(
    {
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
        "TS_DEFAULT_WORKERS_PER_MODEL",
    }
)

SHARED_PREFIXES = (
    "AWS_",
    "NCCL_",
    "NVIDIA_",
    "OTEL_",
    "PYTORCH_",
    "SAGEMAKER_",
    "TORCH_",
    "VLLM_",
)
