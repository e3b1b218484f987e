from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Annotations, Match, Template

from conftest import STRICT, VIRGINIA
from sagemaker_model import (
    Container,
    CustomInference,
    DeploymentType,
    SageMakerModel,
    Weights,
)
from staging.staged import (
    COMMIT,
    MODEL,
    code_folder,
    custom,
    deploy,
    prefix,
    properties,
    statements,
    two_stacks,
    variables,
)


def test_the_model_reads_what_the_custom_resource_stages(stack: Stack, tmp_path: Path) -> None:
    template = deploy(stack, custom(tmp_path))

    container = properties(template, "AWS::SageMaker::Model")["PrimaryContainer"]
    source = container["ModelDataSource"]["S3DataSource"]
    assert source["S3Uri"]["Fn::Join"][1][2] == f"/{prefix(template)}"
    assert "ModelDataUrl" not in container
    assert "HF_MODEL_ID" not in container.get("Environment", {})
    (model,) = template.find_resources("AWS::SageMaker::Model").values()
    (weights,) = template.find_resources("Custom::SageMakerModelWeights")
    assert weights in model["DependsOn"]


def test_the_prefix_is_the_stack_s_and_the_construct_s_own(app: App, tmp_path: Path) -> None:
    store, stack = two_stacks(app)
    first = SageMakerModel(stack, "First", model=custom(tmp_path, store=store))
    second = SageMakerModel(stack, "Second", model=custom(tmp_path, store=store))

    resources = Template.from_stack(stack).find_resources("Custom::SageMakerModelWeights")
    prefixes = {each["Properties"]["Prefix"] for each in resources.values()}

    owners = {prefix.rpartition("/")[0].rpartition("/")[0] for prefix in prefixes}
    assert owners == {f"Stack/{first.node.addr}", f"Stack/{second.node.addr}"}


