"""A team's service, which other teams' apps compose."""

from pathlib import Path

from constructs import Construct

from sagemaker_model import CustomInference, SageMakerModel

CODE = Path(__file__).with_name("code")


class SearchService(Construct):
    """A model with the team's own code, which travels in its package.

    Args:
        scope: The construct it belongs to.
        id: Its name there.
        instance_type: What it runs on.
    """

    def __init__(self, scope: Construct, id: str, *, instance_type: str) -> None:  # noqa: A002
        super().__init__(scope, id)
        model = CustomInference(
            model_id="cross-encoder/ms-marco-MiniLM-L-6-v2",
            instance_type=instance_type,
            code_folder=CODE,
        )
        self.model = SageMakerModel(self, "Model", model=model)
