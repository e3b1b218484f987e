from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk.assertions import Template
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model import ContainerImage, ContainerImages
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.image.registry import REGISTRIES

EUROPE = "eu-west-1"
DIGEST = "sha256:" + "a" * 64


def stack(region: str | None = "us-east-1", context: Mapping[str, Any] | None = None) -> Stack:
    env = Environment(account="123456789012", region=region) if region else None
    return Stack(App(context=context), "Stack", env=env)


@pytest.fixture(scope="module")
def agnostic() -> Stack:
    return stack(None)


def bind(image: ContainerImage, scope: Stack, region: str | None = "us-east-1") -> BoundImage:
    return image.bind(scope, region=region)


def pulled(image: BoundImage, scope: Stack) -> list[Any]:
    resolved: list[Any] = scope.resolve(image.pull[1]["Resource"])
    return resolved


def test_an_image_of_the_table_has_a_literal_address_where_the_region_is_known() -> None:
    image = bind(ContainerImage.of("huggingface-llm", version="0.8.2"), stack())

    assert image.uri == (
        "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-tgi-inference"
        ":2.0.0-tgi0.8.2-gpu-py39-cu118-ubuntu20.04"
    )
    assert (image.engine, image.version, image.cuda) == ("huggingface-llm", "0.8.2", "11.8")


def test_china_has_a_domain_of_its_own() -> None:
    scope = stack("cn-north-1")

    image = bind(ContainerImages.DJL_INFERENCE_LMI_LATEST, scope, "cn-north-1")

    assert image.uri.startswith("727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/djl-inference:")


def test_a_region_agnostic_stack_asks_cloudformation_by_one_mapping_for_all_models() -> None:
    scope = stack(None)

    first = bind(ContainerImages.TEI_LATEST, scope, None)
    bind(ContainerImages.TEI_CPU_LATEST, scope, None)
    uri = scope.resolve(first.uri)

    assert {"Ref": "AWS::URLSuffix"} in uri["Fn::Join"][1]
    mappings = Template.from_stack(scope).to_json()["Mappings"]
    (name,) = mappings
    assert name.startswith(REGISTRIES)
    assert mappings[name]["eu-west-1"] == {"account": "141502667606"}
    assert "ap-southeast-7" not in mappings[name]


def test_images_of_other_regions_have_a_mapping_of_their_own() -> None:
    scope = stack(None)

    bind(ContainerImages.TEI_LATEST, scope, None)
    image = bind(ContainerImages.HF_VLLM_LATEST, scope, None)

    mappings = Template.from_stack(scope).to_json()["Mappings"]
    accounts = {each["us-east-1"]["account"] for each in mappings.values()}
    assert accounts == {"683313688378", "763104351884"}
    (arn,) = pulled(image, scope)
    assert {"Ref": "AWS::Region"} in arn["Fn::Join"][1]
    assert arn["Fn::Join"][1][-1] == ":repository/huggingface-vllm"


def test_an_image_absent_from_a_region_is_an_error_that_names_the_nearest_version_there() -> None:
    with pytest.raises(
        ValueError, match=r"is not in the Region us-gov-west-1.*version='0.28.0'.*mirror"
    ):
        bind(ContainerImage.of("vllm", version="0.30.0"), stack("us-gov-west-1"), "us-gov-west-1")


def test_an_image_that_no_version_of_is_there_says_so() -> None:
    with pytest.raises(ValueError, match="no version of huggingface-tei is"):
        bind(ContainerImages.TEI_LATEST, stack("mx-central-1"), "mx-central-1")


def test_only_the_one_repository_may_be_pulled() -> None:
    scope = stack()

    image = bind(ContainerImages.HF_VLLM_LATEST, scope)

    (arn,) = pulled(image, scope)
    assert scope.resolve(arn)["Fn::Join"][1][-1] == (
        ":ecr:us-east-1:763104351884:repository/huggingface-vllm"
    )
    assert image.pull[0]["Resource"] == ["*"]


def test_a_repository_and_tag_of_the_table_is_recognised() -> None:
    name = "djl-inference:0.36.0-lmi27.0.0-cu130"

    image = bind(ContainerImage.parse(name), stack())

    assert (image.engine, image.version, image.cuda) == ("djl-lmi", "0.36.0", "13.0")
    assert image.uri.endswith(name)


def test_a_newer_tag_than_the_table_knows_is_pulled_from_the_same_registry() -> None:
    image = bind(ContainerImage.from_repository_tag("vllm:99.0-gpu", engine="vllm"), stack())

    assert image.uri == "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:99.0-gpu"
    assert (image.engine, image.listed) == ("vllm", False)


def test_a_newer_embeddings_image_is_pulled_from_the_registry_of_embeddings() -> None:
    name = "tei:2.0.1-tei99.0-gpu-py310-cu129-ubuntu24.04"

    image = bind(ContainerImage.from_repository_tag(name, engine="tei"), stack("eu-west-1"), EUROPE)

    assert image.uri == f"141502667606.dkr.ecr.eu-west-1.amazonaws.com/{name}"
    assert image.cuda == "12.9"


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


def test_a_tag_in_a_region_without_a_registry_is_an_error() -> None:
    with pytest.raises(
        ValueError, match=r"no registry with vllm:99\.0-gpu in the Region xx-west-9"
    ):
        bind(ContainerImage.parse("vllm:99.0-gpu"), stack("us-east-1"), "xx-west-9")


def test_a_whole_uri_of_a_known_image_keeps_what_is_known_of_it() -> None:
    known = bind(ContainerImages.HF_VLLM_LATEST, stack())

    image = bind(ContainerImage.parse(known.uri), stack())

    assert (image.uri, image.engine, image.cuda) == (known.uri, known.engine, known.cuda)


