"""How much of an instance's memory a model takes, and what is left for requests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fit.recorded import models
from sagemaker_model.engine.engines import find_engine
from sagemaker_model.fit.fit import Fit, fit
from sagemaker_model.fit.kv_cache import layer_bytes, sequence_bytes
from sagemaker_model.fit.settings import AUTOMATIC, Settings, read_settings
from sagemaker_model.fit.shape import best_degree, splits_over
from sagemaker_model.fit.smallest import smallest_fits
from sagemaker_model.fit.weights import loaded_bytes, stored_bytes, weight_files
from sagemaker_model.instance.table import instances
from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig

GIB = 2**30
COMMIT = "0" * 40
LLAMA_2_13B = "meta-llama/Llama-2-13b-chat-hf"
LLAMA_3_8B = "meta-llama/Meta-Llama-3.1-8B-Instruct"


def settings(engine: str = "lmi", version: str | None = None, **environment: str) -> Settings:
    found = read_settings(
        find_engine(engine), environment, version=version, all_gpus=not environment
    )
    assert found is not None
    return found


def fit_of(model: str, instance: str, asked: Settings) -> Fit:
    found = fit(models()[model], instances()[instance], asked)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("model", "gigabytes"),
    [
        (LLAMA_2_13B, 26),
        ("meta-llama/Llama-2-70b-chat-hf", 138),
        (LLAMA_3_8B, 16),
        ("EleutherAI/pythia-12b", 24),
    ],
)
def test_weights_of_16_bits_take_two_bytes_a_parameter(model: str, gigabytes: int) -> None:
    assert round((stored_bytes(models()[model]) or 0) / 10**9) == gigabytes


@pytest.mark.parametrize(
    ("model", "each"),
    [(LLAMA_2_13B, 819_200), (LLAMA_3_8B, 131_072), ("tiiuae/falcon-7b-instruct", 8_192)],
)
def test_a_token_takes_what_its_heads_of_keys_and_values_take(model: str, each: int) -> None:
    """The first two are the worked figures of LMI's guide, the second with grouped queries."""
    assert sequence_bytes(models()[model].config, 1) == each


@pytest.mark.parametrize(
    ("instance", "tokens"), [("ml.g5.12xlarge", 85_000), ("ml.g5.48xlarge", 202_000)]
)
def test_the_worked_examples_of_lmis_guide_come_out(instance: str, tokens: int) -> None:
    """The guide counts all of 24 GB and no working memory: "~85k" and "~202k" tokens."""
    found = fit_of(LLAMA_2_13B, instance, settings())

    whole = 24 * 10**9 * found.instance.gpus - 26 * 10**9
    assert round(whole / 819_200 / 1000) * 1000 == pytest.approx(tokens, rel=0.01)
    assert 0.75 * tokens < (found.tokens or 0) < tokens


@pytest.mark.parametrize(
    ("model", "instance", "sequences"),
    [
        ("mistralai/Mistral-7B-Instruct-v0.2", "ml.g5.4xlarge", 8),
        (LLAMA_2_13B, "ml.g5.12xlarge", 16),
        ("EleutherAI/gpt-neox-20b", "ml.g6.12xlarge", 8),
        ("codellama/CodeLlama-34b-Instruct-hf", "ml.g5.48xlarge", 32),
        ("meta-llama/Llama-2-70b-chat-hf", "ml.g6.48xlarge", 8),
        ("meta-llama/Llama-2-70b-chat-hf", "ml.p4d.24xlarge", 32),
        ("tiiuae/falcon-180B-chat", "ml.p5.48xlarge", 32),
    ],
)
def test_the_batches_of_lmis_table_are_within_reach(
    model: str, instance: str, sequences: int
) -> None:
    asked = replace(settings(), context=4096)

    assert fit_of(model, instance, asked).sequences > sequences


def test_heads_fewer_than_gpus_are_copied_and_not_split_further() -> None:
    config = ModelConfig(num_attention_heads=32, num_key_value_heads=2, head_dim=128)

    assert layer_bytes(config, degree=2) == layer_bytes(config, degree=8) == 2 * 128 * 2


def test_latent_attention_keeps_one_vector_on_every_gpu() -> None:
    config = models()["deepseek-ai/DeepSeek-V3"].config

    assert layer_bytes(config) == layer_bytes(config, degree=8) == (512 + 64) * 2


