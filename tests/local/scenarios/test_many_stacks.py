"""Stacks side by side: same ids, one bucket, two Regions, two accounts, other sources."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.conftest import MakeProject
from local.faults import FOREVER, letting
from local.live import LocalAws
from local.project import Project, bootstrap
from local.removal import remove
from sagemaker_model.local.hub.samples import RERANKER, make_samples
from sagemaker_model.local.hub.server import Hub

OTHER_ACCOUNT = "210987654321"
ABROAD = "eu-west-1"
OBJECTS = "objects-of-mine"


@pytest.fixture(scope="module")
def abroad(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> LocalAws:
    """The same account in another Region."""
    there = aws.elsewhere(region=ABROAD)
    bootstrap(there, tmp_path_factory.mktemp("abroad"))
    return there


@pytest.fixture(scope="module")
def partner(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> LocalAws:
    """Another account in the same Region."""
    other = aws.elsewhere(account=OTHER_ACCOUNT)
    bootstrap(other, tmp_path_factory.mktemp("partner"))
    return other


@pytest.fixture(scope="module")
def weights(local_hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model that is not the Hub's: it has another activation function."""
    make_samples(local_hub.repositories.root)
    folder = tmp_path_factory.mktemp("weights") / "model"
    shutil.copytree(local_hub.repositories.root / RERANKER, folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "hidden_act": "relu"}))
    return folder


@pytest.fixture(scope="module")
def project(
    aws: LocalAws, abroad: LocalAws, weights: Path, local_hub: Hub, make_project: MakeProject
) -> Iterator[Project]:
    """All stacks but the partner's, deployed at once."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=OBJECTS)
    for file in (local_hub.repositories.root / RERANKER).iterdir():
        s3.put_object(Bucket=OBJECTS, Key=f"models/reranker/{file.name}", Body=file.read_bytes())
    made = make_project("many")
    made.write(context(aws, weights))
    made.deploy().succeed()
    yield made
    remove(aws, "blue", "green", "shared", "folder", "objects", "lender")
    remove(abroad, "abroad")


def context(aws: LocalAws, weights: Path, **more: Any) -> dict[str, Any]:
    return {
        "account": aws.record.account,
        "other_account": OTHER_ACCOUNT,
        "folder": str(weights),
        "objects": f"s3://{OBJECTS}/models/reranker/",
        **more,
    }


def embedding(aws: LocalAws, stack: str) -> list[float]:
    """Return the figures of the first token, which tell one model from another."""
    answer = aws.ask(stack, {"inputs": "hello world"})
    return [round(each, 4) for each in answer[0][0]]


def bucket(aws: LocalAws, stack: str) -> str:
    (name,) = aws.resources(stack, "AWS::S3::Bucket")
    return name


@pytest.mark.usefixtures("project")
def test_two_stacks_with_the_same_ids_have_endpoints_and_builds_of_their_own(
    aws: LocalAws,
) -> None:
    for kind in ("AWS::SageMaker::Endpoint", "AWS::CodeBuild::Project"):
        assert set(aws.resources("blue", kind)).isdisjoint(aws.resources("green", kind))
    assert embedding(aws, "blue") == embedding(aws, "green")


@pytest.mark.usefixtures("project")
def test_an_endpoint_in_another_region_answers_there_from_a_bucket_of_its_own(
    aws: LocalAws, abroad: LocalAws
) -> None:
    uri = abroad.served("abroad")["ModelDataSource"]["S3DataSource"]["S3Uri"]
    region = abroad.client("s3").get_bucket_location(Bucket=bucket(abroad, "abroad"))

    assert embedding(abroad, "abroad") == embedding(aws, "green")
    assert uri.startswith(f"s3://{bucket(abroad, 'abroad')}/")
    assert region["LocationConstraint"] == ABROAD
    assert "abroad" not in aws.stacks()


@pytest.mark.usefixtures("project")
def test_files_that_are_in_s3_already_are_served_from_where_they_are(aws: LocalAws) -> None:
    data = aws.served("objects")["ModelDataSource"]["S3DataSource"]

    assert embedding(aws, "objects") == embedding(aws, "green")
    assert data["S3Uri"] == f"s3://{OBJECTS}/models/reranker/"
    assert aws.resources("objects", "AWS::CodeBuild::Project") == []


@pytest.mark.usefixtures("project")
def test_a_local_folder_is_served_as_it_is_and_the_hub_is_not_asked(
    aws: LocalAws, weights: Path
) -> None:
    (build,) = aws.builds("folder")
    staged = {Path(key).name for key in aws.keys(bucket(aws, "folder"), "folder/")}

    assert embedding(aws, "folder") != embedding(aws, "green")
    assert build["buildStatus"] == "SUCCEEDED"
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= staged
    assert (weights / "config.json").is_file()


def test_another_account_serves_what_was_staged_here_without_hub_or_build(
    aws: LocalAws, partner: LocalAws, weights: Path, project: Project
) -> None:
    manifest = aws.outputs("lender")["Manifest"]
    theirs = Project(project.folder, project.folder.parent / "partner", partner)
    theirs.write(context(aws, weights, manifest=manifest))
    aws.let_hub()

    theirs.deploy("borrower").succeed()

    uri = partner.served("borrower")["ModelDataSource"]["S3DataSource"]["S3Uri"]
    assert f"{uri.removesuffix('/')}.manifest.json" == manifest
    assert embedding(partner, "borrower") == embedding(aws, "green")
    assert aws.hub.requests == []
    assert partner.builds() == []
    remove(partner, "borrower")


def test_one_of_two_stacks_with_one_bucket_goes_and_the_other_still_scales_out(
    aws: LocalAws, weights: Path, project: Project
) -> None:
    shared = bucket(aws, "shared")
    before = aws.keys(shared, "green/")
    answer = embedding(aws, "green")

    project.run("destroy", "blue", "--force", "--app", "cdk.out").succeed()
    project.write(context(aws, weights, instances=2))
    read = {"action": "s3:GetObject", "containing": f"/{shared}/green/", "times": FOREVER}
    with letting(aws, read) as faults:
        project.deploy("green").succeed()
        fetched = faults.met()[0]

    assert "blue" not in aws.stacks()
    assert aws.keys(shared, "blue/") == set()
    assert aws.keys(shared, "green/") == before
    assert aws.served("green")["InitialInstanceCount"] == 2
    assert fetched >= 1
    assert embedding(aws, "green") == answer
