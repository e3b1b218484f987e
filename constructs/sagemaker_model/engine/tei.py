"""Text Embeddings Inference."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.engine.engine import Engine, ServedModel, filled


class Tei(Engine):
    """Hugging Face's Text Embeddings Inference, on GPU and CPU.

    Source: the router's command line of huggingface/text-embeddings-inference. It finds weights
    at ``/opt/ml/model`` by itself.
    """

    name = "tei"
    title = "TEI"
    families = ("huggingface-tei", "huggingface-tei-cpu")
    model_variables = frozenset({"HF_MODEL_ID", "HF_MODEL_REVISION", "MODEL_ID", "REVISION"})
    aliases = (
        frozenset({"HF_MODEL_ID", "MODEL_ID"}),
        frozenset({"HF_MODEL_REVISION", "REVISION"}),
    )
    variables = frozenset(
        [
            "API_KEY",
            "AUTO_TRUNCATE",
            "CORS_ALLOW_ORIGIN",
            "DEFAULT_PROMPT",
            "DEFAULT_PROMPT_NAME",
            "DENSE_PATH",
            "DISABLE_SPANS",
            "DTYPE",
            "HOSTNAME",
            "HUGGINGFACE_HUB_CACHE",
            "JSON_OUTPUT",
            "MAX_BATCH_REQUESTS",
            "MAX_BATCH_TOKENS",
            "MAX_CLIENT_BATCH_SIZE",
            "MAX_CONCURRENT_REQUESTS",
            "OTLP_ENDPOINT",
            "OTLP_SERVICE_NAME",
            "PAYLOAD_LIMIT",
            "POOLING",
            "PORT",
            "PROMETHEUS_PORT",
            "SERVED_MODEL_NAME",
            "TOKENIZATION_WORKERS",
            "UDS_PATH",
        ]
    )

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model, unless its files are mounted; TEI serves on one GPU."""
        if served.mounted:
            return {}
        return filled(HF_MODEL_ID=served.model_id, HF_MODEL_REVISION=served.revision)

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return TEI's names; lengths, quantization and code of the model are not its matter."""
        return {"max_batch_size": "MAX_CONCURRENT_REQUESTS", "dtype": "DTYPE"}
