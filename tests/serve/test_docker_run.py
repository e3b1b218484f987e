"""The line that runs a container with Docker equals what the construct deploys."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.serve.app_model import AppModel
from sagemaker_model.serve.docker_run import docker_run

REGISTRY = "763104351884.dkr.ecr.eu-west-1.amazonaws.com"
IMAGE = f"{REGISTRY}/vllm:0.11.0-gpu"
FOLDER = Path("/models/chat")
LOGIN = (
    "aws ecr get-login-password --region eu-west-1 | "
    f"docker login --username AWS --password-stdin {REGISTRY}"
)
MODEL = AppModel(path="Chat/Model", region="eu-west-1", image=IMAGE)
# What a shell gets as an argument holds no NUL, and a variable's name no equals sign.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"


def test_a_model_of_the_hub_is_downloaded_by_its_container() -> None:
    model = replace(MODEL, gpus=4, environment={"HF_MODEL_ID": "org/name", "SM_VLLM_SEED": "1"})

    assert docker_run(model, folder=FOLDER).lines() == [
        LOGIN,
        "docker run --rm --gpus 4 --shm-size 16g --publish 127.0.0.1:8080:8080 "
        f"--env HF_MODEL_ID=org/name --env SM_VLLM_SEED=1 --env HF_TOKEN {IMAGE} serve",
    ]


def test_files_in_s3_are_fetched_and_mounted_read_only() -> None:
    model = replace(MODEL, model_data="s3://bucket/prefix/")

    login, sync, run = docker_run(model, folder=FOLDER, port=9000).lines()

    assert (login, sync) == (LOGIN, "aws s3 sync s3://bucket/prefix/ /models/chat")
    assert run == (
        "docker run --rm --shm-size 1g --publish 127.0.0.1:9000:8080 "
        f"--volume /models/chat:/opt/ml/model:ro {IMAGE} serve"
    )


def test_an_archive_is_unpacked() -> None:
    model = replace(MODEL, model_data="s3://bucket/model.tar.gz")

    assert docker_run(model, folder=FOLDER).lines()[1:-1] == [
        "aws s3 cp s3://bucket/model.tar.gz /models/chat.tar.gz",
        "mkdir -p /models/chat",
        "tar --extract --gzip --file /models/chat.tar.gz --directory /models/chat",
    ]


def test_a_manifest_names_the_prefix_beside_it() -> None:
    model = replace(MODEL, staging={"SOURCE": "s3://bucket/a/b.manifest.json"})

    assert docker_run(model, folder=FOLDER).fetch == (
        ("aws", "s3", "sync", "s3://bucket/a/b/", "/models/chat"),
    )


def test_staged_models_come_from_the_hub_at_their_commits() -> None:
    alone = replace(MODEL, staging={"MODEL_ID": f"org/name@{COMMIT}"})
    several = replace(MODEL, staging={"MODEL_ID": f"org/name@{COMMIT},other"})
    download = ("hf", "download", "org/name", "--revision", COMMIT, "--local-dir")

    assert docker_run(alone, folder=FOLDER).fetch == ((*download, "/models/chat"),)
    assert docker_run(several, folder=FOLDER).fetch == (
        (*download, "/models/chat/name"),
        ("hf", "download", "other", "--local-dir", "/models/chat/other"),
    )


def test_a_folder_is_mounted_where_it_is() -> None:
    line = docker_run(replace(MODEL, folders={"weights": Path("/own")}), folder=FOLDER)

    assert line.fetch == ()
    assert "--volume /own:/opt/ml/model:ro" in line.lines()[-1]


def test_code_is_copied_beside_a_models_files() -> None:
    folders = {"weights": Path("/own"), "code": Path("/my code")}

    line = docker_run(replace(MODEL, folders=folders), folder=FOLDER)

    assert line.lines()[1:-1] == [
        "mkdir -p /models/chat",
        "cp -R /own/. /models/chat",
        "mkdir -p /models/chat/code",
        "cp -R '/my code/.' /models/chat/code",
    ]
    assert "--volume /models/chat:/opt/ml/model:ro" in line.lines()[-1]


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_API_TOKEN"])
def test_a_token_never_stands_in_the_line(name: str) -> None:
    line = docker_run(MODEL, folder=FOLDER, environment={name: "hf_secret"})

    assert "hf_secret" not in str(line.lines())
    assert f"--env {name} " in line.lines()[-1]
    assert line.environment == {name: "hf_secret"}


def test_variables_that_are_given_take_the_place_of_the_containers() -> None:
    model = replace(MODEL, environment={"A": "1", "B": "2"})

    run = docker_run(model, folder=FOLDER, environment={"B": "3"}).run

    assert run[run.index("--env") :][:4] == ("--env", "A=1", "--env", "B=3")


@given(st.dictionaries(TEXTS.filter(lambda name: name and "=" not in name), TEXTS), TEXTS)
def test_a_shell_reads_of_the_lines_what_was_meant(variables: dict[str, str], name: str) -> None:
    model = replace(MODEL, environment=variables, model_data=f"s3://bucket/{name}/")
    line = docker_run(model, folder=FOLDER / name)

    assert shlex.split(line.lines()[-1]) == [*line.run]
    assert shlex.split(line.lines()[1]) == [*line.fetch[0]]
    assert {f"{key}={value}" for key, value in variables.items() if not key.startswith("H")} <= {
        *line.run
    }


def test_an_image_of_ones_own_registry_is_run_without_a_login() -> None:
    model = replace(MODEL, image="localhost:5000/mine:1", region=None)

    assert len(docker_run(model, folder=FOLDER).lines()) == 1


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (replace(MODEL, image=None, model_package=True), "is a model package"),
        (replace(MODEL, image=None), "known to the deployment only; deploy to an account"),
        (replace(MODEL, region=None), "name it with --region"),
        (replace(MODEL, staging={}), "give the address with --weights"),
    ],
    ids=["model package", "image", "region", "files"],
)
def test_what_nobody_knows_before_the_deployment_is_told(model: AppModel, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        docker_run(model, folder=FOLDER)