@pytest.mark.parametrize(
    "change",
    [
        {"revision": "a" * 40},
        {"model_id": "sentence-transformers/all-MiniLM-L12-v2"},
        {"archive": True},
        {"bundle_requirements": True},
        {"weights": Weights.staged(ignore_patterns=["*.bin"])},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_goes_into_a_prefix_changes_it(tmp_path: Path, change: dict[str, object]) -> None:
    before, after = (
        prefix(deploy(Stack(App(), "Stack", env=VIRGINIA), custom(tmp_path, **arguments)))
        for arguments in ({}, change)
    )

    assert before != after


def test_a_change_of_the_code_changes_the_prefix_and_what_is_beside_it_does_not(
    tmp_path: Path,
) -> None:
    def staged() -> str:
        return prefix(deploy(Stack(App(), "Stack", env=VIRGINIA), custom_as_it_is(tmp_path)))

    code_folder(tmp_path)
    first = staged()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "inference.cpython-311.pyc").write_bytes(b"x")
    with_cache = staged()
    (tmp_path / "more.py").write_text("x = 1\n")

    assert first == with_cache != staged()


def custom_as_it_is(folder: Path) -> CustomInference:
    return CustomInference(
        model_id=MODEL, revision=COMMIT, instance_type="ml.m5.xlarge", code_folder=folder
    )


def test_the_environment_and_the_instance_do_not_change_the_prefix(tmp_path: Path) -> None:
    before, after = (
        prefix(deploy(Stack(App(), "Stack", env=VIRGINIA), custom(tmp_path, **arguments)))
        for arguments in ({}, {"env": {"HF_TASK": "x"}, "instance_type": "ml.c5.xlarge"})
    )

    assert before == after


def test_the_build_is_told_the_models_with_their_commits(stack: Stack, tmp_path: Path) -> None:
    models = [MODEL, "cross-encoder/ms-marco-MiniLM-L-6-v2"]
    revisions = dict.fromkeys(models, COMMIT)

    template = deploy(stack, custom(tmp_path, model_id=models, revision=revisions))

    told = variables(template)
    assert told["MODEL_ID"]["Value"] == ",".join(f"{model}@{COMMIT}" for model in models)
    assert told["DESTINATION"]["Value"]["Fn::Join"][1][2] == f"/{prefix(template)}"
    (source,) = properties(template, "AWS::CodeBuild::Project")["SecondarySources"]
    assert source["SourceIdentifier"] == "code"


def test_only_the_build_reads_the_token(stack: Stack, tmp_path: Path) -> None:
    secret = secretsmanager.Secret(stack, "Token")

    template = deploy(stack, custom(tmp_path, hf_token=secret))

    assert variables(template)["HF_TOKEN"]["Type"] == "SECRETS_MANAGER"
    readers = [
        logical_id
        for logical_id, policy in template.find_resources("AWS::IAM::Policy").items()
        if "secretsmanager:" in str(policy)
    ]
    assert [name.startswith("ModelBuildPolicy") for name in readers] == [True]


@pytest.mark.parametrize(
    ("given", "resource"),
    [
        ("hub-token", ":secret:hub-token-??????"),
        ("arn:aws:secretsmanager:us-east-1:123456789012:secret:hub-AbCdEf", "hub-AbCdEf"),
        ("arn:aws:secretsmanager:us-east-1:123456789012:secret:hub", "secret:hub-??????"),
    ],
)
def test_a_token_may_be_named_by_its_secret(
    stack: Stack, tmp_path: Path, given: str, resource: str
) -> None:
    template = deploy(stack, custom(tmp_path, hf_token=given))

    granted = statements(template, "ModelBuildPolicy")["ReadHubToken"]["Resource"]
    assert resource in str(granted)


def test_a_build_writes_below_its_own_construct_s_prefix_alone(app: App, tmp_path: Path) -> None:
    store, stack = two_stacks(app)
    model = SageMakerModel(stack, "Model", model=custom(tmp_path, store=store))

    granted = statements(Template.from_stack(stack), "ModelBuildPolicy")["WriteStagedFiles"]

    assert granted["Resource"]["Fn::Join"][1][1] == f"/Stack/{model.node.addr}/*"
    assert not any("*" in action for action in granted["Action"])


def test_the_model_s_role_reads_all_that_its_construct_stages_old_files_too(
    app: App, tmp_path: Path
) -> None:
    store, stack = two_stacks(app)
    model = SageMakerModel(stack, "Model", model=custom(tmp_path, store=store))

    granted = statements(Template.from_stack(stack), "ModelPolicy")["ReadModel"]

    assert granted["Resource"]["Fn::Join"][1][1] == f"/Stack/{model.node.addr}/*"


def test_the_provider_s_rights_name_no_model(tmp_path: Path) -> None:
    def rights(*ids: str) -> object:
        app = App(context=STRICT)
        store, stack = two_stacks(app)
        for each in ids:
            SageMakerModel(stack, each, model=custom(tmp_path, store=store))
        return statements(Template.from_stack(stack), "SageMakerModelStaging")

    assert rights("One") == rights("One", "Two") == rights("Two")


def test_an_archive_is_one_object(stack: Stack, tmp_path: Path) -> None:
    template = deploy(stack, custom(tmp_path, archive=True))

    container = properties(template, "AWS::SageMaker::Model")["PrimaryContainer"]
    assert container["ModelDataUrl"]["Fn::Join"][1][2] == f"/{prefix(template)}model.tar.gz"
    assert variables(template)["ARCHIVE"]["Value"] == "1"


@pytest.mark.parametrize(
    ("instance_type", "tag"), [("ml.m5.xlarge", "cpu"), ("ml.g5.xlarge", "gpu")]
)
def test_the_default_image_is_tested_and_fits_the_instance(
    stack: Stack, tmp_path: Path, instance_type: str, tag: str
) -> None:
    template = deploy(stack, custom(tmp_path, instance_type=instance_type))

    image = properties(template, "AWS::SageMaker::Model")["PrimaryContainer"]["Image"]
    assert f"huggingface-pytorch-inference:2.6.0-transformers4.51.3-{tag}-py312" in str(image)


def test_bundled_requirements_are_for_the_image_s_python(stack: Stack, tmp_path: Path) -> None:
    template = deploy(stack, custom(tmp_path, bundle_requirements=True))

    assert variables(template)["BUNDLE_PYTHON"]["Value"] == "3.12"


def test_code_that_the_toolkit_would_call_wrongly_fails_the_synthesis(
    stack: Stack, tmp_path: Path
) -> None:
    (tmp_path / "inference.py").write_text("def predict_fn(data):\n    return data\n")
    SageMakerModel(stack, "Model", model=custom_as_it_is(tmp_path))

    with pytest.raises(RuntimeError, match="code-arity"):
        Template.from_stack(stack)


def test_it_says_which_kind_it_is_and_which_models(stack: Stack, tmp_path: Path) -> None:
    model = SageMakerModel(
        stack, "Model", model=custom(tmp_path, model_id=["a/b", "c/d"], revision=None)
    )

    assert model.deployment_type is DeploymentType.CUSTOM_INFERENCE
    assert model.model_id == "a/b,c/d"


def test_a_container_with_a_token_has_its_weights_staged_and_is_told_so(stack: Stack) -> None:
    container = Container(
        model_id="org/name", instance_type="ml.g5.2xlarge", revision=COMMIT, hf_token="hub-token"
    )

    template = deploy(stack, container)

    environment = properties(template, "AWS::SageMaker::Model")["PrimaryContainer"]["Environment"]
    assert "/opt/ml/model" in environment.values()
    assert "hub-token" not in str(environment)
    Annotations.from_stack(stack).has_info(
        "/Stack/Model", Match.string_like_regexp("staging-chosen")
    )


def test_a_token_without_staging_is_refused() -> None:
    stack = Stack(App(), "Stack")
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        weights=Weights.from_hub(),
        hf_token="hub-token",
    )

    with pytest.raises(ValueError, match=r"Weights\.staged\(\)"):
        SageMakerModel(stack, "Model", model=container)


def test_the_default_store_and_an_unpinned_revision_are_warned_of(
    stack: Stack, tmp_path: Path
) -> None:
    deploy(stack, custom(tmp_path, revision=None))

    for rule in ("store-in-same-stack", "not-locked"):
        Annotations.from_stack(stack).has_warning(
            "/Stack/Model", Match.string_like_regexp(f"sagemaker-model:{rule}")
        )
