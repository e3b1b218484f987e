"""What of a model's ``config.json`` matters for serving, under the names that most models use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

# Models from before the names settled: GPT-2, GPT-J, BLOOM, MPT, Falcon, T5, Whisper, ChatGLM.
_HIDDEN = ("hidden_size", "n_embd", "n_embed", "d_model")
_LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "decoder_layers")
_HEADS = (
    "num_attention_heads",
    "n_head",
    "n_heads",
    "num_heads",
    "decoder_attention_heads",
)
_KV_HEADS = ("num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num")
_HEAD_DIM = ("head_dim", "kv_channels", "d_kv")
_CONTEXT = (
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "seq_length",
    "max_sequence_length",
    "max_target_positions",
)
_INNER = ("intermediate_size", "n_inner", "d_ff", "ffn_hidden_size", "decoder_ffn_dim")
_EXPERTS = ("num_local_experts", "num_experts", "n_routed_experts")
_TEXT_PARTS = ("thinker_config", "llm_config", "language_config", "text_config")
_STRETCHED = 1024  # more is no factor of any model
_EXPERTS_USED = ("num_experts_per_tok", "num_experts_per_token", "experts_per_token")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """The fields of ``config.json`` that decide how a model can be served.

    None means that the file does not say. Of a model with several parts, such as one that also
    sees pictures, it is the part that writes text.

    Args:
        architectures: Classes that implement it, such as ``("Qwen2ForCausalLM",)``.
        model_type: Its kind in transformers, such as ``"qwen2"``.
        transformers_version: Version of transformers that wrote the file.
        dtype: Type of the weights, such as ``"bfloat16"``.
        hidden_size: Width of a layer.
        intermediate_size: Width inside a feed-forward layer.
        vocab_size: Number of tokens it knows.
        num_hidden_layers: Layers; of a model that reads and writes, those that write.
        num_attention_heads: Heads of attention.
        num_key_value_heads: Heads that keys and values are kept for; fewer than heads of
            attention in grouped-query attention.
        head_dim: Size of one head; *hidden_size* / *num_attention_heads* where it is not said.
        max_position_embeddings: Longest context in tokens, with what stretches positions.
        sliding_window: Tokens that a layer with a window looks back at; None also where the file
            switches the window off.
        layer_types: How many layers there are of each kind, such as
            ``{"full_attention": 6, "sliding_attention": 30}``; empty where all are alike.
        kv_lora_rank: Width of what is kept of a token in multi-head latent attention, as in
            DeepSeek V2 and V3.
        qk_rope_head_dim: What is kept beside it for positions.
        num_local_experts: Experts of a mixture of experts.
        num_experts_per_tok: How many of them work on each token.
        quantization_method: How the weights are quantized, such as ``"awq"``, ``"gptq"``,
            ``"fp8"``, ``"bitsandbytes"`` or ``"mxfp4"``.
        quantization_bits: To how many bits.
        auto_map: Whether it needs code of its own repository: ``trust_remote_code``.
    """

    architectures: tuple[str, ...] = ()
    model_type: str | None = None
    transformers_version: str | None = None
    dtype: str | None = None
    hidden_size: int | None = None
    intermediate_size: int | None = None
    vocab_size: int | None = None
    num_hidden_layers: int | None = None
    num_attention_heads: int | None = None
    num_key_value_heads: int | None = None
    head_dim: int | None = None
    max_position_embeddings: int | None = None
    sliding_window: int | None = None
    layer_types: Mapping[str, int] = field(default_factory=dict)
    kv_lora_rank: int | None = None
    qk_rope_head_dim: int | None = None
    num_local_experts: int | None = None
    num_experts_per_tok: int | None = None
    quantization_method: str | None = None
    quantization_bits: int | None = None
    auto_map: bool = False


def read_config(config: object) -> ModelConfig:
    """Return what a ``config.json`` says.

    What has an unexpected form counts as not said, as anyone may write such a file.

    Args:
        config: The file's JSON.

    >>> read_config({"model_type": "gpt2", "n_layer": 12, "n_head": "many"}).num_hidden_layers
    12
    """
    whole = _mapping(config)
    text = _text_part(whole)
    quantization = _mapping(text.get("quantization_config") or whole.get("quantization_config"))
    return ModelConfig(
        architectures=_texts(whole.get("architectures")),
        model_type=_text(whole.get("model_type")),
        transformers_version=_text(whole.get("transformers_version")),
        dtype=_dtype(text) or _dtype(whole),
        hidden_size=_number(text, *_HIDDEN),
        intermediate_size=_number(text, *_INNER),
        vocab_size=_number(text, "vocab_size", "padded_vocab_size"),
        num_hidden_layers=_number(text, *_LAYERS),
        num_attention_heads=_number(text, *_HEADS),
        num_key_value_heads=_kv_heads(text),
        head_dim=_number(text, *_HEAD_DIM),
        max_position_embeddings=_context(text),
        sliding_window=_sliding_window(text),
        layer_types=_counts(text.get("layer_types")),
        kv_lora_rank=_number(text, "kv_lora_rank"),
        qk_rope_head_dim=_number(text, "qk_rope_head_dim"),
        num_local_experts=_number(text, *_EXPERTS),
        num_experts_per_tok=_number(text, *_EXPERTS_USED),
        quantization_method=_text(quantization.get("quant_method")),
        quantization_bits=_bits(quantization),
        auto_map=bool(_mapping(whole.get("auto_map")) or _mapping(text.get("auto_map"))),
    )


def _text_part(whole: Mapping[str, object]) -> Mapping[str, object]:
    """Return the part that writes text; what it leaves out stands in the whole."""
    text = whole
    for name in _TEXT_PARTS:
        text = {**text, **_mapping(text.get(name))}
    return text


def _kv_heads(text: Mapping[str, object]) -> int | None:
    """Return the heads of keys and values, also where older models said it in other ways."""
    in_attention = _number(_mapping(text.get("attn_config")), "kv_n_heads")
    if in_attention is not None:
        return in_attention
    # Falcon: one head for all, unless its newer architecture has a number of them.
    if text.get("multi_query") is True and text.get("new_decoder_architecture") is not True:
        return _number(text, "multi_query_group_num") or 1
    return _number(text, *_KV_HEADS)


def _context(text: Mapping[str, object]) -> int | None:
    """Return the longest context, stretched as the engines do.

    Source: ``_get_and_verify_max_len`` of vLLM. YaRN says what it begins with; other kinds, but for
    those that have counted it in, multiply.
    """
    longest = _number(text, *_CONTEXT)
    scaling = _mapping(text.get("rope_scaling") or text.get("rope_parameters"))
    kind, factor = scaling.get("rope_type") or scaling.get("type"), scaling.get("factor")
    if longest is None or not isinstance(factor, int | float) or not 1 < factor < _STRETCHED:
        return longest
    if kind == "yarn":
        begins = _number(scaling, "original_max_position_embeddings") or longest
        return max(longest, round(begins * factor))
    return round(longest * factor) if kind in {"linear", "dynamic"} else longest


def _sliding_window(text: Mapping[str, object]) -> int | None:
    return None if text.get("use_sliding_window") is False else _number(text, "sliding_window")


def _dtype(config: Mapping[str, object]) -> str | None:
    found = _text(config.get("dtype")) or _text(config.get("torch_dtype"))
    return found.removeprefix("torch.") if found else None


def _bits(quantization: Mapping[str, object]) -> int | None:
    for name, bits in (("load_in_4bit", 4), ("load_in_8bit", 8)):
        if quantization.get(name) is True:
            return bits
    # compressed-tensors tells them for each group of layers.
    groups = _mapping(quantization.get("config_groups")).values()
    in_groups = (_number(_mapping(_mapping(group).get("weights")), "num_bits") for group in groups)
    return _number(quantization, "bits", "w_bit", "nbits") or max(
        filter(None, in_groups), default=None
    )


def _counts(value: object) -> dict[str, int]:
    kinds = _texts(value)
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _number(config: Mapping[str, object], *names: str) -> int | None:
    """Return the first positive whole number among *names*."""
    values = (config.get(name) for name in names)
    return next((value for value in values if type(value) is int and value > 0), None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...]:
    given = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(each for each in given if isinstance(each, str))


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
