"""What is said of serverless and asynchronous hosting, one deployment at a time."""

from dataclasses import replace

import pytest

from checks.subjects import an_image, deployed
from sagemaker_model import Asynchronous, Serverless
from sagemaker_model.checks.asynchronous_rules import ASYNCHRONOUS_RULES
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.serverless_rules import SERVERLESS_RULES
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.deployment.deployment import ContainerDefinition, ModelData
from sagemaker_model.hosting.hosting import Hosting

HOSTING = Serverless(memory_mb=2048)
ALWAYS = "serverless-instance-type"


def served(container: ContainerDefinition, hosting: Hosting = HOSTING) -> Deployed:
    return replace(deployed(None), hosting=hosting, container=container)


def found(subject: Deployed) -> dict[str, Severity]:
    return {each.rule: each.severity for each in check_all(SERVERLESS_RULES, subject)}


def test_that_the_instance_type_is_not_deployed_to_is_told() -> None:
    assert found(served(ContainerDefinition())) == {ALWAYS: Severity.INFO}


def test_nothing_is_said_of_other_hosting() -> None:
    container = ContainerDefinition(image=an_image("gpu"), network_isolation=True, size_gib=99)

    assert check_all(SERVERLESS_RULES, replace(deployed(), container=container, zones=2)) == []


@pytest.mark.parametrize("processor", ["gpu", "neuronx", "neuron"])
def test_an_accelerator_is_an_error(processor: str) -> None:
    rules = found(served(ContainerDefinition(image=an_image(processor))))

    assert rules == {"serverless-accelerator": Severity.ERROR, ALWAYS: Severity.INFO}


@pytest.mark.parametrize("processor", ["cpu", None])
def test_a_cpu_image_and_one_of_which_nobody_said_pass(processor: str | None) -> None:
    assert set(found(served(ContainerDefinition(image=an_image(processor))))) == {ALWAYS}


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (ModelData(uri="s3://b/p/", compressed=False), True),
        (ModelData(uri="s3://b/m.tar.gz", compressed=True, accept_eula=True), True),
        (ModelData(uri="s3://b/m.tar.gz", compressed=True), False),
    ],
    ids=["prefix", "licence", "archive"],
)
def test_only_a_plain_archive_passes(data: ModelData, refused: bool) -> None:
    rules = found(served(ContainerDefinition(model_data=data)))

    assert ("serverless-model-data" in rules) is refused


@pytest.mark.parametrize(("size", "told"), [(1.9, False), (2.1, True), (None, False)])
def test_weights_that_do_not_fit_are_warned_of(size: float | None, told: bool) -> None:
    rules = found(served(ContainerDefinition(size_gib=size)))

    assert (rules.get("serverless-memory") is Severity.WARNING) is told


def asynchronous(hosting: Hosting) -> list[Finding]:
    return check_all(ASYNCHRONOUS_RULES, served(ContainerDefinition(), hosting))


def test_a_folder_for_answers_and_none_for_requests_is_warned_of() -> None:
    (finding,) = asynchronous(Asynchronous(output_path="s3://bucket/answers"))

    assert (finding.rule, finding.severity) == ("async-input-unreadable", Severity.WARNING)


@pytest.mark.parametrize(
    "hosting",
    [Asynchronous(), Asynchronous(output_path="s3://b/a", input_path="s3://b/r"), HOSTING],
    ids=["a bucket of its own", "both", "another hosting"],
)
def test_nothing_is_said_where_requests_can_be_read(hosting: Hosting) -> None:
    assert asynchronous(hosting) == []
