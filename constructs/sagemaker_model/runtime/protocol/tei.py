"""Text Embeddings Inference.

Source: ``router/src/http/types.rs`` and ``docs/openapi.json`` of
huggingface/text-embeddings-inference; the model decides which of the two it answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from sagemaker_model.runtime.parameters import same, translated
from sagemaker_model.runtime.protocol.protocol import Body, Protocol, Values

_EMBED = same("normalize", "truncate", "prompt_name", "dimensions")
_RERANK = same("raw_scores", "truncate")


class Tei(Protocol):
    """TEI: embeddings, or scores where the model is a reranker."""

    title = "TEI"

    def embed(self, texts: Sequence[str], values: Values) -> Body:
        """Return an embedding's request."""
        return {"inputs": [*texts], **translated(values, _EMBED, self.title)}

    def rerank(self, query: str, texts: Sequence[str], values: Values) -> Body:
        """Return a rerank request."""
        return {"query": query, "texts": [*texts], **translated(values, _RERANK, self.title)}
