"""llama.cpp."""

from __future__ import annotations

from collections.abc import Mapping

from sagemaker_model.engine.engine import Engine, ServedModel


class LlamaCpp(Engine):
    """The llama.cpp server: every ``SM_LLAMA_CPP_X`` becomes its flag ``--x``.

    Source: the entrypoint of aws/deep-learning-containers. It serves GGUF files, and takes the
    first one below ``/opt/ml/model`` by itself. It has no revision to pin a download to.
    """

    name = "llama-cpp"
    title = "llama.cpp"
    families = ("llama-cpp", "llama-cpp-arm64", "huggingface-llamacpp")
    model_variables = frozenset({"SM_LLAMA_CPP_HF_REPO", "SM_LLAMA_CPP_MODEL"})
    prefixes = ("SM_LLAMA_CPP_",)
    aliases = (frozenset({"SM_LLAMA_CPP_HF_REPO", "SM_LLAMA_CPP_MODEL"}),)
    reads_lines = True

    def model(self, served: ServedModel) -> dict[str, str]:
        """Name the model, unless its files are mounted; all GPUs are used."""
        return {} if served.mounted else {"SM_LLAMA_CPP_HF_REPO": served.model_id}

    def option_variables(self, version: str | None) -> Mapping[str, str]:  # noqa: ARG002
        """Return llama.cpp's flags; quantization is a matter of the file."""
        return {
            "max_total_tokens": "SM_LLAMA_CPP_CTX_SIZE",
            "max_batch_size": "SM_LLAMA_CPP_PARALLEL",
        }
