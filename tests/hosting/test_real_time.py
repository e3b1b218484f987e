import pytest
from aws_cdk import Duration, Token

from sagemaker_model import InferenceAmi, RealTime
from sagemaker_model.hosting.hosting import VariantModel
from sagemaker_model.image.bound_image import BoundImage
from sagemaker_model.instance.table import try_find_instance


def variant_model(image: BoundImage | None = None, size_gib: float | None = None) -> VariantModel:
    return VariantModel(
        model_name="model",
        instance_type="ml.g5.2xlarge",
        instance=try_find_instance("ml.g5.2xlarge"),
        image=image,
        size_gib=size_gib,
    )


def image(engine: str, processor: str = "gpu", cuda: str | None = "12.8") -> BoundImage:
    return BoundImage(uri="", pull=(), engine=engine, processor=processor, cuda=cuda)


def test_there_is_one_variant_whose_name_never_changes() -> None:
    variant = RealTime().production_variant(variant_model())

    assert (variant.variant_name, variant.initial_instance_count) == ("AllTraffic", 1)
    assert variant.initial_variant_weight == 1


@pytest.mark.parametrize("count", [0, -1])
def test_an_endpoint_without_instances_is_refused_and_not_corrected(count: int) -> None:
    with pytest.raises(ValueError, match=f"initial_instance_count must be 1 or more, got {count}"):
        RealTime(initial_instance_count=count)


@pytest.mark.parametrize("timeout", [Duration.seconds(59), Duration.minutes(61)])
def test_a_timeout_out_of_range_is_refused_by_its_name(timeout: Duration) -> None:
    with pytest.raises(ValueError, match="startup_timeout must be between 60 seconds and 1 hour"):
        RealTime(startup_timeout=timeout)
    with pytest.raises(ValueError, match="download_timeout must be between 60 seconds and 1 hour"):
        RealTime(download_timeout=timeout)


def test_a_timeout_that_is_a_token_is_passed_on() -> None:
    timeout = Duration.seconds(Token.as_number({"Ref": "Seconds"}))

    variant = RealTime(startup_timeout=timeout).production_variant(variant_model())

    assert Token.is_unresolved(variant.container_startup_health_check_timeout_in_seconds)


def test_a_given_timeout_wins_over_the_one_drawn_from_the_size() -> None:
    hosting = RealTime(startup_timeout=Duration.minutes(5))

    variant = hosting.production_variant(variant_model(size_gib=100))

    assert variant.container_startup_health_check_timeout_in_seconds == 300
    assert variant.model_data_download_timeout_in_seconds == 1800


@pytest.mark.parametrize(
    "compiled",
    [image("djl-tensorrtllm"), image("huggingface-neuronx", "neuronx", None)],
    ids=["tensorrt-llm", "neuron"],
)
def test_a_container_that_compiles_the_model_gets_the_longest_start(compiled: BoundImage) -> None:
    variant = RealTime().production_variant(variant_model(compiled, size_gib=1))

    assert variant.container_startup_health_check_timeout_in_seconds == 3600


@pytest.mark.parametrize("size", [0, 513])
def test_a_volume_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(
        ValueError, match=f"volume_size_gib must be between 1 and 512 GiB, got {size}"
    ):
        RealTime(volume_size_gib=size)


def test_the_host_image_follows_the_containers_cuda_version_unless_it_is_given() -> None:
    model = variant_model(image("vllm", cuda="13.0"))

    automatic = RealTime().production_variant(model)
    given = RealTime(inference_ami_version=InferenceAmi.GPU_3_1).production_variant(model)
    left_out = RealTime(inference_ami_version=None).production_variant(model)

    assert automatic.inference_ami_version == InferenceAmi.GPU_4_1
    assert given.inference_ami_version == InferenceAmi.GPU_3_1
    assert left_out.inference_ami_version is None


@pytest.mark.parametrize("count", ["2", 1.5, True, None])
def test_a_count_that_is_no_whole_number_is_refused(count: object) -> None:
    with pytest.raises(
        TypeError, match=f"initial_instance_count must be a whole number, got {count!r}"
    ):
        RealTime(initial_instance_count=count)  # type: ignore[arg-type]


def test_a_count_that_is_a_token_is_passed_on() -> None:
    count = Token.as_number({"Ref": "Count"})

    variant = RealTime(initial_instance_count=int(count)).production_variant(variant_model())

    assert Token.is_unresolved(variant.initial_instance_count)
