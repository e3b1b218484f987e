"""How large weights are, before anybody has them."""

from __future__ import annotations

from collections.abc import Sequence

from sagemaker_model.hosting.timeouts import size_in_name
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.tokens import is_token
from sagemaker_model.weights.hub_model import HubModel


def size_of(models: Sequence[HubModel], lock: ModelLock) -> float | None:
    """Return the size of models' weights in GiB: as locked, else as their names say.

    Args:
        models: The models.
        lock: The lock.
    """
    sizes = [_size(each, lock) for each in models]
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None


def _size(model: HubModel, lock: ModelLock) -> float | None:
    from sagemaker_model.fit.weights import stored_bytes

    locked = lock.model(model)
    stored = None if locked is None else stored_bytes(locked)
    if stored is not None:
        return round(stored / 2**30, 1)
    return None if is_token(model.model_id) else size_in_name(model.model_id)
