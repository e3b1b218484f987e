"""A lock file decides over commits and images, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack, aws_ecr
from aws_cdk.assertions import Annotations, Match, Template

from conftest import VIRGINIA
from model_lock.locks import COMMIT, LOCK, QWEN, VLLM
from sagemaker_model import (
    Container,
    ContainerImage,
    ContainerImages,
    Hardware,
    SageMakerModel,
    SharedEndpoint,
    StagedWeights,
    Weights,
)
from sagemaker_model.model_lock.given import LOCK_KEY
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.lock_file import LockFileError, write_lock
from sagemaker_model.model_lock.locked_model import listing_digest
from staging.staged import custom, prefix, variables

AMI_3 = "al2-ami-sagemaker-inference-gpu-3-1"
# Older than the newest of the table, on another CUDA version.
OLDER = replace(
    VLLM,
    image="huggingface-vllm:0.17.0-transformers4.57.5-gpu-py312-cu129-ubuntu22.04",
    version="0.17.0",
    cuda="12.9",
    ami=AMI_3,
)
OLDER_LOCK = replace(LOCK, images={"huggingface-vllm/gpu": OLDER})


def qwen(**arguments: Any) -> Container:
    return Container(**{"model_id": QWEN.id, "instance_type": "ml.g5.2xlarge", **arguments})


def deploy(stack: Stack, model: Any = None, **arguments: Any) -> Template:
    SageMakerModel(stack, "Model", model=model or qwen(), **arguments)
    return Template.from_stack(stack)


def image(template: Template) -> str:
    (model,) = template.find_resources("AWS::SageMaker::Model").values()
    return str(model["Properties"]["PrimaryContainer"]["Image"]).partition("amazonaws.com/")[2]


def ami(template: Template) -> str:
    (config,) = template.find_resources("AWS::SageMaker::EndpointConfig").values()
    return str(config["Properties"]["ProductionVariants"][0].get("InferenceAmiVersion"))


def startup(template: Template) -> int:
    (config,) = template.find_resources("AWS::SageMaker::EndpointConfig").values()
    variant = config["Properties"]["ProductionVariants"][0]
    return int(variant["ContainerStartupHealthCheckTimeoutInSeconds"])


def environment(template: Template) -> dict[str, str]:
    (model,) = template.find_resources("AWS::SageMaker::Model").values()
    return dict(model["Properties"]["PrimaryContainer"]["Environment"])


def warned(stack: Stack) -> list[str]:
    found = Annotations.from_stack(stack).find_warning(
        "*", Match.string_like_regexp("sagemaker-model:not-locked")
    )
    return [str(message.entry.data) for message in found]


@pytest.fixture
def place(app: App) -> Stack:
    return Stack(app, "Place", env=VIRGINIA)


def test_the_container_downloads_the_commit_that_is_locked(place: Stack) -> None:
    assert COMMIT in environment(deploy(place, lock=LOCK)).values()


def test_a_build_stages_the_commit_and_compares_the_files_that_are_locked(place: Stack) -> None:
    template = deploy(place, qwen(weights=Weights.staged()), lock=LOCK)

    told = variables(template)
    assert told["MODEL_ID"]["Value"] == f"{QWEN.id}@{COMMIT}"
    assert told["LISTINGS"]["Value"] == f"{QWEN.id}={listing_digest(QWEN)}"


@pytest.mark.parametrize(
    ("licence", "told"), [("apache-2.0", "apache-2.0"), ("a; (b)", "a- -b-"), (None, None)]
)
def test_the_model_is_tagged_with_the_licence_that_is_locked(
    place: Stack, licence: str | None, told: str | None
) -> None:
    lock = replace(LOCK, models={QWEN.id: replace(QWEN, licence=licence)})

    (model,) = deploy(place, lock=lock).find_resources("AWS::SageMaker::Model").values()

    tags = {tag["Key"]: tag["Value"] for tag in model["Properties"].get("Tags", [])}
    assert tags.get("sagemaker-model:licence") == told


def test_weights_for_several_models_are_staged_as_they_are_locked(place: Stack) -> None:
    StagedWeights(place, "Weights", model_id=QWEN.id, lock=LOCK)

    told = variables(Template.from_stack(place))
    assert told["MODEL_ID"]["Value"] == f"{QWEN.id}@{COMMIT}"
    assert told["LISTINGS"]["Value"] == f"{QWEN.id}={listing_digest(QWEN)}"


def test_a_commit_that_was_given_stages_to_the_same_prefix_once_it_is_locked() -> None:
    pinned = qwen(revision=COMMIT, weights=Weights.staged())
    before, after = (
        prefix(deploy(Stack(App(), "Place", env=VIRGINIA), pinned, lock=lock))
        for lock in (None, LOCK)
    )

    assert before == after


def test_an_image_without_a_version_is_the_one_that_is_locked(place: Stack) -> None:
    template = deploy(place, lock=OLDER_LOCK)

    assert image(template) == OLDER.image
    assert ami(template) == AMI_3


def test_an_image_with_a_version_is_that_one(place: Stack) -> None:
    version = ContainerImage.of("huggingface-vllm", version="0.21.0")

    template = deploy(place, qwen(container=version), lock=OLDER_LOCK)

    assert ":0.21.0-" in image(template)


def test_an_image_that_the_table_does_not_have_any_more_is_used_as_it_is_locked(
    place: Stack,
) -> None:
    gone = replace(OLDER, image="huggingface-vllm:0.1.0-gone", version="0.1.0")

    template = deploy(place, lock=replace(LOCK, images={"huggingface-vllm/gpu": gone}))

    assert image(template) == gone.image
    assert ami(template) == AMI_3
    assert environment(template) == environment(
        deploy(Stack(App(), "Other", env=VIRGINIA), lock=OLDER_LOCK)
    )
    assert not Annotations.from_stack(place).find_warning(
        "*", Match.string_like_regexp("image-unknown")
    )


def test_a_host_image_that_is_locked_gives_way_to_the_only_one_that_a_gpu_runs_with(
    place: Stack,
) -> None:
    blackwell = qwen(instance_type="ml.g7e.2xlarge")

    assert ami(deploy(place, blackwell, lock=OLDER_LOCK)).endswith("gpu-4-1")


def test_no_host_image_is_chosen_where_none_was_when_it_was_locked(place: Stack) -> None:
    without = replace(OLDER, ami=None)

    template = deploy(place, lock=replace(LOCK, images={"huggingface-vllm/gpu": without}))

    assert ami(template) == "None"


def test_a_copy_is_of_the_image_that_is_locked(place: Stack) -> None:
    repository = aws_ecr.Repository.from_repository_name(place, "Copies", "vllm")
    copied = ContainerImage.mirror(ContainerImages.HF_VLLM_LATEST, repository)

    template = deploy(place, qwen(container=copied), lock=OLDER_LOCK)

    assert OLDER.image.partition(":")[2] in str(template.to_json())


def test_an_instance_type_that_was_chosen_stays(place: Stack) -> None:
    hardware = Hardware(accelerator="A10G", memory_gib=30)
    lock = replace(LOCK, instances={hardware.lock_key("us-east-1"): "ml.g5.4xlarge"})

    (config,) = (
        deploy(place, qwen(instance_type=hardware), lock=lock)
        .find_resources("AWS::SageMaker::EndpointConfig")
        .values()
    )

    assert config["Properties"]["ProductionVariants"][0]["InstanceType"] == "ml.g5.4xlarge"


def test_an_instance_type_that_was_chosen_stays_for_a_shared_endpoint(
    app: App, tmp_path: Path
) -> None:
    hardware = Hardware(accelerator="A10G", memory_gib=30)
    lock = ModelLock(instances={hardware.lock_key("us-east-1"): "ml.g5.4xlarge"})
    path = tmp_path / "models.lock.json"
    path.write_text(write_lock(lock))
    app.node.set_context(LOCK_KEY, str(path))
    stack = Stack(app, "Stack", env=VIRGINIA)

    SharedEndpoint(stack, "Shared", instance_type=hardware, max_instances=2)

    assert "ml.g5.4xlarge" in str(Template.from_stack(stack).to_json())
    assert warned(stack) == []


def test_an_instance_type_that_is_chosen_is_among_what_may_change(place: Stack) -> None:
    deploy(place, qwen(revision=COMMIT, instance_type=Hardware(accelerator="A10G")))

    (warning,) = warned(place)
    assert "(got huggingface-vllm/gpu, accelerator=A10G,region=us-east-1)" in warning


def test_the_default_image_of_own_code_has_an_entry_of_its_own(
    place: Stack, tmp_path: Path
) -> None:
    tag = "huggingface-pytorch-inference:2.3.0-transformers4.48.0-cpu-py311-ubuntu22.04"
    cpu = replace(VLLM, image=tag, version="4.48.0", processor="cpu", cuda=None, ami=None)
    newest = replace(cpu, image="huggingface-pytorch-inference:newest")
    lock = ModelLock(images={"custom-inference/cpu": cpu, "huggingface/cpu": newest})

    template = deploy(place, custom(tmp_path / "code"), lock=lock)

    assert image(template) == tag


def test_time_to_start_is_by_the_size_that_is_locked() -> None:
    large = replace(QWEN, id="org/name", parameters={"BF16": 7_000_000_000})
    lock = ModelLock(models={"org/name": large})
    named, unknown = (
        qwen(model_id=name, weights=Weights.staged()) for name in ("org/name-7b", "org/name")
    )

    timeouts = [
        startup(deploy(Stack(App(), "Place", env=VIRGINIA), model, lock=given))
        for model, given in ((named, None), (unknown, lock), (unknown, None))
    ]

    assert timeouts[0] == timeouts[1] != timeouts[2]


def test_the_lock_of_the_context_is_read(app: App, tmp_path: Path) -> None:
    path = tmp_path / "models.lock.json"
    path.write_text(write_lock(OLDER_LOCK))
    app.node.set_context(LOCK_KEY, str(path))

    assert image(deploy(Stack(app, "Stack", env=VIRGINIA))) == OLDER.image


def test_a_path_is_relative_to_the_folder_that_the_app_runs_in(
    place: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models.lock.json").write_text(write_lock(OLDER_LOCK))
    monkeypatch.chdir(tmp_path)

    assert image(deploy(place, lock="models.lock.json")) == OLDER.image


def test_the_argument_wins_over_the_context(app: App) -> None:
    app.node.set_context(LOCK_KEY, "nowhere.json")

    assert image(deploy(Stack(app, "Stack", env=VIRGINIA), lock=OLDER_LOCK)) == OLDER.image


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "models.lock.json"
    path.write_text(write_lock(LOCK))
    first = image(deploy(Stack(App(), "Stack", env=VIRGINIA), lock=path))
    path.write_text(write_lock(OLDER_LOCK))

    assert first == VLLM.image
    assert image(deploy(Stack(App(), "Stack", env=VIRGINIA), lock=path)) == OLDER.image


def test_a_file_that_is_not_there_is_told_where_it_is_named(app: App) -> None:
    app.node.set_context(LOCK_KEY, "nowhere.json")

    with pytest.raises(LockFileError, match=r"there is no lock file nowhere\.json"):
        deploy(Stack(app, "Stack", env=VIRGINIA))


def test_an_empty_path_in_the_context_takes_the_lock_away(app: App) -> None:
    app.node.set_context(LOCK_KEY, "")

    assert image(deploy(Stack(app, "Stack", env=VIRGINIA))).startswith("huggingface-vllm:")


@pytest.mark.parametrize("wrong", [True, 7, [], {"a": 1}], ids=repr)
def test_a_context_that_is_no_path_is_told(app: App, wrong: object) -> None:
    app.node.set_context(LOCK_KEY, wrong)

    with pytest.raises(TypeError, match="sagemaker-model:lock must be the path"):
        deploy(Stack(app, "Stack", env=VIRGINIA))


def test_without_a_lock_there_is_one_warning(place: Stack) -> None:
    deploy(place, qwen(weights=Weights.staged()))

    (warning,) = warned(place)
    assert f"(got {QWEN.id}, huggingface-vllm/gpu)" in warning


def test_with_a_lock_there_is_none(place: Stack) -> None:
    deploy(place, lock=LOCK)

    assert warned(place) == []


def test_the_assembly_tells_what_each_model_needs_locked(app: App) -> None:
    stack = Stack(app, "Stack", env=VIRGINIA)
    model = SageMakerModel(stack, "Model", model=qwen(revision="main"))

    (told,) = (each.data for each in model.node.metadata if each.type == LOCK_KEY)

    assert told == {
        "models": [f"{QWEN.id}@main"],
        "images": ["huggingface-vllm/gpu"],
        "instances": [],
    }
