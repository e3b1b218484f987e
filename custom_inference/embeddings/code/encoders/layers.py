"""The layers of sentence-transformers that may follow the pooling."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

from encoders.activation import activation
from encoders.models import read_json


class Normalize(nn.Module):
    """Brings vectors to unit length."""

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return the vectors with length 1.

        Args:
            vectors: One a row.
        """
        return nn.functional.normalize(vectors, p=2, dim=1)


def load_layers(modules: Iterable[tuple[str, Path]]) -> nn.Module:
    """Return the layers as one.

    Args:
        modules: Kind and folder of each, in order.

    Raises:
        ValueError: A layer's files are incomplete, or ask for what is unknown here.
    """
    loaders: dict[str, Callable[[Path], nn.Module]] = {
        "Dense": _dense,
        "LayerNorm": _layer_norm,
        "Normalize": lambda _: Normalize(),
    }
    # Dropout does something in training only.
    return nn.Sequential(*(loaders[kind](path) for kind, path in modules if kind in loaders)).eval()


def _dense(folder: Path) -> nn.Module:
    config = read_json(folder / "config.json")
    if config.get("module_input_name", "sentence_embedding") != "sentence_embedding":
        raise ValueError(f"{folder.name} is a Dense layer over tokens, which is unknown here")
    linear = nn.Linear(config["in_features"], config["out_features"], config.get("bias", True))
    after = activation(config.get("activation_function", "torch.nn.modules.activation.Tanh"))
    return nn.Sequential(_filled(linear, folder), after)


def _layer_norm(folder: Path) -> nn.Module:
    return _filled(nn.LayerNorm(read_json(folder / "config.json")["dimension"]), folder)


def _filled(layer: nn.Module, folder: Path) -> nn.Module:
    weights = _weights(folder)
    # They lie under the name that sentence-transformers' own class gives the layer.
    layer.load_state_dict({name.rpartition(".")[2]: value for name, value in weights.items()})
    return layer.float()


def _weights(folder: Path) -> dict[str, Any]:
    if (folder / "model.safetensors").is_file():
        return load_file(folder / "model.safetensors")
    if (folder / "pytorch_model.bin").is_file():
        pickled: dict[str, Any] = torch.load(
            folder / "pytorch_model.bin", map_location="cpu", weights_only=True
        )
        return pickled
    raise ValueError(f"{folder.name} has neither model.safetensors nor pytorch_model.bin")
