"""Weights that are staged once and served by several models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from constructs import Construct

from sagemaker_model.model_lock.given import GivenLock, given_lock
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.needs import LockNeeds, tell_needs
from sagemaker_model.stack_facts import stack_facts
from sagemaker_model.staging.hub_token import check_hub_token
from sagemaker_model.weights.hub_model import hub_models
from sagemaker_model.weights.shared import Shared
from sagemaker_model.weights.size import size_of
from sagemaker_model.weights.weights import Wanted, Weights

if TYPE_CHECKING:
    from aws_cdk import aws_codebuild as codebuild
    from aws_cdk import aws_secretsmanager as secretsmanager

    from sagemaker_model.staging.artifact_store import ArtifactStore
    from sagemaker_model.staging.staging import Staging


class StagedWeights(Construct):
    """Stage weights once, and serve them by several models, stacks and accounts.

    Args:
        scope: The construct it belongs to.
        id: Its name in *scope*.
        model_id: Hugging Face model id, or a list of them, each in a folder of its own.
        revision: Commit, tag or branch; for several models a mapping by model id.
            Default: the default branch as it is when it is staged.
        weights: Where the weights come from. Default: ``Weights.staged()``, from the Hub.
        hf_token: Secret with a Hub token, its name or its ARN. Default: none.
        compute_type: Size of the build's machine. Default: by the size that the model's name
            says, else the smallest.
        store: Where the weights lie. Default: a bucket of the same stack.
        staging: Settings of the build. Default: ``Staging()``.
        removal_policy: What becomes of the weights when they are replaced or the construct is
            removed. Default: they are deleted.
        lock: Lock file, as in ``SageMakerModel``. Default: the context key
            ``sagemaker-model:lock``; without it nothing is locked.

    Raises:
        ValueError: An argument has a form that can't be right, or the lock file is none.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's name
        *,
        model_id: str | Sequence[str],
        revision: str | Mapping[str, str] | None = None,
        weights: Weights | None = None,
        hf_token: secretsmanager.ISecret | str | None = None,
        compute_type: codebuild.ComputeType | None = None,
        store: ArtifactStore | None = None,
        staging: Staging | None = None,
        removal_policy: RemovalPolicy | None = None,
        lock: GivenLock | None = None,
    ) -> None:
        check_hub_token(hf_token)
        model_ids = (model_id,) if isinstance(model_id, str) else tuple(model_id)
        asked = hub_models(model_ids, revision)
        source = weights or Weights.staged()
        super().__init__(scope, id)
        locked = given_lock(lock, stack_facts(self).lock) or ModelLock()
        models = tuple(locked.pin(each) for each in asked)
        if source.from_model_id:
            tell_needs(self, LockNeeds(models=asked))
        self._bound = source.bind(
            self,
            Wanted(
                models=models,
                listings=locked.listings(models),
                hf_token=hf_token,
                size_gib=size_of(models, locked),
                store=store,
                staging=staging,
                compute_type=compute_type,
                removal_policy=removal_policy,
            ),
        )
        if self._bound.manifest_uri is None:
            raise ValueError(
                "weights of StagedWeights are not staged but used where they are; give them to "
                "the models themselves"
            )

    @property
    def weights(self) -> Weights:
        """The weights, for ``Container`` and ``CustomInference`` in any stack of the app."""
        return Shared(self._bound)

    @property
    def manifest_uri(self) -> str:
        """``s3://bucket/….manifest.json``, for ``Weights.from_staged`` in another account."""
        return self._bound.manifest_uri or ""