@pytest.mark.parametrize(
    "uri",
    ["docker.io/library/python:3", "public.ecr.aws/deep-learning-containers/vllm:1", "a/b"],
)
def test_what_sagemaker_can_not_pull_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="private ECR"):
        ContainerImage.parse(uri)


def test_a_family_in_the_place_of_an_image_is_told_how_to_be_one() -> None:
    with pytest.raises(ValueError, match=r"write ContainerImage.of\('djl-lmi'\)"):
        ContainerImage.parse("djl-lmi")


def test_a_digest_does_not_move_but_the_latest_tag_does() -> None:
    host = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine"

    assert not bind(ContainerImage.from_uri(f"{host}@{DIGEST}"), stack()).mutable
    assert bind(ContainerImage.from_uri(f"{host}:latest"), stack()).mutable
    assert bind(ContainerImage.from_uri(host), stack()).mutable


def test_a_moving_tag_moves_unless_a_digest_holds_it() -> None:
    moving = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:server-sagemaker-cuda-v2"

    assert ContainerImage.from_uri(moving).known.mutable
    assert not ContainerImage.from_uri(f"{moving}@{DIGEST}").known.mutable


names = st.from_regex(r"[a-z0-9]([a-z0-9._-]{0,8}[a-z0-9])?(/[a-z0-9]{1,8}){0,2}", fullmatch=True)
tags = st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,30}", fullmatch=True)
registries = st.builds(
    "{}.dkr.ecr.{}.amazonaws.com".format,
    st.from_regex(r"[0-9]{12}", fullmatch=True),
    st.sampled_from(["us-east-1", "eu-central-2", "us-gov-west-1"]),
)


@given(registries, names, tags)
def test_a_uri_is_taken_apart_and_kept_as_it_is(
    agnostic: Stack, registry: str, name: str, tag: str
) -> None:
    image = ContainerImage.parse(f"{registry}/{name}:{tag}")

    bound = image.bind(agnostic, region=None)
    account, _, _, region = registry.split(".")[:4]

    assert (bound.uri, image.tag) == (f"{registry}/{name}:{tag}", tag)
    assert pulled(bound, agnostic)[0]["Fn::Join"][1][-1] == (
        f":ecr:{region}:{account}:repository/{name}"
    )


@given(st.text())
def test_any_text_is_an_image_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert str(ContainerImage.parse(text).tag) in text


def test_a_token_is_passed_on_unread() -> None:
    scope = stack()
    repository = ecr.Repository(scope, "Repository")
    uri = repository.repository_uri_for_tag("1")

    assert bind(ContainerImage.from_uri(uri), scope).uri == uri


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


def test_a_mirror_keeps_what_is_known_and_is_pulled_from_its_repository() -> None:
    scope = stack()
    repository = ecr.Repository(scope, "Repository")

    image = bind(ContainerImage.mirror(ContainerImages.VLLM_LATEST, repository), scope)

    original = bind(ContainerImages.VLLM_LATEST, scope)
    assert (image.engine, image.version, image.cuda) == (
        original.engine,
        original.version,
        original.cuda,
    )
    assert "Repository" in str(scope.resolve(image.uri))
    assert str(scope.resolve(image.uri)).count("server-sagemaker-cuda") == 1


def test_a_mirror_of_a_whole_uri_keeps_what_is_known_of_it() -> None:
    scope = stack()
    original = ContainerImage.parse(bind(ContainerImages.HF_VLLM_LATEST, scope).uri)
    repository = ecr.Repository(scope, "Repository")

    image = bind(ContainerImage.mirror(original, repository, tag="mine"), scope)

    assert (image.engine, image.cuda, image.mutable) == ("huggingface-vllm", "13.0", False)
    assert ContainerImage.mirror(original, repository, tag="latest").known.mutable


def test_a_mirror_of_a_digest_needs_a_tag() -> None:
    scope = stack()
    original = ContainerImage.from_uri(f"123456789012.dkr.ecr.us-east-1.amazonaws.com/a@{DIGEST}")

    with pytest.raises(ValueError, match="no tag of its own"):
        ContainerImage.mirror(original, ecr.Repository(scope, "Repository"))


def test_a_context_key_sends_every_image_of_aws_to_a_mirror() -> None:
    host = "999999999999.dkr.ecr.{region}.amazonaws.com/copies"
    scope = stack("eu-west-3", {"sagemaker-model:mirror": host})

    image = bind(ContainerImages.DJL_INFERENCE_LMI_LATEST, scope, "eu-west-3")

    assert image.uri.startswith(
        "999999999999.dkr.ecr.eu-west-3.amazonaws.com/copies/djl-inference:"
    )
    assert "999999999999:repository/copies/djl-inference" in str(pulled(image, scope))


def test_a_mirror_has_images_where_aws_has_none() -> None:
    host = "999999999999.dkr.ecr.mx-central-1.amazonaws.com"
    scope = stack("mx-central-1", {"sagemaker-model:mirror": host})

    assert bind(ContainerImages.TEI_LATEST, scope, "mx-central-1").uri.startswith(host)


def test_a_mirror_in_each_region_needs_a_stack_that_has_one() -> None:
    host = "999999999999.dkr.ecr.{region}.amazonaws.com"
    scope = stack(None, {"sagemaker-model:mirror": host})

    with pytest.raises(ValueError, match="where the stack has one"):
        bind(ContainerImages.TEI_LATEST, scope, None)


def test_a_mirror_that_is_no_registry_is_refused() -> None:
    scope = stack(context={"sagemaker-model:mirror": "registry.example.com"})

    with pytest.raises(ValueError, match="sagemaker-model:mirror must be a private ECR registry"):
        bind(ContainerImages.TEI_LATEST, scope)


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
