"""What changing an argument of staged weights, their store or their build does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import RemovalPolicy

from model_lock.locks import LOCK, QWEN
from sagemaker_model import Staging, Weights
from updates.apps import ROOT
from updates.change import NEW_MODEL, Change, Does, each_of
from updates.values import (
    BUCKET,
    GROUPS,
    KEY,
    LARGE,
    LOGS,
    ONE_ZONE,
    OTHER_COMMIT,
    OTHER_STORE,
    ROLE,
    VPC,
)

FILES = (
    "the files are staged below a new prefix and a new model serves them; the old ones are "
    "deleted when the endpoint has moved"
)
BUILD_MEANS = "the next build is made so; what is staged already is not staged again"
STORE_MEANS = (
    "everything is staged again there, from where it came; the stack's own store goes with "
    "what is in it when the endpoint has moved"
)
STAGED_ANEW: Does = frozenset({"Project in place", "SageMakerModelWeights replaced"})
BUILD_ALONE: Does = frozenset({"Project in place"})
HUB_TOKEN: Does = frozenset({"Policy in place"})
NEW_STORE: Does = STAGED_ANEW | {
    "Bucket replaced",
    "BucketPolicy replaced",
    "Policy in place",
    "Policy replaced",
    "SageMakerModelStore deleted",
}
STAGING_GONE: Does = frozenset(
    f"{kind} deleted"
    for kind in (
        "Bucket",
        "BucketPolicy",
        "Function",
        "LogGroup",
        "Project",
        "Role",
        "SageMakerModelStore",
        "SageMakerModelWeights",
        "StateMachine",
    )
)


def build_settings(
    of: str, changes: Mapping[str, Any], *, others: Mapping[str, Any] | None = None
) -> list[Change]:
    """Return changes of how builds are made, which stage nothing by themselves."""
    return each_of(of, changes, others=others, does=BUILD_ALONE, means=BUILD_MEANS)


STAGED_WEIGHTS = [
    *each_of(
        "StagedWeights",
        {"model_id": "other/name", "revision": OTHER_COMMIT},
        does=NEW_MODEL | STAGED_ANEW,
        means=FILES,
    ),
    *each_of(
        "StagedWeights",
        {"weights": Weights.from_directory(ROOT / "examples/local_folder/model")},
        does=NEW_MODEL | STAGED_ANEW | HUB_TOKEN,
        means=FILES,
    ),
    *each_of(
        "StagedWeights",
        {"lock": LOCK},
        others={"model_id": QWEN.id, "revision": None},
        does=NEW_MODEL | STAGED_ANEW,
        means=FILES,
    ),
    *build_settings(
        "StagedWeights", {"compute_type": LARGE, "staging": Staging(http_proxy="http://proxy:3128")}
    ),
    *each_of(
        "StagedWeights",
        {"hf_token": "hub-token"},
        does=BUILD_ALONE | HUB_TOKEN,
        means=BUILD_MEANS,
    ),
    *each_of(
        "StagedWeights", {"store": OTHER_STORE}, does=NEW_MODEL | NEW_STORE, means=STORE_MEANS
    ),
    *each_of(
        "StagedWeights",
        {"removal_policy": RemovalPolicy.RETAIN},
        does=NEW_MODEL | NEW_STORE,
        means=STORE_MEANS,
    ),
]
ARTIFACT_STORE = [
    Change(
        of="ArtifactStore",
        argument="bucket",
        after={"bucket": BUCKET},
        does=NEW_MODEL
        | STAGED_ANEW
        | {"Bucket left", "BucketPolicy deleted", "Policy in place", "Policy replaced"},
        means="everything is staged again there; the old bucket stays in the account with what is "
        "in it",
    ),
    *each_of(
        "ArtifactStore",
        {"prefix": "models/"},
        does=NEW_MODEL | STAGED_ANEW | {"Policy in place", "Policy replaced"},
        means="the files are copied below the new prefix inside S3 and served from there",
    ),
    *each_of(
        "ArtifactStore",
        {"encryption_key": KEY},
        does=frozenset({"Bucket in place", "Policy in place", "Policy replaced"}),
        means="what is staged from now on is encrypted with it; what lies there already is not",
    ),
    *each_of(
        "ArtifactStore",
        {"server_access_logs_bucket": LOGS},
        does=frozenset({"Bucket in place"}),
        means="access is logged from now on",
    ),
    *each_of(
        "ArtifactStore",
        {"removal_policy": RemovalPolicy.DESTROY},
        does=frozenset({"Policy made", "SageMakerModelStore made"}),
        means="the bucket is emptied and deleted with its stack from now on",
    ),
]
STAGING = [
    *build_settings(
        "Staging",
        {
            "http_proxy": "http://proxy:3128",
            "no_proxy": "internal",
            "hf_endpoint": "https://hub.internal",
            "pip_index_url": "https://pypi.internal",
            "compute_type": LARGE,
        },
    ),
    *each_of(
        "Staging",
        {"ca_bundle": __file__},
        does=BUILD_ALONE | HUB_TOKEN,
        means=BUILD_MEANS,
    ),
    *each_of(
        "Staging",
        {"vpc": VPC},
        does=BUILD_ALONE | HUB_TOKEN | {"SecurityGroup made"},
        means=BUILD_MEANS,
    ),
    *each_of(
        "Staging",
        {"vpc_subnets": ONE_ZONE},
        others={"vpc": VPC},
        does=BUILD_ALONE,
        means=BUILD_MEANS,
    ),
    *each_of(
        "Staging",
        {"security_groups": GROUPS},
        others={"vpc": VPC},
        does=BUILD_ALONE | {"SecurityGroup deleted"},
        means=BUILD_MEANS,
    ),
    *each_of(
        "Staging",
        {"role": ROLE},
        does=BUILD_ALONE | HUB_TOKEN | {"Policy made", "Role deleted"},
        means=BUILD_MEANS,
    ),
]
WEIGHTS_CHANGES = [*STAGED_WEIGHTS, *ARTIFACT_STORE, *STAGING]
