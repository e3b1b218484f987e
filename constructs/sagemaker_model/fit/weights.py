"""How many bytes a model's weights take, stored and in memory."""

from __future__ import annotations

from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel

# Bytes of a number by its type, as safetensors and as config.json name types.
_SAFETENSORS = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "BF16": 2, "F16": 2}
_SAFETENSORS |= {"I16": 2, "U16": 2, "I8": 1, "U8": 1, "BOOL": 1}
_CONFIG = {"float64": 8, "float32": 4, "float": 4, "bfloat16": 2, "float16": 2}
_HALF = 2

# Endings by preference, and words in a path that tell what is no weight, or the same ones again.
_FORMATS = (
    (".safetensors", ("consolidated", "adapter", ".fp16.", "training")),
    (".bin", ("training_args", "optimizer", "scheduler", "adapter")),
    (".safetensors", ("adapter",)),
    (".pth", ("optimizer",)),
    (".gguf", ()),
)


def weight_files(model: LockedModel) -> tuple[LockedFile, ...]:
    """Return the files that an engine loads as weights, of the best format that there is.

    Many repositories hold the same weights several times: as safetensors and as pickles, and those
    of their makers in a folder or in ``consolidated`` files.

    Args:
        model: The model.
    """
    at_root = [each for each in model.files if "/" not in each.path]
    for files in (at_root, model.files):
        for ending, others in _FORMATS:
            found = [each for each in files if each.path.endswith(ending)]
            chosen = [each for each in found if not any(word in each.path for word in others)]
            if chosen:
                return tuple(chosen)
    return ()


def stored_bytes(model: LockedModel) -> int | None:
    """Return the size of the weights as they are stored; None where it is not known.

    Args:
        model: The model.
    """
    if model.parameters:
        return round(sum(count * _stored(name) for name, count in model.parameters.items()))
    return sum(each.size for each in weight_files(model)) or None


def loaded_bytes(
    model: LockedModel, *, dtype: str | None = None, at_load: float | None = None
) -> int | None:
    """Return the size of the weights in memory; None where it is not known.

    Weights that are stored quantized stay as they are.

    Args:
        model: The model.
        dtype: The type that they are loaded as. Default: one of 16 bits.
        at_load: Bytes that a parameter of a layer takes where weights are quantized when they
            are loaded; the embeddings are not. Default: they are not quantized.
    """
    stored = stored_bytes(model)
    if stored is None or model.config.quantization_method is not None:
        return stored
    each = _CONFIG.get(dtype or "", _HALF)
    count = parameter_count(model) or 0
    if at_load is None:
        return count * each
    kept = min(count, _embeddings(model))
    return round(kept * each + (count - kept) * at_load)


def parameter_count(model: LockedModel) -> int | None:
    """Return the number of parameters of weights that are not quantized; None if unknown.

    Args:
        model: The model.
    """
    if model.parameters:
        return sum(model.parameters.values())
    stored = stored_bytes(model)
    return stored and round(stored / _CONFIG.get(model.config.dtype or "", _HALF))


def _stored(name: str) -> float:
    """Return the bytes of a type; further ones have 8 or 4 bits, as their names begin."""
    if name in _SAFETENSORS:
        return _SAFETENSORS[name]
    return 0.5 if name.startswith("F4") else 1


def _embeddings(model: LockedModel) -> int:
    """Return the parameters that turn tokens into vectors and back."""
    config = model.config
    return 2 * (config.vocab_size or 0) * (config.hidden_size or 0)
