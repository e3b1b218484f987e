"""One vector from the vectors of a text's tokens."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def pool(hidden: torch.Tensor, mask: torch.Tensor, modes: Sequence[str]) -> torch.Tensor:
    """Return a row for each text: what every mode makes of its tokens, side by side.

    Args:
        hidden: Vectors of the tokens, (texts, tokens, dimensions).
        mask: 1 for each token that counts, 0 for padding, (texts, tokens).
        modes: Names out of ``MODES``.
    """
    mask = mask.to(hidden.dtype)
    return torch.cat([MODES[mode](hidden, mask) for mode in modes], dim=1)


def _first(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return _at(hidden, mask.argmax(dim=1))


def _last(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return _at(hidden, (mask * torch.arange(mask.shape[1], device=mask.device)).argmax(dim=1))


def _at(hidden: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    return hidden[torch.arange(len(hidden), device=hidden.device), positions]


def _max(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return hidden.masked_fill(mask.unsqueeze(2) == 0, -torch.inf).amax(dim=1)


def _sum(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return torch.bmm(mask.unsqueeze(1), hidden).squeeze(1)


def _count(mask: torch.Tensor) -> torch.Tensor:
    return mask.sum(dim=1, keepdim=True).clamp(min=1e-9)


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return _sum(hidden, mask) / _count(mask)


def _mean_by_root(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return _sum(hidden, mask) / _count(mask).sqrt()


def _weighted_mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    # Later tokens of a causal model have seen more of the text.
    return _mean(hidden, mask * mask.cumsum(dim=1))


MODES = {
    "cls": _first,
    "max": _max,
    "mean": _mean,
    "mean_sqrt_len_tokens": _mean_by_root,
    "weightedmean": _weighted_mean,
    "lasttoken": _last,
}
"""How tokens become one vector, by the names of sentence-transformers, in its order."""