@pytest.mark.parametrize(
    ("model", "full"),
    [("openai/gpt-oss-20b", 12), ("google/gemma-3-27b-it", 10), ("google/gemma-2-9b-it", 21)],
)
def test_a_window_ends_what_most_layers_keep(model: str, full: int) -> None:
    config = models()[model].config
    layer = layer_bytes(config) or 0
    long = 131_072

    grown = (sequence_bytes(config, long) or 0) - (sequence_bytes(config, long - 1) or 0)

    assert grown == full * layer


def test_layers_that_keep_a_state_instead_of_tokens_take_nothing_of_each() -> None:
    config = ModelConfig(
        num_hidden_layers=4,
        num_attention_heads=8,
        head_dim=64,
        layer_types={"linear_attention": 3, "full_attention": 1},
    )

    assert sequence_bytes(config, 10) == 10 * (layer_bytes(config) or 0)


def test_a_cache_of_8_bits_holds_twice_as_much() -> None:
    halved = fit_of(LLAMA_3_8B, "ml.g5.2xlarge", settings("vllm", SM_VLLM_KV_CACHE_DTYPE="fp8"))
    whole = fit_of(LLAMA_3_8B, "ml.g5.2xlarge", settings("vllm"))

    assert halved.sequence * 2 == whole.sequence


@pytest.mark.parametrize(
    ("engine", "word", "share"),
    [("vllm", "fp8", 0.5), ("vllm", "bitsandbytes", 0.25), ("tgi", "bitsandbytes", 0.5)],
)
def test_quantizing_at_load_leaves_a_share_of_the_layers(
    engine: str, word: str, share: float
) -> None:
    model = models()[LLAMA_3_8B]
    embeddings = 2 * 128_256 * 4096 * 2
    whole = loaded_bytes(model) or 0

    left = loaded_bytes(model, at_load=settings(engine).memory.at_load[word]) or 0

    assert left == pytest.approx(embeddings + (whole - embeddings) * share)


def test_weights_that_are_quantized_already_stay_as_they_are_stored() -> None:
    model = models()["TheBloke/Llama-2-13B-chat-GPTQ"]

    assert loaded_bytes(model, at_load=0.5) == stored_bytes(model)


def test_the_same_weights_in_another_format_are_not_counted_again() -> None:
    paths = (
        "consolidated.safetensors",
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
        "original/consolidated.00.pth",
        "pytorch_model.bin",
    )
    model = LockedModel(
        id="org/name", commit=COMMIT, files=tuple(LockedFile(path=each, size=GIB) for each in paths)
    )

    assert [each.path for each in weight_files(model)] == [*paths[1:3]]
    assert stored_bytes(model) == 2 * GIB


def test_parameters_by_type_count_more_than_files() -> None:
    model = LockedModel(
        id="org/name",
        commit=COMMIT,
        parameters={"I32": 10, "F16": 20, "F8_E4M3": 30, "F32": 1},
        files=(LockedFile(path="model.safetensors", size=GIB),),
    )

    assert stored_bytes(model) == 40 + 40 + 30 + 4


@pytest.mark.parametrize(
    ("engine", "version", "share"),
    [
        ("vllm", None, 0.92),
        ("huggingface-vllm", "0.17.0", 0.9),
        ("huggingface-vllm", "0.29.0", 0.92),
        ("lmi", "0.35.0", 0.9),
        ("lmi", "0.36.0", 0.92),
        ("tgi", "3.3.6", 0.95),
    ],
)
def test_each_engine_takes_its_share_of_the_memory(
    engine: str, version: str | None, share: float
) -> None:
    assert settings(engine, version).utilization == share


@pytest.mark.parametrize(
    ("engine", "variable", "share"),
    [
        ("vllm", "SM_VLLM_GPU_MEMORY_UTILIZATION", 0.5),
        ("lmi", "OPTION_GPU_MEMORY_UTILIZATION", 0.5),
        ("sglang", "SM_SGLANG_MEM_FRACTION_STATIC", 0.5),
        ("tgi", "CUDA_MEMORY_FRACTION", 0.475),
    ],
)
def test_a_share_that_is_told_is_taken(engine: str, variable: str, share: float) -> None:
    assert settings(engine, **{variable: "0.5"}).utilization == share


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("4096", 4096),
        ("32k", 32_000),
        ("32K", 32_768),
        ("auto", AUTOMATIC),
        ("-1", AUTOMATIC),
        ("x", None),
    ],
)
def test_a_context_is_read_as_vllm_reads_it(text: str, context: int | None) -> None:
    assert settings("vllm", SM_VLLM_MAX_MODEL_LEN=text).context == context


