"""What of a deployment a lock file fixes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.locked_model import LockedModel
from sagemaker_model.weights.hub_model import HubModel

if TYPE_CHECKING:
    from constructs import Construct

METADATA = "sagemaker-model:lock"
"""Type of the metadata that tells in a synthesized assembly what each construct needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockNeeds:
    """What of a deployment a lock file fixes.

    Args:
        models: Models of the Hub, as the user asks for them. Default: none.
        images: Images whose version is left to the library, as a lock file knows them.
            Default: none.
        instances: Instance types that are given as ``Hardware``, as a lock file knows them.
            Default: none.
    """

    models: tuple[HubModel, ...] = ()
    images: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.models or self.images or self.instances)

    @property
    def names(self) -> list[str]:
        """All of them, as text."""
        return [*map(str, self.models), *self.images, *self.instances]

    def only_model(self, lock: ModelLock) -> LockedModel | None:
        """Return what *lock* holds of the one model; None where there are several.

        Args:
            lock: The lock.
        """
        return lock.model(self.models[0]) if len(self.models) == 1 else None

    def missing_in(self, lock: ModelLock) -> LockNeeds:
        """Return what *lock* does not hold.

        Args:
            lock: The lock.
        """
        return LockNeeds(
            models=tuple(each for each in self.models if lock.model(each) is None),
            images=tuple(each for each in self.images if each not in lock.images),
            instances=tuple(each for each in self.instances if each not in lock.instances),
        )

    def moving(self) -> LockNeeds:
        """Return what may change where there is no lock: all but models at a commit."""
        return replace(self, models=tuple(each for each in self.models if not each.pinned))


def tell_needs(scope: Construct, needs: LockNeeds) -> None:
    """Leave in the assembly what ``sagemaker-model lock --assembly`` is to look up.

    Args:
        scope: The construct that needs it.
        needs: What it needs.
    """
    if needs:
        told = {
            "models": [str(each) for each in needs.models],
            "images": list(needs.images),
            "instances": list(needs.instances),
        }
        scope.node.add_metadata(METADATA, told)
