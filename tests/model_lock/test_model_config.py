"""What is read of a model's config.json."""

from __future__ import annotations

import json

import pytest

from sagemaker_model.model_lock.model_config import ModelConfig, read_config

# Facts of public files: Qwen/Qwen2.5-7B-Instruct.
QWEN = {
    "architectures": ["Qwen2ForCausalLM"],
    "hidden_size": 3584,
    "intermediate_size": 18944,
    "max_position_embeddings": 32768,
    "model_type": "qwen2",
    "num_attention_heads": 28,
    "num_hidden_layers": 28,
    "num_key_value_heads": 4,
    "sliding_window": 131072,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.43.1",
    "use_sliding_window": False,
    "vocab_size": 152064,
}


def test_the_fields_that_matter_are_read_under_their_own_names() -> None:
    assert read_config(QWEN) == ModelConfig(
        architectures=("Qwen2ForCausalLM",),
        model_type="qwen2",
        transformers_version="4.43.1",
        dtype="bfloat16",
        hidden_size=3584,
        intermediate_size=18944,
        vocab_size=152064,
        num_hidden_layers=28,
        num_attention_heads=28,
        num_key_value_heads=4,
        max_position_embeddings=32768,
    )


@pytest.mark.parametrize(
    "older",
    [
        {"n_embd": 768, "n_layer": 12, "n_head": 12, "n_positions": 1024},
        {"d_model": 768, "num_layers": 12, "num_heads": 12, "n_positions": 1024},
        {"d_model": 768, "n_layers": 12, "n_heads": 12, "max_seq_len": 1024},
        {"hidden_size": 768, "num_layers": 12, "num_attention_heads": 12, "seq_length": 1024},
    ],
    ids=["gpt2", "t5", "mpt", "chatglm"],
)
def test_older_names_mean_the_same(older: object) -> None:
    config = read_config(older)

    assert config.hidden_size == 768
    assert config.num_hidden_layers == 12
    assert config.num_attention_heads == 12
    assert config.max_position_embeddings == 1024


def test_the_text_part_of_a_model_that_sees_pictures_counts() -> None:
    text = {"num_hidden_layers": 34, "layer_types": ["sliding_attention", "full_attention"]}
    whole = {"architectures": ["Gemma3ForConditionalGeneration"], "dtype": "bfloat16"}

    config = read_config({**whole, "num_hidden_layers": 1, "text_config": text})

    assert config.num_hidden_layers == 34
    assert config.architectures == ("Gemma3ForConditionalGeneration",)
    assert config.dtype == "bfloat16"
    assert config.layer_types == {"full_attention": 1, "sliding_attention": 1}


@pytest.mark.parametrize(
    ("falcon", "heads"),
    [
        ({"multi_query": True, "new_decoder_architecture": False, "num_kv_heads": 71}, 1),
        ({"multi_query": True, "new_decoder_architecture": True, "num_kv_heads": 8}, 8),
        ({"multi_query": True, "num_attention_heads": 71}, 1),
    ],
    ids=["7b", "40b", "7b as first published"],
)
def test_falcon_keeps_keys_and_values_as_its_architecture_says(falcon: object, heads: int) -> None:
    assert read_config(falcon).num_key_value_heads == heads


@pytest.mark.parametrize(
    ("quantization", "method", "bits"),
    [
        ({"quant_method": "awq", "bits": 4}, "awq", 4),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "bitsandbytes", 4),
        ({"quant_method": "fp8"}, "fp8", None),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 8}}},
            },
            "compressed-tensors",
            8,
        ),
    ],
    ids=["awq", "bitsandbytes", "fp8", "compressed-tensors"],
)
def test_the_quantization_is_read(quantization: object, method: str, bits: int | None) -> None:
    config = read_config({"quantization_config": quantization})

    assert (config.quantization_method, config.quantization_bits) == (method, bits)


def test_code_of_the_repository_is_told() -> None:
    assert read_config({"auto_map": {"AutoModel": "modeling.Model"}}).auto_map
    assert not read_config({"auto_map": {}}).auto_map


@pytest.mark.parametrize("junk", [None, [], 7, "text", True, {"": None}, [[[]]]], ids=json.dumps)
def test_what_is_no_configuration_says_nothing(junk: object) -> None:
    assert read_config(junk) == ModelConfig()


@pytest.mark.parametrize("junk", [None, [1], -7, 1.5, "text", True, {"a": {}}], ids=json.dumps)
def test_a_field_of_another_form_is_ignored(junk: object) -> None:
    names = (*QWEN, "text_config", "quantization_config", "auto_map", "layer_types", "dtype")

    for name in names:
        read_config({**QWEN, name: junk})
        read_config({"text_config": {name: junk}, "quantization_config": {name: junk}})
        read_config(
            {"quantization_config": {"config_groups": {name: {"weights": junk}, "b": junk}}}
        )

    assert read_config(dict.fromkeys(names, junk)).num_hidden_layers is None


@pytest.mark.parametrize(
    ("scaling", "context"),
    [
        ({"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}, 131072),
        ({"rope_type": "yarn", "factor": 4.0}, 131072),
        ({"rope_type": "yarn", "factor": 2, "original_max_position_embeddings": 4096}, 32768),
        ({"type": "linear", "factor": 2}, 65536),
        ({"type": "dynamic", "factor": 2}, 65536),
        ({"rope_type": "llama3", "factor": 8.0}, 32768),
        ({"rope_type": "yarn", "factor": "four"}, 32768),
        ({"rope_type": "yarn", "factor": float("inf")}, 32768),
        ({"factor": float("nan")}, 32768),
        ("yarn", 32768),
        (None, 32768),
    ],
    ids=str,
)
def test_positions_that_are_stretched_make_the_context_longer(
    scaling: object, context: int
) -> None:
    config = read_config({"max_position_embeddings": 32768, "rope_scaling": scaling})

    assert config.max_position_embeddings == context
