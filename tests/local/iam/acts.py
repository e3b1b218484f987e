"""What AWS's services, the builds and the custom resource do as their roles, done once again.

Each returns what was said of its failure, or nothing where it worked.
"""

from __future__ import annotations

import io
import json
import time
import uuid
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.iam.deployment import Deployment
from smoke_test_function.address import listening

_PATIENCE = 60
_SHORT_PATIENCE = 3
# That of the library without its first phase: what it would install is there already.
_BUILDSPEC = """\
version: 0.2
phases:
  build:
    commands:
      - CODE_FOLDER="$CODEBUILD_SRC_DIR_code" python -m model_builder build
"""
_IS_COMPLETE = "SageMakerModelStaging/IsComplete"


def serve(deployment: Deployment, model: str = "Staged") -> str:
    """Have SageMaker serve a model once more, with all that it does as the role."""
    sagemaker, name = deployment.client("sagemaker"), f"again-{uuid.uuid4().hex[:12]}"
    deployment.client("s3").put_object(**_place(deployment, model), Body=name.encode())
    config = deployment.id(f"{model}/EndpointConfig")
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=_config_name(sagemaker, config))
    told = _until(
        lambda: sagemaker.describe_endpoint(EndpointName=name),
        lambda seen: seen["EndpointStatus"] != "Creating",
    )
    sagemaker.delete_endpoint(EndpointName=name)
    return str(told.get("FailureReason", ""))


def build(deployment: Deployment, model: str = "Staged") -> str:
    """Run a model's build once more, to another prefix of its own."""
    codebuild = deployment.client("codebuild")
    own = deployment.id(f"{model}/Weights").rstrip("/").rpartition("/")[0]
    destination = f"{own}/{uuid.uuid4().hex}/"
    started = codebuild.start_build(
        projectName=deployment.id(f"{model}/Build"),
        buildspecOverride=_BUILDSPEC,
        environmentVariablesOverride=[{"name": "DESTINATION", "value": destination}],
    )["build"]
    ended = _until(
        lambda: codebuild.batch_get_builds(ids=[started["id"]])["builds"][0],
        lambda seen: seen["buildComplete"],
    )
    if ended["buildStatus"] == "SUCCEEDED":
        return ""
    contexts = [each for phase in ended["phases"] for each in phase.get("contexts", [])]
    log = Path(ended["logs"]["deepLink"].removeprefix("file://"))
    lines = log.read_text(encoding="utf-8") if log.exists() else ""
    return "\n".join([lines, *(each["message"] for each in contexts)])


def clean_up(deployment: Deployment, store: str | None = None) -> str:
    """Have the custom resource delete staged files that nobody uses any more."""
    bucket, prefix = store or deployment.id("Store/Bucket"), f"rights/c8/{uuid.uuid4().hex}"
    s3 = deployment.client("s3")
    for key in (f"{prefix}/config.json", f"{prefix}.manifest.json"):
        s3.put_object(Bucket=bucket, Key=key, Body=b'{"fingerprint": "x"}')
    properties = {
        "Bucket": bucket,
        "Prefix": f"{prefix}/",
        "Project": deployment.id("Staged/Build"),
        "Retain": "false",
    }
    return _ask(deployment, "Weights", f"s3://{bucket}/{prefix}/", properties)


def empty(deployment: Deployment) -> str:
    """Have the custom resource empty the store, as if it were about to be deleted."""
    bucket = deployment.id("Store/Bucket")
    return _ask(deployment, "Store", f"s3://{bucket}", {"Bucket": bucket})


def read_manifest(deployment: Deployment) -> str:
    """Have the custom resource see that weights which were staged before are there."""
    uri = deployment.id("Lent/Manifest")
    return _ask(deployment, "Manifest", uri, {"ManifestUri": uri}, kind="Create")


def invoke(deployment: Deployment, model: str = "Staged") -> str:
    """Invoke an endpoint as somebody who was granted to invoke one."""
    runtime = deployment.as_role("Caller", "sagemaker-runtime")
    try:
        runtime.invoke_endpoint(
            EndpointName=deployment.endpoint(model),
            ContentType="application/json",
            Body=json.dumps({"inputs": "hello"}),
        )
    except ClientError as error:
        return str(error)
    return ""


def invoke_async(deployment: Deployment) -> str:
    """Queue a request, and wait for its answer in S3."""
    s3, bucket = deployment.client("s3"), deployment.id("Queued/AsyncData")
    s3.put_object(Bucket=bucket, Key="input/request.json", Body=b'{"inputs": "hello"}')
    told = deployment.client("sagemaker-runtime").invoke_endpoint_async(
        EndpointName=deployment.endpoint("Queued"),
        InputLocation=f"s3://{bucket}/input/request.json",
        ContentType="application/json",
    )
    failure = _written(s3, told["FailureLocation"], told["OutputLocation"])
    return "nothing was written" if failure is None else failure


