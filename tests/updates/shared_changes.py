"""What changing an argument of shared instances, or of what lies on them, does."""

from __future__ import annotations

from aws_cdk import Duration

from sagemaker_model import RealTime, RollOut
from updates.apps import WAIT
from updates.change import (
    NEW_CONFIGURATION,
    NEW_ENDPOINT,
    NOTHING,
    RIGHTS,
    Does,
    each_of,
)
from updates.endpoint_changes import LOST_RIGHTS
from updates.values import GROUPS, KEY, ONE_ZONE, ROLE, VPC

SHARED = "SharedEndpoint"
COMPONENT = "InferenceComponent"
UPDATED: Does = frozenset({"InferenceComponent in place"})
NEW_MODELS: Does = UPDATED | {"Model replaced"}
MOVED: Does = frozenset({"InferenceComponent replaced"})
INSTANCES = "new instances are started beside the old ones, with copies of what lies there"
IN_VPC = {"vpc": VPC}
COPIES = "new copies are started and take over, and the old ones go"
NEW_COMPONENT = (
    "a new component is made and the old one deleted, as `UpdateInferenceComponent` takes no "
    "other: callers name the new one"
)

ENDPOINT = [
    *each_of(
        SHARED,
        {
            "max_instances": 4,
            "min_instances": 0,
            "consolidate_after": WAIT,
            "hosting": RealTime(routing="LEAST_OUTSTANDING_REQUESTS"),
        },
        does=NEW_CONFIGURATION,
        means=INSTANCES,
    ),
    *each_of(
        SHARED, {"vpc_subnets": ONE_ZONE}, others=IN_VPC, does=NEW_CONFIGURATION, means=INSTANCES
    ),
    *each_of(
        SHARED,
        {"security_groups": GROUPS},
        others=IN_VPC,
        does=NEW_CONFIGURATION | {"SecurityGroup deleted"},
        means=f"{INSTANCES}; the security group that was made for them is deleted",
    ),
    *each_of(
        SHARED,
        {"encryption_key": KEY},
        others={"instance_type": "ml.m5.xlarge"},
        does=NEW_CONFIGURATION | RIGHTS,
        means=f"{INSTANCES}; the role's rights follow",
    ),
    *each_of(
        SHARED,
        {"network_isolation": True},
        does=NEW_CONFIGURATION | NEW_MODELS,
        means=f"{INSTANCES}, and of all models that lie on them",
    ),
    *each_of(SHARED, {"region": "us-east-1"}, does=NOTHING, means="it says what is known"),
]
ENDPOINT_DANGERS = [
    *each_of(
        SHARED,
        {"endpoint_name": "chat"},
        does=NEW_ENDPOINT | MOVED | RIGHTS,
        means="**a new endpoint** is made beside the old one, with a new component of each model, "
        "and the old ones are deleted after that: callers must use the new names",
        danger=True,
    ),
    *each_of(
        SHARED,
        {"instance_type": "ml.g5.48xlarge"},
        does=NEW_CONFIGURATION | NEW_MODELS,
        means=f"{INSTANCES}; all models on it must say the same type, and their copies must fit it",
        danger=True,
    ),
    *each_of(
        SHARED,
        {"vpc": VPC},
        does=NEW_CONFIGURATION | RIGHTS | {"SecurityGroup made"},
        means=f"{INSTANCES}, in the VPC: from there they must reach S3, and what else the "
        "containers call, or the update fails and is rolled back",
        danger=True,
    ),
    *each_of(
        SHARED,
        {"role": ROLE},
        does=NEW_CONFIGURATION | NEW_MODELS | RIGHTS | {"Role deleted"},
        means="instances and models act as the new role; the old one, and what you granted it "
        "yourself, is deleted after that",
        danger=True,
    ),
    *each_of(
        SHARED,
        {"grant_permissions": False},
        others={"role": ROLE},
        does=frozenset({"Policy deleted"}),
        means=LOST_RIGHTS,
        danger=True,
    ),
]
COMPONENT_CHANGES = [
    *each_of(
        COMPONENT,
        {
            "cpus": 2,
            "memory_mib": 2048,
            "max_memory_mib": 4096,
            "startup_timeout": Duration.minutes(30),
            "download_timeout": Duration.minutes(30),
            "placement": "SPREAD",
            "data_cache": True,
        },
        does=UPDATED,
        means=COPIES,
    ),
    *each_of(
        COMPONENT,
        {"accelerators": 2},
        does=NEW_MODELS,
        means=f"{COPIES}; the engine splits the model over as many",
    ),
    *each_of(
        COMPONENT,
        {"copies": 2},
        does=UPDATED,
        means="the number is set to this one, whatever scaling has come to",
    ),
    *each_of(
        COMPONENT,
        {"roll_out": RollOut.rolling(wait=WAIT, instances=1)},
        does=UPDATED,
        means="SageMaker refuses an update of this alone: change it together with the model",
        danger=True,
    ),
    *each_of(COMPONENT, {"name": "chat"}, does=MOVED, means=NEW_COMPONENT, danger=True),
    *each_of(
        COMPONENT,
        {"endpoint": 1},
        does=MOVED | NEW_CONFIGURATION | RIGHTS | {"Model replaced"},
        means=NEW_COMPONENT,
        danger=True,
    ),
]
ADAPTER = [
    *each_of(
        "LoraAdapter",
        {"artifact": "s3://models/second.tar.gz"},
        does=UPDATED | RIGHTS,
        means="the adapter is loaded anew from there; the role's rights follow",
    ),
    *each_of(
        "LoraAdapter",
        {"encryption_key": KEY},
        does=RIGHTS,
        means="the role may decrypt with it; nothing is loaded again",
    ),
    *each_of("LoraAdapter", {"name": "chat"}, does=MOVED, means=NEW_COMPONENT, danger=True),
    *each_of("LoraAdapter", {"base": 1}, does=MOVED, means=NEW_COMPONENT, danger=True),
]
SHARED_CHANGES = [*ENDPOINT, *ENDPOINT_DANGERS, *COMPONENT_CHANGES, *ADAPTER]
