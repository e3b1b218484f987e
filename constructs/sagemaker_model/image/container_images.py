"""Names for the common images."""

from __future__ import annotations

from typing import Final

from sagemaker_model.image.container_image import ContainerImage


def _tgi(version: str | None = None) -> ContainerImage:
    return ContainerImage.of("huggingface-llm", version=version)


class ContainerImages:
    """Names for the common images; ``ContainerImage.of`` has all others.

    ``LATEST`` is the newest that this version of the library knows, never a moving tag.
    """

    HF_VLLM_LATEST: Final = ContainerImage.of("huggingface-vllm")
    """Hugging Face's vLLM: the default for ``Container``."""
    VLLM_LATEST: Final = ContainerImage.of("vllm-server")
    """AWS's vLLM server on Amazon Linux 2023, the line that AWS keeps patched."""
    VLLM_UBUNTU_LATEST: Final = ContainerImage.of("vllm")
    """AWS's vLLM on Ubuntu."""
    SGLANG_LATEST: Final = ContainerImage.of("sglang-server")
    """AWS's SGLang server on Amazon Linux 2023, the line that AWS keeps patched."""
    SGLANG_UBUNTU_LATEST: Final = ContainerImage.of("sglang")
    """AWS's SGLang on Ubuntu."""
    HF_SGLANG_LATEST: Final = ContainerImage.of("huggingface-sglang")
    """Hugging Face's SGLang."""
    DJL_INFERENCE_LMI_LATEST: Final = ContainerImage.of("djl-lmi")
    """Large Model Inference: DJL Serving with vLLM."""
    DJL_INFERENCE_TENSORRTLLM_LATEST: Final = ContainerImage.of("djl-tensorrtllm")
    """DJL Serving with TensorRT-LLM; no newer one will come."""
    TEI_LATEST: Final = ContainerImage.of("huggingface-tei")
    """Text Embeddings Inference on a GPU."""
    TEI_CPU_LATEST: Final = ContainerImage.of("huggingface-tei-cpu")
    """Text Embeddings Inference on a CPU."""
    HF_PYTORCH_INFERENCE_LATEST: Final = ContainerImage.of("huggingface")
    """The Hugging Face toolkit with PyTorch on a GPU: any transformers pipeline."""
    HF_PYTORCH_INFERENCE_CPU_LATEST: Final = ContainerImage.of("huggingface", processor="cpu")
    """The Hugging Face toolkit with PyTorch on a CPU."""
    HF_PYTORCH_INFERENCE_NEURONX_LATEST: Final = ContainerImage.of("huggingface-neuronx")
    """The Hugging Face toolkit on Inferentia and Trainium."""
    HF_LLAMACPP_LATEST: Final = ContainerImage.of("huggingface-llamacpp")
    """llama.cpp on a GPU."""
    HF_LLAMACPP_CPU_LATEST: Final = ContainerImage.of("huggingface-llamacpp", processor="cpu")
    """llama.cpp on a CPU."""
    HF_PYTORCH_LLM_TGI_INFERENCE_LATEST: Final = _tgi()
    """Text Generation Inference; in maintenance mode, no newer one will come."""
    HF_PYTORCH_LLM_TGI_INFERENCE_0_6_0: Final = _tgi("0.6.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_0_8_2: Final = _tgi("0.8.2")
    HF_PYTORCH_LLM_TGI_INFERENCE_0_9_3: Final = _tgi("0.9.3")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_0_3: Final = _tgi("1.0.3")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_1_0: Final = _tgi("1.1.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_2_0: Final = _tgi("1.2.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_3_1: Final = _tgi("1.3.1")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_3_3: Final = _tgi("1.3.3")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_4_0: Final = _tgi("1.4.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_4_2: Final = _tgi("1.4.2")
    HF_PYTORCH_LLM_TGI_INFERENCE_1_4_5: Final = _tgi("1.4.5")
    HF_PYTORCH_LLM_TGI_INFERENCE_2_0_0: Final = _tgi("2.0.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_2_0_1: Final = _tgi("2.0.1")
    HF_PYTORCH_LLM_TGI_INFERENCE_2_0_2: Final = _tgi("2.0.2")
    HF_PYTORCH_LLM_TGI_INFERENCE_2_2_0: Final = _tgi("2.2.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_2_3_1: Final = _tgi("2.3.1")
    HF_PYTORCH_LLM_TGI_INFERENCE_2_4_0: Final = _tgi("2.4.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_3_0_1: Final = _tgi("3.0.1")
    HF_PYTORCH_LLM_TGI_INFERENCE_3_1_1: Final = _tgi("3.1.1")
    HF_PYTORCH_LLM_TGI_INFERENCE_3_2_0: Final = _tgi("3.2.0")
    HF_PYTORCH_LLM_TGI_INFERENCE_3_2_3: Final = _tgi("3.2.3")
    HF_PYTORCH_LLM_TGI_INFERENCE_3_3_4: Final = _tgi("3.3.4")
    HF_PYTORCH_LLM_TGI_INFERENCE_3_3_6: Final = _tgi("3.3.6")
