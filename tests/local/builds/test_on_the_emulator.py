"""Builds on the local AWS itself, where IAM is enforced: what the role may not do fails."""

from __future__ import annotations

import io
import json
import shutil
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.config import Config

from fakes.wheel import make_wheel, pin
from local.builds.cloud import PLAIN, lives, phases, reason, spec
from sagemaker_model.local.environment.parts import Prepared
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.local.lifecycle import Wanted, down, up
from sagemaker_model.local.record import Record
from sagemaker_model.local.variables import variables

# The local AWS outlives the command that starts it.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

ROOT = Path(__file__).parents[3]
TOKEN = "hf_a_token_of_the_hub"
NAME = "stages-models"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "codebuild.amazonaws.com"},
        }
    ],
}


@dataclass
class Aws:
    """The local AWS as its root sees it."""

    record: Record

    def client(self, service: str) -> Any:
        told = variables(self.record)
        session: Any = boto3.Session(
            aws_access_key_id=told["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=told["AWS_SECRET_ACCESS_KEY"],
            region_name=self.record.region,
        )
        return session.client(
            service,
            endpoint_url=self.record.endpoint,
            verify=told.get("AWS_CA_BUNDLE"),
            config=Config(proxies={}, s3={"addressing_style": "path"}),
        )

    def until(self, condition: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + 60
        while not (found := condition()):
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
        return found

    def build(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client("codebuild").batch_get_builds(ids=[name])["builds"][0]
        return found

    def run(self, destination: str, **overrides: Any) -> dict[str, Any]:
        told = {"name": "DESTINATION", "value": f"s3://{destination}"}
        name = self.client("codebuild").start_build(
            projectName=NAME, environmentVariablesOverride=[told], **overrides
        )["build"]["id"]
        self.until(lambda: self.build(name)["buildComplete"])
        return self.build(name)

    def start_with(self, trust: object, command: str) -> str:
        """Start a build of one command under a role of its own, and return its id."""
        role = self.client("iam").create_role(
            RoleName="own", AssumeRolePolicyDocument=json.dumps(trust)
        )
        codebuild = self.client("codebuild")
        codebuild.create_project(
            name="own",
            source={"type": "NO_SOURCE", "buildspec": spec(command)},
            artifacts={"type": "NO_ARTIFACTS"},
            environment=PLAIN,
            serviceRole=role["Role"]["Arn"],
        )
        return str(codebuild.start_build(projectName="own")["build"]["id"])

    def printed(self, build: dict[str, Any]) -> str:
        logs = build["logs"]
        told = self.client("logs").get_log_events(
            logGroupName=logs["groupName"], logStreamName=logs["streamName"]
        )
        return "\n".join(event["message"] for event in told["events"])


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    state = tmp_path_factory.mktemp("local-aws") / "state"
    yield Aws(started(state, auth=True))
    down(state, keep=True)


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Aws]:
    """A local AWS of one test, without IAM."""
    yield Aws(started(tmp_path / "state", auth=False))
    down(tmp_path / "state", keep=True)


def started(state: Path, *, auth: bool) -> Record:
    # Builds find the packages of this Python; nothing here serves models or runs Node.js.
    prepared = Prepared(Path(sys.executable), Path(sys.executable), state)
    return up(state, Wanted(auth=auth), prepared)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    root = tmp_path_factory.mktemp("hub")
    model = root / "org" / "tiny"
    model.mkdir(parents=True)
    (model / "config.json").write_text('{"architectures": ["BertModel"]}')
    (model / "tokenizer.json").write_text("{}")
    (model / "model.safetensors").write_bytes(bytes(range(256)) * 400)
    made = Hub(root)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture(scope="module")
def deployed(aws: Aws, hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A stack with the project of a model with code and a token; return its role's name."""
    s3 = aws.client("s3")
    for bucket in ("assets", "store", "others"):
        s3.create_bucket(Bucket=bucket)
    program = tmp_path_factory.mktemp("source") / "codebuild"
    shutil.copytree(ROOT / "codebuild", program, ignore=shutil.ignore_patterns("__pycache__"))
    # The packages that the program needs are this Python's; a small one travels with it.
    (program / "requirements.txt").write_text(pin(make_wheel(program / "wheels", "one")))
    s3.put_object(Bucket="assets", Key="program.zip", Body=packed(program))
    code = tmp_path_factory.mktemp("code")
    (code / "inference.py").write_text("def model_fn(folder):\n    return folder\n")
    s3.put_object(Bucket="assets", Key="code.zip", Body=packed(code))
    secret = aws.client("secretsmanager").create_secret(Name="hub", SecretString=TOKEN)["ARN"]
    aws.client("ssm").put_parameter(Name="/ignored", Value="*.h5", Type="SecureString")
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName="one",
        TemplateBody=json.dumps(template(hub.url, secret)),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )

    def status() -> str:
        return str(cloudformation.describe_stacks(StackName="one")["Stacks"][0]["StackStatus"])

    aws.until(lambda: not status().endswith("_IN_PROGRESS"))
    assert status() == "CREATE_COMPLETE"
    return "build-role"


def packed(folder: Path) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return body.getvalue()


def allow(actions: list[str], *resources: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources)}


def statements(secret: str) -> list[dict[str, object]]:
    """Return what the library lets a build do."""
    own = "arn:aws:s3:::store/one/*"
    verbs = ["AbortMultipartUpload", "PutObject", "PutObjectTagging", "GetObjectTagging"]
    more = ["DeleteObject", "DeleteObjectTagging", "ListMultipartUploadParts", "GetObject"]
    return [
        allow([f"s3:{verb}" for verb in (*verbs, *more)], own),
        allow(["s3:ListBucket", "s3:ListBucketMultipartUploads"], "arn:aws:s3:::store"),
        allow(["s3:GetObject"], "arn:aws:s3:::assets/program.zip", "arn:aws:s3:::assets/code.zip"),
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            "arn:aws:logs:us-east-1:123456789012:log-group:builds:*",
        ),
        allow(["secretsmanager:GetSecretValue"], secret),
        # The emulator judges this action without the parameters that it is for.
        allow(["ssm:GetParameters"], "*"),
    ]


