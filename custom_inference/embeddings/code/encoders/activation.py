"""Activations by the names that sentence-transformers writes into a model's files."""

from __future__ import annotations

from torch import nn


def activation(path: str) -> nn.Module:
    """Return an activation.

    Args:
        path: Such as ``torch.nn.modules.activation.Tanh``. Others than torch's own are not
            imported: a model's files may come from anybody.

    Raises:
        ValueError: It is not one of ``torch.nn``.
    """
    name = path.rpartition(".")[2]
    if not path.startswith("torch.nn.") or not hasattr(nn, name):
        raise ValueError(
            f"activation {path!r} is not one of torch.nn; run this model in code of your own"
        )
    layer: nn.Module = getattr(nn, name)()
    return layer
