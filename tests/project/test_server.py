"""Which container is recommended for a model, and which instance type."""

from __future__ import annotations

from typing import Any

import pytest

from fit.recorded import models
from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig
from sagemaker_model.project.instance import choose_cpu, choose_gpu
from sagemaker_model.project.server import choose_server

COMMIT = "0" * 40
VLLM = "ContainerImages.HF_VLLM_LATEST"
TOOLKIT_CPU = 'ContainerImage.of("huggingface", version="4.51.3", processor="cpu")'


def a_model(architecture: str = "", kind: str = "", **told: Any) -> LockedModel:
    config = ModelConfig(
        architectures=(architecture,) if architecture else (), model_type=kind or None
    )
    return LockedModel(**{"id": "org/name", "commit": COMMIT, "config": config, **told})


@pytest.mark.parametrize(
    ("model_id", "image"),
    [
        ("Qwen/Qwen2.5-7B-Instruct", VLLM),
        ("google/gemma-3-12b-it", VLLM),
        ("google/flan-t5-xxl", "ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST"),
        ("sentence-transformers/all-MiniLM-L6-v2", "ContainerImages.TEI_CPU_LATEST"),
        ("intfloat/e5-mistral-7b-instruct", "ContainerImages.TEI_LATEST"),
        ("google-bert/bert-base-uncased", TOOLKIT_CPU),
        ("openai/whisper-large-v3", TOOLKIT_CPU.replace("cpu", "gpu")),
    ],
)
def test_each_well_known_model_gets_its_server(model_id: str, image: str) -> None:
    assert choose_server(models()[model_id]).image == image


@pytest.mark.parametrize(
    ("model", "engine"),
    [
        (a_model("BertForSequenceClassification", "bert"), "tei"),
        (a_model("DebertaV2ForSequenceClassification", "deberta-v2"), "toolkit"),
        (a_model("BartForConditionalGeneration", "bart", pipeline_tag="summarization"), "toolkit"),
        (a_model("LlamaForCausalLM", "llama"), "huggingface-vllm"),
        (a_model(library="sentence-transformers", kind="bert"), "tei"),
        (
            a_model(
                pipeline_tag="text-generation",
                files=(LockedFile(path="model-Q4.gguf", size=5, blob_id=COMMIT),),
            ),
            "llama-cpp",
        ),
    ],
    ids=["reranker", "deberta", "bart", "llama", "sentences", "gguf"],
)
def test_architecture_library_and_files_tell_what_the_card_does_not(
    model: LockedModel, engine: str
) -> None:
    assert choose_server(model).engine == engine


def test_an_embedding_model_without_a_fast_tokenizer_is_not_for_tei() -> None:
    files = (LockedFile(path="vocab.txt", size=5, blob_id=COMMIT),)

    server = choose_server(
        a_model("BertModel", "bert", library="sentence-transformers", files=files)
    )

    assert (server.engine, server.env) == ("toolkit", {"HF_TASK": "feature-extraction"})


def test_the_instance_type_that_is_given_decides_on_the_processor() -> None:
    minilm = models()["sentence-transformers/all-MiniLM-L6-v2"]

    assert choose_server(minilm, gpu=True).image == "ContainerImages.TEI_LATEST"


def test_what_nothing_serves_names_the_ways_out() -> None:
    diffusion = models()["stabilityai/stable-diffusion-2-1"]

    with pytest.raises(ValueError, match="no container is known") as failure:
        choose_server(diffusion)

    assert "text-to-image" in str(failure.value)
    assert "--container" in str(failure.value)
    assert "--custom" in str(failure.value)


def test_code_that_a_model_brings_along_is_never_chosen_by_the_library() -> None:
    model = LockedModel(
        id="org/name",
        commit=COMMIT,
        pipeline_tag="fill-mask",
        config=ModelConfig(model_type="bert", auto_map=True),
    )

    with pytest.raises(ValueError, match="no container is known"):
        choose_server(model)


def test_the_smallest_type_has_room_for_the_model_and_its_context() -> None:
    chosen = choose_gpu(models()["Qwen/Qwen2.5-7B-Instruct"], "huggingface-vllm")

    assert chosen.name == "ml.g5.xlarge"
    assert "32,768" in chosen.why
    assert chosen.others == ["ml.g6.xlarge", "ml.g7.2xlarge"]


def test_a_shorter_context_fits_on_a_smaller_type() -> None:
    llama = models()["meta-llama/Meta-Llama-3.1-8B-Instruct"]

    whole = choose_gpu(llama, "huggingface-vllm")
    short = choose_gpu(llama, "huggingface-vllm", context=8192)

    assert (whole.name, short.name) == ("ml.g6e.xlarge", "ml.g5.xlarge")


def test_the_region_has_a_say() -> None:
    phi = models()["microsoft/phi-4"]

    assert choose_gpu(phi, "huggingface-vllm").name == "ml.g6e.xlarge"
    assert choose_gpu(phi, "huggingface-vllm", region="eu-west-3").name != "ml.g6e.xlarge"


def test_what_is_too_large_for_all_says_so() -> None:
    model = a_model(
        "LlamaForCausalLM", "llama", parameters={"BF16": 10**13}, pipeline_tag="text-generation"
    )

    with pytest.raises(
        ValueError, match=r"does not fit on any instance type in us-east-1.*--max-total"
    ):
        choose_gpu(model, "huggingface-vllm")


def test_a_model_of_unknown_size_wants_the_type_named() -> None:
    with pytest.raises(ValueError, match="--instance-type"):
        choose_gpu(a_model("LlamaForCausalLM", "llama"), "huggingface-vllm")


def test_processors_need_memory_for_each_worker_of_the_toolkit() -> None:
    bert = models()["google-bert/bert-large-uncased"]

    assert choose_cpu(bert, "tei").name == "ml.c7i.xlarge"
    assert choose_cpu(bert, "toolkit").name == "ml.m7i.xlarge"