def template(hub: str, secret: str) -> dict[str, Any]:
    plain = {
        "MODEL_ID": "org/tiny",
        "HF_ENDPOINT": hub,
    }
    told: list[dict[str, str]] = [{"Name": name, "Value": value} for name, value in plain.items()]
    told.append({"Name": "HF_TOKEN", "Value": secret, "Type": "SECRETS_MANAGER"})
    told.append({"Name": "IGNORE_PATTERNS", "Value": "/ignored", "Type": "PARAMETER_STORE"})
    policy = {"Version": "2012-10-17", "Statement": statements(secret)}
    return {
        "Resources": {
            "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "builds"}},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": "build-role",
                    "AssumeRolePolicyDocument": TRUST,
                    "Policies": [{"PolicyName": "build", "PolicyDocument": policy}],
                },
            },
            "Build": {
                "Type": "AWS::CodeBuild::Project",
                "Properties": {
                    "Name": NAME,
                    "Artifacts": {"Type": "NO_ARTIFACTS"},
                    "Environment": {
                        "Type": "LINUX_CONTAINER",
                        "Image": "aws/codebuild/standard:7.0",
                        "ComputeType": "BUILD_GENERAL1_SMALL",
                        "PrivilegedMode": False,
                        "EnvironmentVariables": told,
                    },
                    "ServiceRole": {"Fn::GetAtt": ["Role", "Arn"]},
                    "Source": {"Type": "S3", "Location": "assets/program.zip"},
                    "SecondarySources": [
                        {"Type": "S3", "Location": "assets/code.zip", "SourceIdentifier": "code"}
                    ],
                    "LogsConfig": {
                        "CloudWatchLogs": {"Status": "ENABLED", "GroupName": {"Ref": "Log"}}
                    },
                    "TimeoutInMinutes": 480,
                    "QueuedTimeoutInMinutes": 480,
                },
            },
        }
    }


@pytest.fixture(scope="module")
def staged(aws: Aws, deployed: str) -> dict[str, Any]:
    """A build of the project's own buildspec."""
    build = aws.run("store/one/model/digest/")
    assert build["serviceRole"].endswith(deployed)
    return build


def test_the_projects_own_buildspec_stages_a_model_of_the_hub(
    aws: Aws, staged: dict[str, Any]
) -> None:
    assert staged["buildStatus"] == "SUCCEEDED", reason(staged)
    listed = aws.client("s3").list_objects_v2(Bucket="store", Prefix="one/")["Contents"]
    assert {item["Key"].removeprefix("one/model/") for item in listed} - {"digest.plan.json"} == {
        "digest.manifest.json",
        "digest/config.json",
        "digest/tokenizer.json",
        "digest/model.safetensors",
        "digest/code/inference.py",
    }


def test_the_log_tells_how_it_went_and_not_the_token(aws: Aws, staged: dict[str, Any]) -> None:
    printed = aws.printed(staged)

    assert staged["logs"]["groupName"] == "builds"
    assert "Running command python -m model_builder build" in printed
    assert "Phase complete: BUILD State: SUCCEEDED" in printed
    assert TOKEN not in printed
    assert TOKEN not in str(staged)


