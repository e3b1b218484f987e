import json
from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Stage
from aws_cdk import aws_s3 as s3

from sagemaker_model.local.assembly import stacks_in
from sagemaker_model.local.cdk_app import CdkApp
from sagemaker_model.local.processes import Process
from sagemaker_model.local.record import Record


@pytest.fixture
def record(tmp_path: Path) -> Record:
    url = "http://127.0.0.1:4567"
    return Record(tmp_path / "state", url, "210987654321", "eu-west-1", Process(1, 0.0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an app with a CDK CLI of its own."""
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "python app.py"}))
    programs = tmp_path / "node_modules" / ".bin"
    programs.mkdir(parents=True)
    (programs / "cdk").write_text("#!/bin/sh\n")
    (programs / "cdk").chmod(0o755)
    return tmp_path


def test_the_cdk_cli_of_the_apps_own_folder_comes_first(folder: Path, record: Record) -> None:
    assert CdkApp.find(folder, record).cdk == (str(folder / "node_modules/.bin/cdk"),)


def test_a_folder_without_cdk_json_is_refused(tmp_path: Path, record: Record) -> None:
    with pytest.raises(ValueError, match=r"there is no cdk\.json in"):
        CdkApp.find(tmp_path, record)


def test_the_app_is_synthesized_once_with_its_context_and_deployed_from_there(
    folder: Path, record: Record
) -> None:
    app = CdkApp.find(folder, record)
    given = ["-c", "a=1", "--context=b=2", "--hotswap"]

    assert app.synth(given)[-3:] == ["-c", "a=1", "--context=b=2"]
    deploy = app.deploy(["Chat"], given)
    assert deploy[1:5] == ["deploy", "Chat", "--app", str(app.assembly)]
    assert deploy[-4:] == given
    assert "--all" in app.deploy([])
    assert app.destroy([])[-1] == "--force"


def test_bootstrap_is_of_the_local_account_alone(folder: Path, record: Record) -> None:
    command = CdkApp.find(folder, record).bootstrap("us-west-2")

    assert command[2] == "aws://210987654321/us-west-2"


def test_stacks_are_found_with_their_regions_in_stages_too(tmp_path: Path) -> None:
    # The CDK CLI asks for it.
    context = {"aws:cdk:enable-path-metadata": True}
    app = App(outdir=str(tmp_path / "cdk.out"), context=context)
    s3.CfnBucket(Stack(app, "Agnostic"), "Bucket")
    stage = Stage(app, "Stage", env=Environment(account="123456789012", region="us-west-2"))
    s3.CfnBucket(Stack(stage, "Placed", stack_name="named"), "Bucket")
    app.synth()

    found = {each.name: each for each in stacks_in(tmp_path / "cdk.out", "eu-west-1")}

    assert found["Agnostic"].region == "eu-west-1"
    assert found["named"].region == "us-west-2"
    assert found["Agnostic"].paths == {"Bucket": "Agnostic/Bucket"}


def test_an_app_that_was_not_synthesized_has_no_stacks(tmp_path: Path) -> None:
    assert stacks_in(tmp_path, "eu-west-1") == []
