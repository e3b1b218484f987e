"""A lock: the models and images of an app as they were when they were locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sagemaker_model.model_lock.locked_image import LockedImage
from sagemaker_model.model_lock.locked_model import LockedModel, listing_digest
from sagemaker_model.weights.hub_model import HubModel

FILE_NAME = "models.lock.json"
"""What a lock file is called where nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLock:
    """The models and images of an app as they were when they were locked.

    Args:
        models: What the Hub said of each model, by what the app asks for: ``"org/name"`` or
            ``"org/name@revision"``. Default: none.
        images: What each image stood for whose version is left to the library, by family and
            processor, such as ``"huggingface-vllm/gpu"``. Default: none.
        instances: Which instance type was chosen for each ``Hardware`` and Region. Default: none.
    """

    models: Mapping[str, LockedModel] = field(default_factory=dict)
    images: Mapping[str, LockedImage] = field(default_factory=dict)
    instances: Mapping[str, str] = field(default_factory=dict)

    def model(self, asked: HubModel) -> LockedModel | None:
        """Return what is locked for a model; None where nothing is.

        Args:
            asked: The model as the app asks for it; a commit finds the model also where it was
                locked under the name of a branch or tag.
        """
        exact = self.models.get(str(asked))
        if exact is not None or not asked.pinned:
            return exact
        same = (each for each in self.models.values() if each.id == asked.model_id)
        return next((each for each in same if each.commit == asked.revision), None)

    def listings(self, models: Iterable[HubModel]) -> dict[str, str]:
        """Return a digest of all that is locked of the files of models, by model id.

        Args:
            models: The models; those of which nothing is locked are left out.
        """
        found = ((each.model_id, self.model(each)) for each in models)
        return {
            model_id: listing_digest(locked)
            for model_id, locked in found
            if locked and locked.files
        }

    def pin(self, asked: HubModel) -> HubModel:
        """Return a model at the commit that is locked; as it is asked for where nothing is.

        Args:
            asked: The model as the app asks for it.
        """
        found = self.model(asked)
        return asked if found is None else HubModel(asked.model_id, found.commit)
