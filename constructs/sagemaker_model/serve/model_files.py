"""Which files a model has, wherever its app or its user says that they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sagemaker_model.serve.app_model import AppModel, source_of
from sagemaker_model.serve.hub_files import of_hub
from sagemaker_model.serve.weights import Files, of_folder, of_s3


@dataclass(frozen=True, kw_only=True)
class Finder:
    """Finds a model's files, and fetches those that are not here.

    Args:
        cache: Folder of what was fetched before.
        folder: Folder for what lasts as long as the command.
        s3: Makes a client of S3, where one is needed.
        hub: URL of the Hub. Default: that of ``HF_ENDPOINT``, or the real one.
    """

    cache: Path
    folder: Path
    s3: Callable[[], Any]
    hub: str | None = None

    def files_of(self, model: AppModel) -> Files:
        """Return a model's files; none where its container downloads them itself.

        Args:
            model: The model.

        Raises:
            ServingError: They can't be had from S3.
            ValueError: They can't be had, or where they are only the deployment tells.
        """
        if "weights" in model.folders:
            return of_folder(model.folders["weights"])
        told = model.staging or {}
        if "MODEL_ID" in told:
            # A Hub of this machine ends with the command, and its port means nothing afterwards.
            cache = self.cache if self.hub is None else self.folder
            return of_hub(told, cache=cache / "hub", hub=self.hub)
        source = source_of(model)
        if source is None:
            return {}
        return of_s3(source, client=self.s3(), cache=self.cache, folder=self.folder / "fetched")
