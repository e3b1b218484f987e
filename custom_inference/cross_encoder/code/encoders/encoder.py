"""A tokenizer and a model, run over many texts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, DataCollatorWithPadding

from encoders.batches import by_length
from encoders.settings import Settings

# No model reads as much; tokenizers that know no limit say 10**30, more than they can count to.
_NO_LIMIT = 1_000_000

Finish = Callable[[Any, torch.Tensor], torch.Tensor]


class Encoder:
    """A tokenizer and a model.

    Args:
        folder: The model's files; nothing is written there.
        model_class: One of transformers' classes with ``from_pretrained``.
        settings: How it runs.
        max_length: Tokens after which a text is cut off. Default: None, the lower one of what the
            tokenizer and the model's positions allow.
    """

    def __init__(
        self, folder: Path, model_class: Any, settings: Settings, max_length: int | None = None
    ) -> None:
        trust = settings.trust_remote_code
        self._settings = settings
        self._tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=trust)
        self._pad = DataCollatorWithPadding(self._tokenizer)
        model = model_class.from_pretrained(folder, trust_remote_code=trust)
        self._model = model.to(device=settings.device, dtype=settings.dtype).eval()
        self._max_length = max_length or self._limit()

    def tokenize(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> dict[str, Any]:
        """Return the tokens of each text, cut off where they are too many.

        Args:
            texts: The texts.
            pairs: A second text for each. Default: none.
        """
        second = None if pairs is None else list(pairs)
        return dict(
            self._tokenizer(list(texts), second, truncation=True, max_length=self._max_length)
        )

    def length_without_end(self, prompt: str) -> int:
        """Return how many tokens a text begins with that begins with a prompt.

        Args:
            prompt: The prompt.
        """
        ids = self._tokenizer(prompt)["input_ids"]
        return len(ids) - (ids[-1] in self._tokenizer.all_special_ids)

    def run(self, tokens: dict[str, Any], finish: Finish) -> torch.Tensor:
        """Run the model, and return a row for each text, in the order of the texts.

        Args:
            tokens: What :meth:`tokenize` returned.
            finish: Makes the rows of a batch from the model's output and the attention mask.

        Raises:
            ValueError: A number is not finite, as happens where float16 is too narrow.
        """
        lengths = [len(ids) for ids in tokens["input_ids"]]
        batches = list(by_length(lengths, self._settings.max_batch_tokens))
        with torch.inference_mode():
            sorted_rows = torch.cat([self._run_batch(tokens, batch, finish) for batch in batches])
            rows = torch.empty_like(sorted_rows)
            rows[[index for batch in batches for index in batch]] = sorted_rows
        self._check_finite(rows)
        return rows.cpu()

    def _run_batch(self, tokens: dict[str, Any], batch: list[int], finish: Finish) -> torch.Tensor:
        chosen = [{name: rows[index] for name, rows in tokens.items()} for index in batch]
        padded: Any = self._pad(chosen)
        on_device = padded.to(self._settings.device)
        return finish(self._model(**on_device), on_device["attention_mask"])

    def _limit(self) -> int:
        positions = getattr(self._model.config, "max_position_embeddings", None) or _NO_LIMIT
        # XLNet says -1 for no limit.
        positions = positions if positions > 0 else _NO_LIMIT
        return min(int(self._tokenizer.model_max_length), int(positions), _NO_LIMIT)

    def _check_finite(self, rows: torch.Tensor) -> None:
        if not rows.isfinite().all():
            dtype = str(self._settings.dtype).removeprefix("torch.")
            raise ValueError(
                f"the model gave numbers that are not finite in {dtype}; set the endpoint's DTYPE "
                "to float32, or to bfloat16 where its GPU has it"
            )