@pytest.mark.parametrize(
    ("action", "phase", "told"),
    [
        ("secretsmanager:GetSecretValue", "DOWNLOAD_SOURCE", "Decrypted Variables Error"),
        ("ssm:GetParameters", "DOWNLOAD_SOURCE", "Decrypted Variables Error"),
        ("s3:GetObject", "DOWNLOAD_SOURCE", "for primary source and source version arn:aws:s3"),
        ("logs:CreateLogStream", "PROVISIONING", "does not allow AWS CodeBuild to create Amazon"),
        ("logs:PutLogEvents", "FINALIZING", "logs:PutLogEvents"),
    ],
)
def test_a_right_that_is_taken_away_is_missed(
    aws: Aws, deployed: str, action: str, phase: str, told: str
) -> None:
    iam = aws.client("iam")
    less = {"Version": "2012-10-17", "Statement": [{**allow([action], "*"), "Effect": "Deny"}]}
    iam.put_role_policy(RoleName=deployed, PolicyName="less", PolicyDocument=json.dumps(less))

    build = aws.run("store/one/other/", buildspecOverride=spec("true"))
    iam.delete_role_policy(RoleName=deployed, PolicyName="less")

    assert build["buildStatus"] == "FAILED"
    assert phases(build)[phase] == "FAILED"
    assert told in reason(build)


def test_a_build_reaches_no_other_bucket(aws: Aws, deployed: str) -> None:
    build = aws.run("others/one/model/digest/")

    assert build["serviceRole"].endswith(deployed)
    assert phases(build)["BUILD"] == "FAILED"
    assert "could not stage: s3://others: listing" in aws.printed(build)
    assert "AccessDenied" in aws.printed(build)


def test_a_stopped_build_is_told_as_stopped(aws: Aws, deployed: str) -> None:
    codebuild = aws.client("codebuild")
    name = codebuild.start_build(
        projectName=NAME,
        buildspecOverride="version: 0.2\nphases: {build: {commands: [sleep 1000]}}",
    )["build"]["id"]
    aws.until(lambda: aws.build(name)["currentPhase"] == "BUILD")

    stopped = codebuild.stop_build(id=name)["build"]

    assert stopped["buildStatus"] == "STOPPED"
    assert deployed in stopped["serviceRole"]


def test_what_the_api_would_refuse_is_refused(aws: Aws, deployed: str) -> None:
    codebuild = aws.client("codebuild")

    with pytest.raises(codebuild.exceptions.ResourceNotFoundException, match="cannot be found"):
        codebuild.start_build(projectName=f"{deployed}-of-nothing")


def test_a_changed_template_changes_the_project(aws: Aws, deployed: str, hub: Hub) -> None:
    cloudformation, codebuild = aws.client("cloudformation"), aws.client("codebuild")
    secret = aws.client("secretsmanager").describe_secret(SecretId="hub")["ARN"]
    changed = template(hub.url, secret)
    properties = changed["Resources"]["Build"]["Properties"]
    del properties["SecondarySources"]
    properties["TimeoutInMinutes"] = 90
    cloudformation.update_stack(
        StackName="one",
        TemplateBody=json.dumps(changed),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )

    def status() -> str:
        return str(cloudformation.describe_stacks(StackName="one")["Stacks"][0]["StackStatus"])

    aws.until(lambda: not status().endswith("_IN_PROGRESS"))
    (project,) = codebuild.batch_get_projects(names=[NAME])["projects"]

    assert status() == "UPDATE_COMPLETE"
    assert project["timeoutInMinutes"] == 90
    assert not project.get("secondarySources")
    assert deployed in project["serviceRole"]


def test_a_role_that_does_not_trust_codebuild_is_not_assumed(another: Aws) -> None:
    trust = json.loads(json.dumps(TRUST).replace("codebuild", "lambda"))

    build = another.build(another.start_with(trust, "echo never"))
    another.until(lambda: another.build(build["id"])["buildComplete"])

    assert "not authorized to perform: sts:AssumeRole" in reason(another.build(build["id"]))


def test_builds_end_with_the_emulator(another: Aws, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    another.start_with(TRUST, f"sleep 1000 & echo $! >{pid}; wait")
    another.until(lambda: pid.is_file() and pid.read_text().endswith("\n"))

    psutil.Process(another.record.emulator.pid).terminate()

    another.until(lambda: not lives(int(pid.read_text())))
