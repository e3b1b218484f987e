"""What the table of instance types knows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_model.instance.gpu import COMPUTE_CAPABILITY
from sagemaker_model.instance.table import (
    InstanceSpec,
    instance_names,
    instances,
    similar_instances,
    suggest,
    try_find_instance,
)

TABLE = Path(__file__).parents[2] / "constructs/sagemaker_model/instance/instances.json"
NAMES = st.sampled_from(instance_names())
REGION = re.compile(r"(?:us|eu|ap|ca|sa|af|me|il|mx|cn|us-gov|eusc-de)-[a-z]+-\d")
# As many as the enum ProductionVariantInstanceType of the SageMaker API has.
IN_THE_API = 277


def spec(name: str) -> InstanceSpec:
    found = try_find_instance(name)
    assert found is not None
    return found


def test_it_has_every_type_that_the_api_takes() -> None:
    assert len(instance_names()) == IN_THE_API
    assert len(set(instance_names())) == IN_THE_API


def test_it_is_read_once_and_can_not_be_changed() -> None:
    assert instances() is instances()
    with pytest.raises(AttributeError):
        spec("ml.m5.xlarge").vcpus = 1  # type: ignore[misc]


def test_its_columns_are_in_the_order_of_the_fields() -> None:
    columns = json.loads(TABLE.read_text())["columns"]

    assert columns == [*InstanceSpec._fields[:-1], "region_set"]


@pytest.mark.parametrize("each", instances().values(), ids=lambda each: each.name)
def test_every_type_is_whole(each: InstanceSpec) -> None:
    assert re.fullmatch(r"ml\.[a-z0-9-]+\.[a-z0-9]+", each.name)
    assert each.vcpus > 0
    assert each.memory_mib >= 512
    assert each.architecture in {"x86_64", "arm64"}
    assert each.local_nvme_gb >= 0
    assert bool(each.gpus) == (each.gpu_name is not None) == (each.gpu_memory_mib > 0)
    assert (each.compute_capability is not None) == bool(each.gpus)
    assert each.accelerated == (each.gpus > 0 or each.neuron_devices > 0)
    assert each.ebs_only == (each.local_nvme_gb == 0)
    assert all(REGION.fullmatch(region) for region in each.regions)


def test_every_gpu_has_a_compute_capability_and_every_capability_a_gpu() -> None:
    named = {each.gpu_name for each in instances().values() if each.gpu_name}

    assert named == set(COMPUTE_CAPABILITY)


@pytest.mark.parametrize(
    ("name", "gpus", "memory_mib", "local_nvme_gb"),
    [
        ("ml.g4dn.xlarge", (1, "T4", 16384), 16384, 125),
        ("ml.g4dn.12xlarge", (4, "T4", 16384), 196608, 900),
        ("ml.g5.12xlarge", (4, "A10G", 22888), 196608, 3800),
        ("ml.g5.48xlarge", (8, "A10G", 22888), 786432, 7600),
        ("ml.g6.12xlarge", (4, "L4", 22888), 196608, 3760),
        ("ml.g6e.48xlarge", (8, "L40S", 45776), 1572864, 7600),
        ("ml.g7.12xlarge", (2, "RTX PRO 4500", 32768), 196608, 1900),
        ("ml.g7e.48xlarge", (8, "RTX PRO Server 6000", 98304), 2097152, 15200),
        ("ml.p4d.24xlarge", (8, "A100", 40960), 1179648, 8000),
        ("ml.p4de.24xlarge", (8, "A100", 81920), 1179648, 8000),
        ("ml.p5.4xlarge", (1, "H100", 81920), 262144, 3800),
        ("ml.p5en.48xlarge", (8, "H200", 144384), 2097152, 30400),
        ("ml.p6-b300.48xlarge", (8, "B300", 275040), 4194304, 30400),
        ("ml.p3.8xlarge", (4, "V100", 16384), 249856, 0),
    ],
)
def test_gpus_and_storage_are_those_of_the_hardware(
    name: str, gpus: tuple[int, str, int], memory_mib: int, local_nvme_gb: int
) -> None:
    has = spec(name)

    assert (has.gpus, has.gpu_name, has.gpu_memory_mib) == gpus
    assert (has.memory_mib, has.local_nvme_gb) == (memory_mib, local_nvme_gb)


@pytest.mark.parametrize(
    ("name", "capability"),
    [
        ("ml.p3.2xlarge", (7, 0)),
        ("ml.g4dn.xlarge", (7, 5)),
        ("ml.p4d.24xlarge", (8, 0)),
        ("ml.g5.xlarge", (8, 6)),
        ("ml.g6e.xlarge", (8, 9)),
        ("ml.p5.48xlarge", (9, 0)),
        ("ml.p6-b200.48xlarge", (10, 0)),
        ("ml.m5.xlarge", None),
    ],
)
def test_the_compute_capability_is_that_of_the_gpu(
    name: str, capability: tuple[int, int] | None
) -> None:
    assert spec(name).compute_capability == capability


@pytest.mark.parametrize(
    ("name", "devices"),
    [("ml.inf1.24xlarge", 16), ("ml.inf2.48xlarge", 12), ("ml.trn1.2xlarge", 1)],
)
def test_neuron_devices_are_counted(name: str, devices: int) -> None:
    assert (spec(name).neuron_devices, spec(name).gpus) == (devices, 0)


def test_graviton_families_are_arm_and_few_others_are() -> None:
    arm = {each.family for each in instances().values() if each.architecture == "arm64"}

    assert arm == {
        *("c6g", "c6gd", "c6gn", "c7g", "c8g", "m6g", "m6gd", "m8g"),
        *("r6g", "r6gd", "r7gd", "r8g", "p6e-gb200"),
    }


def test_only_the_t_families_are_burstable() -> None:
    assert {each.family[0] for each in instances().values() if each.burstable} == {"t"}


def test_families_with_local_storage_are_those_that_refuse_a_volume() -> None:
    local = {each.family for each in instances().values() if not each.ebs_only}

    assert {"g4dn", "g5", "g6", "g6e", "g7", "g7e", "p4d", "p5", "m5d", "trn1"} <= local
    assert not {"m5", "c5", "c7g", "inf2", "p3", "t2"} & local


@pytest.mark.parametrize(
    ("name", "regions"), [("ml.g5.xlarge", 19), ("ml.g6e.xlarge", 9), ("ml.p5en.48xlarge", 9)]
)
def test_regions_are_those_with_a_price(name: str, regions: int) -> None:
    assert len(spec(name).regions) == regions
    assert "us-east-1" in spec(name).regions


def test_a_type_that_is_not_sold_any_more_has_no_region() -> None:
    assert spec("ml.p3.2xlarge").regions == frozenset()


def test_the_family_is_the_middle_of_the_name() -> None:
    assert (spec("ml.g5.2xlarge").family, spec("ml.p6-b200.48xlarge").family) == ("g5", "p6-b200")


def test_a_name_that_the_table_lacks_is_not_found() -> None:
    assert try_find_instance("g5.2xlarge") is None


@given(NAMES)
def test_a_missing_prefix_or_capitals_suggest_exactly_the_type(name: str) -> None:
    assert suggest(name.removeprefix("ml.")) == (name,)
    assert suggest(name.upper()) == (name,)


@given(NAMES.filter(lambda name: "large" in name), st.data())
def test_a_slip_in_the_size_word_suggests_the_type_first(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(name.rindex("large"), len(name) - 2))
    dropped = name[:place] + name[place + 1 :]
    swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]

    assert suggest(dropped)[0] == name
    assert suggest(swapped)[0] == name


@given(st.text(max_size=40))
def test_suggestions_are_few_and_known(name: str) -> None:
    suggestions = suggest(name)

    assert len(suggestions) <= 3
    assert set(suggestions) <= set(instance_names())


@pytest.mark.parametrize("name", ["", "banana", "ml.quantum9.colossal"])
def test_a_name_that_nothing_resembles_has_no_suggestion(name: str) -> None:
    assert suggest(name) == ()


@given(NAMES, st.sampled_from(["us-east-1", "eu-west-1", "ap-south-1"]))
def test_similar_types_are_in_the_region_and_no_smaller(name: str, region: str) -> None:
    wanted = spec(name)

    for other in map(spec, similar_instances(wanted, region)):
        assert region in other.regions
        assert (other.gpus, other.architecture) == (wanted.gpus, wanted.architecture)
        assert other.neuron_devices >= wanted.neuron_devices
        assert other.gpu_memory_mib >= wanted.gpu_memory_mib
        assert other.vcpus >= wanted.vcpus
        assert other.memory_mib >= wanted.memory_mib


@given(NAMES)
def test_every_type_is_similar_to_itself_where_it_is_sold(name: str) -> None:
    assert all(name in similar_instances(spec(name), each) for each in spec(name).regions)


@pytest.mark.parametrize(
    ("name", "region", "closest"),
    [
        ("ml.g6e.xlarge", "eu-west-2", "ml.p5.4xlarge"),
        ("ml.m7i.large", "ca-west-1", "ml.m5.large"),
    ],
)
def test_the_closest_type_comes_first(name: str, region: str, closest: str) -> None:
    assert similar_instances(spec(name), region)[0] == closest


def test_first_generation_neuron_devices_stand_in_for_no_other() -> None:
    assert "eu-south-1" in spec("ml.inf1.xlarge").regions
    assert similar_instances(spec("ml.inf2.xlarge"), "eu-south-1") == []