def fail_async(deployment: Deployment) -> str:
    """Queue a request that is not there, and wait for what is said of it in S3."""
    told = deployment.client("sagemaker-runtime").invoke_endpoint_async(
        EndpointName=deployment.endpoint("Queued"),
        InputLocation=f"s3://{deployment.id('Queued/AsyncData')}/input/missing.json",
    )
    failure = _written(deployment.client("s3"), told["FailureLocation"], told["OutputLocation"])
    return "nothing was written" if failure is None else ""


def ask(deployment: Deployment) -> str:
    """Have the smoke test ask an endpoint that answers at once."""
    told = _asked(deployment, "Kept", "Create", {"inputs": "hello"})
    return told["Reason"]


def ask_queue(deployment: Deployment) -> str:
    """Have the smoke test ask a queue, and read the answer."""
    told = _asked(deployment, "Queued", "Create", {"inputs": "hello"})
    return told["Reason"]


def fail_queue(deployment: Deployment) -> str:
    """Have the smoke test ask a queue what it does not understand, and read the failure."""
    told = _asked(deployment, "Queued", "Create", {"nothing": "asked"})
    return "" if "refused: {" in told["Reason"] else told["Reason"]


def see_rollback(deployment: Deployment) -> str:
    """Have a smoke test fail, and see that the stack is not being rolled back."""
    told = _asked(deployment, "Kept", "Update", {"nothing": "asked"})
    return "" if told["Status"] == "FAILED" else "taken to be rolled back"


def _asked(deployment: Deployment, model: str, kind: str, body: dict[str, str]) -> dict[str, str]:
    """Return what the smoke test's function tells CloudFormation."""
    request = {"body": json.dumps(body), "content_type": "application/json"}
    test = {"requests": [request], "patience": _SHORT_PATIENCE}
    properties = {"EndpointName": deployment.endpoint(model), "Test": json.dumps(test)}
    if model == "Queued":
        properties["InputFolder"] = f"s3://{deployment.id('Queued/AsyncData')}/input"
    with listening() as (url, told):
        event = {
            "RequestType": kind,
            "RequestId": uuid.uuid4().hex,
            "LogicalResourceId": "SmokeTest",
            "StackId": deployment.stack_id,
            "ResponseURL": url,
            "ResourceProperties": properties,
        }
        function = deployment.id("SageMakerModelSmokeTest/Function")
        deployment.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    (response,) = told
    return response


def _written(s3: Any, failure: str, output: str) -> str | None:
    """Return what was written as failure; nothing for an answer; None where neither was."""
    deadline = time.monotonic() + _SHORT_PATIENCE
    while time.monotonic() < deadline:
        for place in (failure, output):
            bucket, _, key = place.removeprefix("s3://").partition("/")
            if s3.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"):
                body = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
                return body if place == failure else ""
        time.sleep(0.05)
    return None


def _ask(
    deployment: Deployment,
    resource: str,
    physical_id: str,
    properties: dict[str, str],
    *,
    kind: str = "Delete",
) -> str:
    event = {
        "RequestType": kind,
        "ResourceType": f"Custom::SageMakerModel{resource}",
        "RequestId": uuid.uuid4().hex,
        "PhysicalResourceId": physical_id,
        "StackId": deployment.stack_id,
        "StartedAt": str(time.time()),
        "ResourceProperties": properties,
    }
    answer = deployment.client("lambda").invoke(
        FunctionName=deployment.id(_IS_COMPLETE), Payload=json.dumps(event)
    )
    told: dict[str, Any] = json.load(io.BytesIO(answer["Payload"].read()))
    return str(told["errorMessage"]) if "FunctionError" in answer else ""


def _place(deployment: Deployment, model: str) -> dict[str, str]:
    uri = deployment.id(f"{model}/Weights")
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": f"{prefix}again.txt"}


def _config_name(sagemaker: Any, arn: str) -> str:
    configs = sagemaker.list_endpoint_configs()["EndpointConfigs"]
    return next(
        str(each["EndpointConfigName"]) for each in configs if each["EndpointConfigArn"] == arn
    )


def _until(look: Any, ended: Any) -> dict[str, Any]:
    deadline = time.monotonic() + _PATIENCE
    while not ended(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.05)
    return dict(seen)
