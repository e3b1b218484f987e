"""The causes of failed deployments, and the words by which each is known.

The words are those of the programs themselves: SageMaker's ``FailureReason``, ECR, huggingface_hub,
transformers, vLLM, SGLang, LMI, Text Generation Inference, Text Embeddings Inference, llama.cpp,
the Hugging Face toolkit, PyTorch, pip and the staging program. Engines tell their settings when
they start, so a setting's name alone is no word of a cause.
"""

from __future__ import annotations

from sagemaker_model.why.aws_causes import AWS_CAUSES
from sagemaker_model.why.hub_causes import HUB_CAUSES
from sagemaker_model.why.instance_causes import INSTANCE_CAUSES
from sagemaker_model.why.model_causes import MODEL_CAUSES

CAUSES = (*HUB_CAUSES, *INSTANCE_CAUSES, *MODEL_CAUSES, *AWS_CAUSES)
"""All causes; where one line tells of several, the earlier here is the answer."""
