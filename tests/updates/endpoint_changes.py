"""What changing an argument of the construct itself does."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy

from model_lock.locks import LOCK, QWEN
from sagemaker_model import (
    Asynchronous,
    Container,
    RealTime,
    RollOut,
    Serverless,
    SmokeTest,
    Weights,
)
from updates.apps import CPU, FILES, GPU
from updates.change import (
    ENDPOINT,
    NEW_CONFIGURATION,
    NEW_ENDPOINT,
    NEW_MODEL,
    NOTHING,
    RIGHTS,
    Change,
    Does,
    each_of,
)
from updates.deployment_changes import MODEL, MODEL_AND_RIGHTS
from updates.hosting_changes import LIKEWISE
from updates.values import GROUPS, KEY, ONE_ZONE, OTHER_VPC, ROLE, VPC
from updates.weights_changes import NEW_STORE, STORE_MEANS

QUEUE = Asynchronous(output_path="s3://bucket/out", input_path="s3://bucket/in")
MODELS = "SageMakerModel"
ON_CPU = {"model": Container(**CPU)}
UNPINNED = Container(model_id=QWEN.id, instance_type="ml.g5.2xlarge")
NEW_KIND = NEW_ENDPOINT | RIGHTS | {"EndpointConfig replaced"}
NEW_NAME = (
    "**a new endpoint** is made beside the old one, which is deleted after that: callers must "
    "use the new name, and its metrics and logs begin anew"
)
LOST_RIGHTS = (
    "the role loses what was granted here: see that it has it from elsewhere before, or instances "
    "that start later fail"
)
ANOTHER_KIND = (
    "**a new endpoint** is made beside the old one, as SageMaker changes none to another kind; an "
    "`endpoint_name` must be changed with it, or the deployment fails as the name is taken"
)

NAMES = [
    *each_of(
        MODELS,
        {"endpoint_name": "chat"},
        note="from a generated name",
        does=NEW_ENDPOINT | RIGHTS,
        means=NEW_NAME,
        danger=True,
    ),
    *each_of(
        MODELS,
        {"endpoint_name": "talk"},
        others={"endpoint_name": "chat"},
        note="from another",
        does=NEW_ENDPOINT | RIGHTS,
        means=NEW_NAME,
        danger=True,
    ),
    *each_of(
        MODELS,
        {"hosting": Asynchronous()},
        others=ON_CPU,
        note="to `Asynchronous`",
        does=NEW_KIND | {"Bucket made", "BucketPolicy made"},
        means=ANOTHER_KIND,
        danger=True,
    ),
    *each_of(
        MODELS,
        {"hosting": Serverless(memory_mb=2048)},
        others=ON_CPU,
        note="to `Serverless`",
        does=NEW_KIND - RIGHTS,
        means=ANOTHER_KIND,
        danger=True,
    ),
    *each_of(
        f"{MODELS}.roll_back_on",
        {"alarms": ["Errors"]},
        note="without `endpoint_name`",
        does=NEW_ENDPOINT | {"Policy in place"},
        means=f"{NEW_NAME}. Give `endpoint_name` from the first deployment on, and nothing of the "
        "kind happens",
        danger=True,
    ),
    *each_of(
        f"{MODELS}.roll_back_on",
        {"alarms": ["Errors"]},
        others={"endpoint_name": "chat"},
        note="with `endpoint_name`",
        does=ENDPOINT | {"Policy in place"},
        means="this update and those that follow are rolled back by the alarms",
    ),
]
NETWORK = [
    *each_of(
        MODELS,
        {"vpc": VPC},
        note="into a VPC",
        does=NEW_MODEL | RIGHTS | {"SecurityGroup made"},
        means=f"{MODEL}, in the VPC: from there they must reach S3, and what else the container "
        "calls, or the update fails and is rolled back",
        danger=True,
    ),
    *each_of(
        MODELS,
        {"vpc": OTHER_VPC},
        others={"vpc": VPC},
        note="into another VPC",
        does=NEW_MODEL | {"SecurityGroup replaced"},
        means=f"{MODEL}, in the other VPC; the old security group is deleted when their network "
        "interfaces are gone, and nothing else may use it then",
        danger=True,
    ),
    *each_of(MODELS, {"vpc_subnets": ONE_ZONE}, others={"vpc": VPC}, does=NEW_MODEL, means=MODEL),
    *each_of(
        MODELS,
        {"security_groups": GROUPS},
        others={"vpc": VPC},
        does=NEW_MODEL | {"SecurityGroup deleted"},
        means=f"{MODEL}; the security group that was made for it is deleted",
    ),
    *each_of(MODELS, {"network_isolation": True}, does=NEW_MODEL, means=MODEL),
]
IDENTITY = [
    *each_of(
        MODELS,
        {"role": ROLE},
        does=NEW_MODEL | RIGHTS | {"Role deleted"},
        means=f"{MODEL} as the new role; the old one, and what you granted it yourself, is "
        "deleted when the endpoint has moved",
        danger=True,
    ),
    *each_of(
        MODELS,
        {"grant_permissions": False},
        others={"role": ROLE},
        does=frozenset({"Policy deleted"}),
        means=LOST_RIGHTS,
        danger=True,
    ),
    *each_of(
        MODELS,
        {"encryption_key": KEY},
        others=ON_CPU,
        does=NEW_CONFIGURATION | RIGHTS,
        means=LIKEWISE,
    ),
]
OTHERS = [
    *each_of(
        MODELS,
        {"model": Container(**{**FILES, "model_id": "other/name"})},
        others={"model": Container(**FILES)},
        does=NOTHING,
        note="another name for the same files",
        means="with weights from S3 `model_id` is a name for you",
    ),
    *each_of(
        MODELS,
        {"model": Container(**GPU)},
        others={"model": Container(**FILES)},
        does=NEW_MODEL | RIGHTS,
        note="another deployment",
        means=MODEL_AND_RIGHTS,
    ),
    *each_of(
        MODELS,
        {"lock": LOCK},
        others={"model": UNPINNED},
        does=NEW_MODEL,
        means=f"{MODEL}, where the commit or image of the lock is another than without it",
    ),
    *each_of(
        MODELS,
        {"region": "us-east-1"},
        note="of a stack that has a Region",
        does=NOTHING,
        means="it says what is known",
    ),
    Change(
        of=MODELS,
        argument="region",
        after={"region": "us-east-1"},
        note="of a Region-agnostic stack",
        agnostic=True,
        does=NEW_MODEL | RIGHTS,
        means=f"{MODEL}: what was looked up at the deployment stands in the template now",
    ),
    *each_of(
        MODELS,
        {"removal_policy": RemovalPolicy.RETAIN},
        others={"model": Container(**{**GPU, "weights": Weights.staged()})},
        does=NEW_MODEL | NEW_STORE,
        means=STORE_MEANS,
    ),
]
ASKED_ANEW = "the endpoint is asked anew, and not touched"
TESTS = [
    *each_of(
        MODELS,
        {"smoke_test": SmokeTest()},
        does=frozenset(
            f"{kind} made"
            for kind in ("Function", "LogGroup", "Policy", "Role", "SageMakerModelSmokeTest")
        ),
        means="the endpoint is asked after this and each later update, and not touched",
    ),
    *each_of(
        "SmokeTest",
        {
            "payload": {"prompt": "hello"},
            "content_type": "application/x-json",
            "accept": "application/json",
            "expect": "Paris",
            "expect_json": "choices",
            "patience": Duration.minutes(5),
        },
        does=frozenset({"SageMakerModelSmokeTest in place"}),
        means=ASKED_ANEW,
    ),
    *each_of(
        "SmokeTest",
        {"during_roll_out": False},
        others={"hosting": RealTime(roll_out=RollOut.all_at_once(bake=Duration.minutes(5)))},
        does=frozenset({"Alarm deleted", "Rule deleted", "Permission deleted", "Policy in place"})
        | ENDPOINT,
        means="an update is asked when it is done, and not meanwhile",
    ),
]
_ALARM = "the alarm goes off at another number; the endpoint is not touched"
_CHANGED: Does = frozenset({"Alarm in place"})
_MADE: Does = frozenset({"Alarm made"})
ALARMS = [
    change
    for app, does, thresholds in (
        ({}, _CHANGED, {"server_errors": 5, "disk": 80}),
        ({}, _MADE, {"client_errors": 5, "latency": Duration.seconds(5)}),
        ({"hosting": QUEUE}, _CHANGED, {"failures": 5, "no_capacity": Duration.hours(1)}),
        ({"hosting": QUEUE}, _MADE, {"backlog": 50, "oldest_request": Duration.minutes(30)}),
        ({"hosting": Serverless(memory_mb=2048)}, _CHANGED, {"concurrency": 80}),
        ({"model": Container(**FILES)}, _CHANGED, {"gpu_memory": 90}),
    )
    for change in each_of(
        f"{MODELS}.add_default_alarms",
        thresholds,
        others=app,
        does=does,
        means=_ALARM,
    )
]
LOGS = each_of(
    f"{MODELS}.retain_logs",
    {"days": 7},
    others={"days": 30},
    does=frozenset({"AWS in place"}),
    means="what is older is deleted by CloudWatch Logs, also of what was written before",
)
OUTPUTS = each_of(
    f"{MODELS}.add_outputs",
    {"prefix": "Chat", "openai": True},
    does=NOTHING,
    means="the stack tells other outputs",
)
ENDPOINT_CHANGES = [
    *NAMES,
    *NETWORK,
    *IDENTITY,
    *OTHERS,
    *TESTS,
    *ALARMS,
    *OUTPUTS,
    *LOGS,
]
