import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.image.table import (
    ImageRecord,
    find_image,
    is_moving,
    newest,
    records,
    registry_accounts,
    try_find_image,
)
from sagemaker_model.image.version import at_least, version_key

TABLE = Path(__file__).parents[2] / "constructs/sagemaker_model/image/images.json"


def test_the_table_says_where_it_is_from() -> None:
    source = json.loads(TABLE.read_text())["source"]

    assert source["licence"] == "Apache-2.0"
    assert source["package"].startswith("sagemaker_core-")
    assert len(source["sha256"]) == 64
    assert source["date"] >= "2026-01-01"


def test_its_columns_are_in_the_order_of_the_fields() -> None:
    columns = json.loads(TABLE.read_text())["columns"]

    assert columns == [*ImageRecord._fields[:-1], "registry", "region_set"]


def test_it_holds_every_hosting_image_and_no_training_image() -> None:
    assert len(records()) == 272
    assert not [record.repository for record in records() if "training" in record.repository]


def test_no_two_images_have_one_name() -> None:
    names = [(record.repository, record.tag) for record in records()]

    assert len(set(names)) == len(names)


def test_every_gpu_image_that_says_its_cuda_version_in_its_tag_has_it() -> None:
    for record in records():
        token = next((part for part in record.tag.split("-") if part.startswith("cu1")), None)
        if token is not None and record.processor == "gpu":
            assert record.cuda == f"{token[2:4]}.{token[4]}", record.name


def test_every_gpu_image_has_a_cuda_version_but_those_whose_source_does_not_say_it() -> None:
    unsaid = {
        record.family
        for record in records()
        if record.processor == "gpu" and record.cuda is None and not is_old_pytorch(record)
    }

    assert unsaid == {"sagemaker-tritonserver"}


def is_old_pytorch(record: ImageRecord) -> bool:
    return record.family == "pytorch" and not at_least(record.version, "2.0.1")


def test_only_gpu_images_have_a_cuda_version() -> None:
    assert {record.processor for record in records() if record.cuda} == {"gpu"}


def test_every_account_has_twelve_digits_and_every_image_is_in_virginia() -> None:
    for record in records():
        assert "us-east-1" in record.accounts
        assert all(len(account) == 12 for account in record.accounts.values())


def test_the_registry_of_embeddings_is_another_one() -> None:
    assert find_image("huggingface-tei").accounts["us-east-1"] == "683313688378"
    assert registry_accounts("tei")["us-east-1"] == "683313688378"
    assert registry_accounts("a-repository-yet-to-come")["us-east-1"] == "763104351884"


def test_the_newest_is_a_full_version_and_never_a_moving_tag() -> None:
    for family in {record.family for record in records()}:
        record = find_image(family)
        others = {other.version for other in records() if other.family == family}
        assert not is_moving(record.version, others)
        same = [
            each
            for each in records()
            if (each.family, each.processor) == (family, record.processor)
        ]
        assert version_key(record.version) == max(version_key(each.version) for each in same)


def test_of_two_builds_of_a_version_the_one_on_the_newer_framework_is_found() -> None:
    assert find_image("huggingface", "4.10.2").tag.startswith("1.9.0-")


def test_an_image_is_found_by_repository_and_tag() -> None:
    record = find_image("djl-lmi", "0.36.0")

    assert try_find_image(record.repository, record.tag) is record
    assert try_find_image(record.repository, "0.0.1") is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vlm",), "there is no image family 'vlm'; did you mean 'vllm'"),
        (("vllm", "9.9"), r"vllm has no version '9.9' for gpu; it has: 0.23.0, .*0.30.0"),
        (("vllm", None, "cpu"), "vllm has no image for the processor 'cpu'; it has: gpu"),
    ],
    ids=["family", "version", "processor"],
)
def test_an_unknown_image_is_an_error_that_names_those_there_are(
    arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        find_image(*arguments)


def test_the_newest_of_images_is_chosen_by_number_not_by_letter() -> None:
    of_family = [record for record in records() if record.family == "huggingface-vllm"]

    assert newest(of_family).version == "0.29.0"


numbers = st.lists(st.integers(0, 999), min_size=1, max_size=4)


@given(numbers, numbers)
def test_versions_are_ordered_by_their_numbers(one: list[int], other: list[int]) -> None:
    first, second = ".".join(map(str, one)), ".".join(map(str, other))

    assert at_least(first, second) == (one >= other)


@given(st.text())
def test_any_text_has_a_place_among_versions(text: str) -> None:
    assert isinstance(version_key(text), tuple)