@pytest.mark.parametrize("text", ["${Token[TOKEN.1]}", "", "many", "-4", "nan"])
def test_what_cannot_be_read_counts_as_not_said(text: str) -> None:
    asked = settings(
        "vllm",
        SM_VLLM_GPU_MEMORY_UTILIZATION=text,
        SM_VLLM_MAX_MODEL_LEN=text,
        SM_VLLM_PIPELINE_PARALLEL_SIZE=text,
    )

    assert (asked.utilization, asked.context, asked.pipeline_parallel) == (0.92, None, 1)


def test_an_engine_that_fits_the_context_itself_takes_the_longest() -> None:
    found = fit_of(LLAMA_3_8B, "ml.g5.2xlarge", settings("vllm", SM_VLLM_MAX_MODEL_LEN="auto"))

    assert found.fits
    assert found.context == found.longest
    assert 30_000 < (found.longest or 0) < 40_000


def test_the_longest_sequence_is_the_longest_that_fits() -> None:
    found = fit_of(LLAMA_3_8B, "ml.g5.2xlarge", settings("vllm"))
    longest = found.longest or 0
    config = models()[LLAMA_3_8B].config

    assert (sequence_bytes(config, longest) or 0) <= found.free
    assert (sequence_bytes(config, longest + 1) or 0) > found.free


def test_layers_in_groups_divide_weights_and_cache() -> None:
    whole = fit_of(LLAMA_3_8B, "ml.g5.12xlarge", settings("vllm"))
    asked = settings("vllm", SM_VLLM_PIPELINE_PARALLEL_SIZE="2")
    grouped = fit_of(LLAMA_3_8B, "ml.g5.12xlarge", replace(asked, tensor_parallel=2))

    assert (grouped.weights, grouped.sequence) == (whole.weights, whole.sequence)


def test_a_model_that_writes_no_text_needs_room_for_its_weights_alone() -> None:
    found = fit_of("BAAI/bge-large-en-v1.5", "ml.g5.xlarge", settings("tei"))

    assert found.tokens is None
    assert found.fits


@pytest.mark.parametrize("engine", ["llama-cpp", "tgi-neuron", "huggingface-vllm-neuron"])
def test_engines_that_use_memory_otherwise_are_not_judged(engine: str) -> None:
    assert read_settings(find_engine(engine), {}) is None


def test_nothing_is_said_of_a_model_whose_size_is_not_known() -> None:
    model = LockedModel(id="org/name", commit=COMMIT)

    assert fit(model, instances()["ml.g5.xlarge"], settings()) is None


@pytest.mark.parametrize(
    ("heads", "kv_heads", "fitting"),
    [
        (32, 8, {1, 2, 4, 8}),
        (28, 4, {1, 2, 4}),
        (40, 10, {1, 2}),
        (71, 1, {1}),
        (32, 2, {1, 2, 4, 8}),
    ],
)
def test_heads_are_spread_evenly_or_not_at_all(
    heads: int, kv_heads: int, fitting: set[int]
) -> None:
    config = ModelConfig(num_attention_heads=heads, num_key_value_heads=kv_heads)

    assert {degree for degree in (1, 2, 4, 8) if splits_over(config, degree)} == fitting
    assert best_degree(config, 8) == max(fitting)


def test_the_smallest_types_come_first_and_are_all_in_the_region() -> None:
    found = smallest_fits(models()[LLAMA_2_13B], settings(), region="eu-central-1")
    sizes = [each.instance.gpus * each.instance.gpu_memory_mib for each in found]

    assert found
    assert sizes == sorted(sizes)
    assert all(each.fits and "eu-central-1" in each.instance.regions for each in found)
    assert len({each.instance.gpu_name for each in found}) == len(found)


def test_a_type_is_proposed_with_as_many_gpus_as_the_heads_can_be_spread_over() -> None:
    found = smallest_fits(models()["Qwen/Qwen2.5-7B-Instruct"], settings("vllm"), most=20)

    assert {each.degree for each in found if each.instance.gpus == 8} == {4}


def test_nothing_is_proposed_where_nothing_is_large_enough() -> None:
    model = LockedModel(id="org/name", commit=COMMIT, parameters={"BF16": 10**13})

    assert smallest_fits(model, settings()) == []


def test_a_fit_says_itself_in_one_line() -> None:
    text = str(fit_of(LLAMA_2_13B, "ml.g5.12xlarge", settings()))

    assert text == (
        "6.1 GiB of 1/4 of the weights and 1.0 for working on the 20.6 GiB that are used of each "
        "A10G leave room for 70,791 tokens: 17 of 4,096"
    )
