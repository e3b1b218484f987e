"""What is known of an image, whichever way it is given."""

from pathlib import Path

import pytest
from aws_cdk import aws_ecr as ecr

from image.scopes import bind, pulled, stack
from sagemaker_model import ContainerImage, ContainerImages


@pytest.mark.parametrize(
    ("tag", "cuda"),
    [("99.0-gpu-py312-cu130-ubuntu24.04", "13.0"), ("99-cu128", "12.8"), ("99-mcu130", None)],
)
def test_the_cuda_version_of_an_unknown_image_is_read_from_its_tag(
    tag: str, cuda: str | None
) -> None:
    host = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
    repository = ecr.Repository(stack(), "Repository")

    assert ContainerImage.from_repository_tag(f"vllm:{tag}").known.cuda == cuda
    assert ContainerImage.from_uri(f"{host}/mine:{tag}").known.cuda == cuda
    assert ContainerImage.from_ecr_repository(repository, tag).known.cuda == cuda


@pytest.mark.parametrize("host", ["", "123456789012.dkr.ecr.us-east-1.amazonaws.com/copies/"])
def test_what_the_user_says_of_the_engine_counts_more_than_the_table(host: str) -> None:
    name = f"{host}djl-inference:0.36.0-lmi27.0.0-cu130"
    factory = ContainerImage.from_uri if host else ContainerImage.from_repository_tag

    image = bind(factory(name, engine="vllm"), stack())

    assert (image.engine, image.listed, image.version) == ("vllm", False, None)
    assert (image.processor, image.cuda) == ("gpu", "13.0")


def test_an_image_of_a_repository_of_the_app_may_be_pulled_from_just_there() -> None:
    scope = stack()
    repository = ecr.Repository(scope, "Repository")

    image = bind(ContainerImage.from_ecr_repository(repository, "1.0", engine="vllm"), scope)

    assert pulled(image, scope) == [scope.resolve(repository.repository_arn)]
    assert (image.engine, image.mutable) == ("vllm", False)


def test_an_image_is_built_from_a_folder_for_the_right_processor(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    scope = stack()

    image = bind(ContainerImage.from_asset(str(tmp_path), architecture="arm64"), scope)

    assert image.architecture == "arm64"
    assert "cdk-hnb659fds-container-assets" in str(scope.resolve(image.uri))


def test_what_python_leaves_in_a_folder_does_not_change_the_image(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    image = ContainerImage.from_asset(str(tmp_path))

    before = bind(image, (one := stack())).uri
    (tmp_path / "app" / "__pycache__").mkdir(parents=True)
    (tmp_path / "app" / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"0")
    after = bind(image, (other := stack())).uri

    assert one.resolve(before) == other.resolve(after)


def test_an_architecture_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="architecture must be one of x86_64, arm64"):
        ContainerImage.from_asset(".", architecture="sparc")


def test_every_name_of_container_images_is_an_image_of_the_table() -> None:
    names = [name for name in vars(ContainerImages) if name.isupper()]

    tags = [getattr(ContainerImages, name).tag for name in names]

    assert len(names) >= 20
    assert all(tags)


def test_the_docs_list_every_name_with_the_image_it_stands_for() -> None:
    page = (Path(__file__).parents[2] / "docs/container_images.md").read_text()

    for name in (name for name in vars(ContainerImages) if name.isupper()):
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        assert f":{getattr(ContainerImages, name).tag}`" in line
