"""A lock that tests start from."""

from __future__ import annotations

from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_image import LockedImage
from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig

COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
QWEN = LockedModel(
    id="Qwen/Qwen2.5-7B-Instruct",
    commit=COMMIT,
    licence="apache-2.0",
    pipeline_tag="text-generation",
    library="transformers",
    tags=("conversational", "safetensors"),
    files=(
        LockedFile(path="config.json", size=663, blob_id="1" * 40),
        LockedFile(path="empty", size=0, blob_id="2" * 40),
        LockedFile(path="model.safetensors", size=15231233024, sha256="3" * 64),
    ),
    parameters={"BF16": 7615616512},
    config=ModelConfig(
        architectures=("Qwen2ForCausalLM",),
        model_type="qwen2",
        num_hidden_layers=28,
        layer_types={"full_attention": 28},
    ),
    chat_template=True,
)
VLLM = LockedImage(
    image="huggingface-vllm:0.30.0-gpu-py312-cu130-ubuntu24.04",
    version="0.30.0",
    processor="gpu",
    cuda="13.0",
    ami="al2023-ami-sagemaker-inference-gpu-4-1",
)
LOCK = ModelLock(
    models={str(QWEN): QWEN},
    images={"huggingface-vllm/gpu": VLLM},
    instances={"accelerator=A10G,region=us-east-1": "ml.g5.xlarge"},
)
