"""The models of an app are told by what it is synthesized to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Stage

from sagemaker_model import (
    Asynchronous,
    Container,
    ContainerImages,
    CustomInference,
    InferenceComponent,
    ModelPackage,
    ReadyHandlers,
    SageMakerModel,
    Serverless,
    SharedEndpoint,
    StagedWeights,
    Weights,
)
from sagemaker_model.local.serving.limits import ASYNCHRONOUS, REAL_TIME, SERVERLESS
from sagemaker_model.serve.app_model import AppModel, choose_model, models_in, with_weights

COMMIT = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
# What the CDK CLI sets, with --no-staging.
OF_THE_CLI = {"aws:cdk:disable-asset-staging": True, "aws:cdk:enable-path-metadata": True}
HERE = Environment(account="123456789012", region="eu-west-1")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, AppModel]:
    """Every kind of model in one app, by its path."""
    home = tmp_path_factory.mktemp("app")
    (home / "weights").mkdir()
    (home / "weights" / "config.json").write_text("{}")
    (home / "weights" / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    app = App(outdir=str(home / "cdk.out"), context=OF_THE_CLI)
    for add in (add_containers, add_code, add_shared):
        add(app, home)
    app.synth()
    return {each.path: each for each in models_in(home / "cdk.out", "us-east-1")}


def add_containers(app: App, _home: Path) -> None:
    stack = Stack(app, "Open")
    gpus = Container(
        model_id="org/chat",
        revision=COMMIT,
        instance_type="ml.g5.12xlarge",
        container=ContainerImages.HF_VLLM_LATEST,
    )
    SageMakerModel(stack, "Hub", model=gpus)
    in_s3 = Container(
        model_id="org/chat",
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_VLLM_LATEST,
        weights=Weights.from_s3("s3://bucket/chat.tar.gz"),
    )
    SageMakerModel(stack, "Archive", model=in_s3, hosting=Asynchronous())
    package = ModelPackage(
        model_id="Llama",
        instance_type="ml.g5.2xlarge",
        packages="arn:aws:sagemaker:us-east-1:865070037744:model-package/llama",
    )
    SageMakerModel(stack, "Package", model=package)


def add_code(app: App, home: Path) -> None:
    stack = Stack(Stage(app, "Stage"), "Code", env=HERE)
    one = CustomInference(
        model_id=MINILM,
        revision=COMMIT,
        instance_type="ml.m5.large",
        code_folder=ReadyHandlers.EMBEDDINGS,
        weights=Weights.staged(ignore_patterns=["*.onnx"]),
        env={"SENT": "1"},
        archive=True,
    )
    SageMakerModel(stack, "Serverless", model=one, hosting=Serverless(memory_mb=3072))
    local = CustomInference(
        instance_type="ml.m5.large",
        code_folder=ReadyHandlers.PIPELINE,
        weights=Weights.from_directory(home / "weights", ignore_rules=["A2", "A3"]),
    )
    SageMakerModel(stack, "Local", model=local)


def add_shared(app: App, _home: Path) -> None:
    stack = Stack(app, "Shared", env=HERE)
    endpoint = SharedEndpoint(stack, "Endpoint", instance_type="ml.g5.12xlarge", max_instances=1)
    staged = StagedWeights(stack, "Staged", model_id="org/chat", revision=COMMIT)
    container = Container(
        model_id="org/chat",
        instance_type="ml.g5.12xlarge",
        container=ContainerImages.HF_VLLM_LATEST,
        weights=staged.weights,
    )
    hosting = InferenceComponent(endpoint=endpoint, accelerators=2)
    SageMakerModel(stack, "Chat", model=container, hosting=hosting)


def test_a_container_has_the_image_of_its_region_and_all_its_variables(
    models: dict[str, AppModel],
) -> None:
    model = models["Open/Hub"]

    assert (model.region, model.instance_type, model.gpus) == ("us-east-1", "ml.g5.12xlarge", 4)
    assert model.image
    assert model.image.startswith("763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-vllm:")
    assert model.environment["HF_MODEL_ID"] == "org/chat"
    assert model.environment["SM_VLLM_REVISION"] == COMMIT
    assert (model.model_data, model.staging, model.limits) == (None, None, REAL_TIME)


def test_an_archive_in_s3_is_known_by_its_address(models: dict[str, AppModel]) -> None:
    model = models["Open/Archive"]

    assert (model.model_data, model.limits) == ("s3://bucket/chat.tar.gz", ASYNCHRONOUS)


def test_a_model_package_has_no_image(models: dict[str, AppModel]) -> None:
    assert models["Open/Package"].model_package
    assert models["Open/Package"].image is None


def test_staged_weights_are_told_as_their_build_is_told(models: dict[str, AppModel]) -> None:
    model = models["Stage/Code/Serverless"]

    assert model.limits == SERVERLESS
    assert model.image
    assert "eu-west-1" in model.image
    assert model.environment["SENT"] == "1"
    assert model.staging
    assert model.staging["MODEL_ID"] == f"{MINILM}@{COMMIT}"
    assert model.staging["IGNORE_PATTERNS"] == "*.onnx"
    assert model.folders == {"code": Path(ReadyHandlers.EMBEDDINGS)}


def test_folders_are_those_that_the_app_names(models: dict[str, AppModel]) -> None:
    folders = models["Stage/Code/Local"].folders

    assert folders["code"] == Path(ReadyHandlers.PIPELINE)
    assert (folders["weights"] / "model.safetensors").is_file()


def test_a_model_of_a_shared_endpoint_has_its_own_gpus(models: dict[str, AppModel]) -> None:
    model = models["Shared/Chat"]

    assert (model.instance_type, model.gpus) == ("ml.g5.12xlarge", 2)
    assert model.staging
    assert model.staging["MODEL_ID"] == f"org/chat@{COMMIT}"


@pytest.mark.parametrize("path", ["Open/Hub", "/Open/Hub/", "Hub"])
def test_a_model_is_meant_by_the_end_of_its_path(models: dict[str, AppModel], path: str) -> None:
    assert choose_model([*models.values()], path).path == "Open/Hub"


@pytest.mark.parametrize(
    ("few", "path", "message"),
    [
        (lambda models: models, None, "several models; name one with --model: .*Open/Hub"),
        (lambda models: models, "ub", "has no model 'ub'; it has .*Open/Hub"),
        (lambda _models: [], None, "the app has no model; add a SageMakerModel"),
    ],
    ids=["several", "another", "none"],
)
def test_who_is_not_meant_is_told(
    models: dict[str, AppModel],
    few: Callable[[list[AppModel]], list[AppModel]],
    path: str | None,
    message: str,
) -> None:
    with pytest.raises(ValueError, match=message):
        choose_model(few([*models.values()]), path)


def test_files_from_elsewhere_take_the_place_of_the_apps(
    models: dict[str, AppModel], tmp_path: Path
) -> None:
    model = models["Stage/Code/Serverless"]

    local, stored = with_weights(model, str(tmp_path)), with_weights(model, "s3://bucket/a/")

    assert (local.staging, local.folders["weights"]) == (None, tmp_path)
    assert (stored.staging, stored.model_data) == (None, "s3://bucket/a/")
    assert with_weights(model, None) is model
    with pytest.raises(ValueError, match="there is no folder 'nowhere'"):
        with_weights(model, "nowhere")
