"""The Hugging Face inference toolkit: any transformers pipeline, or code of one's own."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.engine.engine import Engine, ServedModel, filled


class Toolkit(Engine):
    """Hugging Face's toolkit on the multi-model server.

    Source: aws/sagemaker-huggingface-inference-toolkit and aws/sagemaker-inference-toolkit. With
    ``HF_MODEL_ID`` set it downloads from the Hub even where files are mounted.
    """

    name = "toolkit"
    title = "the Hugging Face toolkit"
    families = ("huggingface", "huggingface-neuronx", "huggingface-neuron")
    model_variables = frozenset({"HF_MODEL_ID", "HF_MODEL_REVISION"})
    variables = frozenset(
        [
            "CA_REPOSITORY_ARN",
            "HF_FRAMEWORK",
            "HF_MODEL_DIR",
            "HF_OPTIMUM_BATCH_SIZE",
            "HF_OPTIMUM_SEQUENCE_LENGTH",
            "HF_TASK",
            "HF_TRUST_REMOTE_CODE",
            "MMS_DEFAULT_RESPONSE_TIMEOUT",
            "MMS_DEFAULT_WORKERS_PER_MODEL",
            "MMS_JOB_QUEUE_SIZE",
            "MMS_MAX_REQUEST_SIZE",
            "MMS_MAX_RESPONSE_SIZE",
            "MMS_NETTY_CLIENT_THREADS",
            "MMS_NUMBER_OF_GPU",
            "MMS_NUMBER_OF_NETTY_THREADS",
        ]
    )

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model, unless its files are mounted."""
        if served.mounted:
            return {}
        return filled(HF_MODEL_ID=served.model_id, HF_MODEL_REVISION=served.revision)

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return the toolkit's one switch; a pipeline is no language-model server."""
        return {"trust_remote_code": "HF_TRUST_REMOTE_CODE"}
