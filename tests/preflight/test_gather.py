"""What is found in an app that only AWS knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Stage

from construct.models import container, cpu_container
from sagemaker_model import Container, ModelPackage, RealTime, SageMakerModel, Serverless, Weights
from sagemaker_model.preflight.gather import of_template, questions_of
from sagemaker_model.preflight.question import About, Question

ACCOUNT = "123456789012"
PACKAGES = {
    "us-east-1": "arn:aws:sagemaker:us-east-1:865070037744:model-package/name",
    "eu-west-1": "arn:aws:sagemaker:eu-west-1:985815980388:model-package/name",
}


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(outdir=str(tmp_path), context={"aws:cdk:enable-path-metadata": True})


@pytest.fixture
def stack(app: App) -> Stack:
    return Stack(app, "Stack", env=Environment(account=ACCOUNT, region="us-east-1"))


def asked(app: App, region: str = "eu-west-1") -> dict[About, Question]:
    questions = questions_of(Path(app.synth().directory), ACCOUNT, region)
    assert len({each.about for each in questions}) == len(questions)
    return {each.about: each for each in questions}


def test_the_image_and_the_quota_of_a_model_are_asked_for_once(app: App, stack: Stack) -> None:
    hosting = RealTime(initial_instance_count=2)
    for name in ("One", "Two"):
        SageMakerModel(stack, name, model=container(), hosting=hosting)

    questions = asked(app)

    assert questions.keys() == {About.IMAGE, About.QUOTA}
    assert questions[About.IMAGE].path == "Stack/One/Model"
    assert "dkr.ecr.us-east-1.amazonaws.com/huggingface-vllm:" in questions[About.IMAGE].subject
    quota = questions[About.QUOTA]
    assert (quota.subject, quota.region, quota.count) == ("ml.g5.2xlarge", "us-east-1", 4)


def test_a_region_agnostic_stack_is_asked_for_in_the_region_of_the_credentials(app: App) -> None:
    stack = Stack(Stage(app, "Production"), "Agnostic")
    package = ModelPackage(model_id="m", instance_type="ml.g5.2xlarge", packages=PACKAGES)
    SageMakerModel(stack, "Package", model=package)
    SageMakerModel(stack, "Container", model=container())

    questions = asked(app, "eu-west-1")

    assert questions[About.PACKAGE].subject == PACKAGES["eu-west-1"]
    assert ".dkr.ecr.eu-west-1.amazonaws.com/" in questions[About.IMAGE].subject
    assert {each.region for each in questions.values()} == {"eu-west-1"}


def test_a_package_is_asked_for_in_the_region_of_its_arn() -> None:
    given = {
        "Type": "AWS::SageMaker::Model",
        "Properties": {"PrimaryContainer": {"ModelPackageName": PACKAGES["eu-west-1"]}},
    }

    (question,) = of_template({"Resources": {"Model": given}}, ACCOUNT, "us-east-1")

    assert question.region == "eu-west-1"


def test_weights_that_are_there_already_are_asked_for(app: App, stack: Stack) -> None:
    there = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        weights=Weights.from_s3("s3://my-bucket/my-model/"),
    )
    SageMakerModel(stack, "Model", model=there)

    assert asked(app)[About.WEIGHTS].subject == "s3://my-bucket/my-model/"


def test_what_the_deployment_makes_is_not_asked_for_but_the_token_that_it_needs_is(
    app: App, stack: Stack
) -> None:
    gated = Container(model_id="org/name", instance_type="ml.g5.2xlarge", hf_token="hub-token")
    SageMakerModel(stack, "Model", model=gated)

    questions = asked(app)

    assert About.WEIGHTS not in questions
    assert questions[About.SECRET].subject == (
        f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:hub-token"
    )


def test_serverless_hosting_needs_no_quota_of_instances(app: App, stack: Stack) -> None:
    SageMakerModel(stack, "Model", model=cpu_container(), hosting=Serverless(memory_mb=6144))

    assert asked(app).keys() == {About.IMAGE}
