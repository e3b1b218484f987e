import json

import pytest

from sagemaker_model.local.sample_requests import sample_requests
from sagemaker_model.local.serving.choose import ENGINES, TOOLKIT
from sagemaker_model.local.serving.container import ContainerDefinition


def container(repository: str, **environment: str) -> ContainerDefinition:
    image = f"763104351884.dkr.ecr.us-east-1.amazonaws.com/{repository}:tag"
    return ContainerDefinition(image, environment, None, None, "AllTraffic")


@pytest.mark.parametrize("repository", sorted(ENGINES))
def test_each_engine_is_asked_what_it_understands(repository: str) -> None:
    first, *_ = sample_requests(container(repository))

    assert ENGINES[repository].protocol(first).status == 200


def test_a_pipeline_is_asked_what_its_task_takes() -> None:
    (request,) = sample_requests(container(TOOLKIT, HF_TASK="question-answering"))

    assert request["inputs"].keys() == {"question", "context"}


def test_code_of_the_users_own_is_asked_one_thing_after_the_other() -> None:
    requests = sample_requests(container(TOOLKIT))

    assert len({json.dumps(each) for each in requests}) == len(requests) > 1


def test_a_model_package_is_asked_something_too() -> None:
    package = ContainerDefinition(None, {}, None, "arn:aws:sagemaker:::model-package/m", "v")

    assert sample_requests(package)
