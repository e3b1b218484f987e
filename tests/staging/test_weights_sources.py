from pathlib import Path

import pytest
from aws_cdk import App, RemovalPolicy, Stack, Tags
from aws_cdk.assertions import Annotations, Match, Template

from conftest import VIRGINIA
from sagemaker_model import (
    ArtifactStore,
    Container,
    ContainerImages,
    SageMakerModel,
    StagedWeights,
    Weights,
)
from staging.staged import COMMIT, MODEL, custom, deploy, properties, statements, variables


def test_weights_that_are_to_stay_are_neither_deleted_nor_is_their_bucket(
    stack: Stack, tmp_path: Path
) -> None:
    template = deploy(stack, custom(tmp_path), removal_policy=RemovalPolicy.RETAIN)

    assert properties(template, "Custom::SageMakerModelWeights")["Retain"] == "true"
    template.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "Retain"})
    template.resource_count_is("Custom::SageMakerModelStore", 0)


def test_weights_from_s3_are_joined_with_code_by_copies(stack: Stack, tmp_path: Path) -> None:
    weights = Weights.from_s3("s3://theirs/models/name/")

    template = deploy(stack, custom(tmp_path, model_id=None, revision=None, weights=weights))

    assert variables(template)["SOURCE"]["Value"] == "s3://theirs/models/name/"
    granted = statements(template, "ModelBuildPolicy")
    assert "theirs/models/name/*" in str(granted["ReadModel"]["Resource"])


def test_a_training_job_s_archive_stays_an_archive(stack: Stack, tmp_path: Path) -> None:
    weights = Weights.from_s3("s3://theirs/job/output/model.tar.gz")

    template = deploy(stack, custom(tmp_path, model_id=None, revision=None, weights=weights))

    assert variables(template)["ARCHIVE"]["Value"] == "1"
    container = properties(template, "AWS::SageMaker::Model")["PrimaryContainer"]
    assert "model.tar.gz" in str(container["ModelDataUrl"])


def test_a_local_folder_travels_as_a_source_of_the_build(stack: Stack, tmp_path: Path) -> None:
    folder = local_model(tmp_path / "model")
    given = {"model_id": None, "revision": None, "weights": Weights.from_directory(folder)}

    template = deploy(stack, custom(tmp_path / "code", **given))

    sources = properties(template, "AWS::CodeBuild::Project")["SecondarySources"]
    assert {each["SourceIdentifier"] for each in sources} == {"code", "weights"}
    assert "MODEL_ID" not in variables(template)


def test_a_local_folder_whose_files_may_not_work_is_warned_of(stack: Stack, tmp_path: Path) -> None:
    folder = local_model(tmp_path / "model", weights="pytorch_model.bin")
    container = Container(
        model_id="mine", instance_type="ml.g5.2xlarge", weights=Weights.from_directory(folder)
    )

    deploy(stack, container)

    Annotations.from_stack(stack).has_warning(
        "/Stack/Model", Match.string_like_regexp("sagemaker-model:model-files")
    )


def local_model(folder: Path, weights: str = "model.safetensors") -> Path:
    folder.mkdir()
    (folder / "config.json").write_text('{"architectures": ["BertModel"]}')
    (folder / "tokenizer_config.json").write_text("{}")
    (folder / "tokenizer.json").write_text("{}")
    (folder / weights).write_bytes(b"weights")
    return folder


def test_one_staging_serves_several_models_and_stacks(app: App) -> None:
    weights_stack = Stack(app, "Weights", env=VIRGINIA)
    store = ArtifactStore(weights_stack, "Store")
    staged = StagedWeights(weights_stack, "MiniLM", model_id=MODEL, revision=COMMIT, store=store)
    stacks = [Stack(app, name, env=VIRGINIA) for name in ("One", "Two")]
    for each in stacks:
        container = Container(
            model_id=MODEL,
            instance_type="ml.m5.xlarge",
            container=ContainerImages.TEI_CPU_LATEST,
            weights=staged.weights,
        )
        SageMakerModel(each, "Model", model=container)

    Template.from_stack(weights_stack).resource_count_is("AWS::CodeBuild::Project", 1)
    for each in stacks:
        template = Template.from_stack(each)
        template.resource_count_is("AWS::CodeBuild::Project", 0)
        template.resource_count_is("AWS::SageMaker::Model", 1)


def test_weights_that_another_stack_stages_are_not_lost_with_the_endpoint_s(app: App) -> None:
    staged = StagedWeights(Stack(app, "Weights", env=VIRGINIA), "MiniLM", model_id=MODEL)
    stack = Stack(app, "Stack", env=VIRGINIA)
    container = Container(model_id=MODEL, instance_type="ml.g5.2xlarge", weights=staged.weights)

    deploy(stack, container)

    warnings = Annotations.from_stack(stack)
    warnings.has_no_warning("/Stack/Model", Match.string_like_regexp("store-in-same-stack"))
    warnings.has_warning("/Stack/Model", Match.string_like_regexp("not-locked"))


def test_staged_weights_are_used_in_another_account_without_a_build(stack: Stack) -> None:
    uri = "s3://theirs/Weights/c8abc/0123/".removesuffix("/") + ".manifest.json"
    weights = Weights.from_staged(uri, sha256="a" * 64)
    container = Container(model_id=MODEL, instance_type="ml.g5.2xlarge", weights=weights)

    template = deploy(stack, container)

    template.resource_count_is("AWS::CodeBuild::Project", 0)
    assert properties(template, "Custom::SageMakerModelManifest")["Sha256"] == "a" * 64
    reads = statements(template, "ModelPolicy")["ReadModel"]["Resource"]
    assert "theirs/Weights/c8abc/0123/*" in str(reads)


def test_staged_weights_are_copied_for_another_region(stack: Stack) -> None:
    weights = Weights.from_staged("s3://theirs/W/c8/01.manifest.json", copy=True)
    container = Container(model_id=MODEL, instance_type="ml.g5.2xlarge", weights=weights)

    template = deploy(stack, container)

    assert variables(template)["SOURCE"]["Value"] == "s3://theirs/W/c8/01.manifest.json"


@pytest.mark.parametrize(
    "uri", ["s3://b/x/", "https://b/x.manifest.json", "s3://b/*.manifest.json"]
)
def test_what_is_no_manifest_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="manifest_uri must be"):
        Weights.from_staged(uri)


def test_tags_reach_the_build(stack: Stack, tmp_path: Path) -> None:
    Tags.of(stack).add("team", "search")

    template = deploy(stack, custom(tmp_path))

    assert {"Key": "team", "Value": "search"} in properties(template, "AWS::CodeBuild::Project")[
        "Tags"
    ]
