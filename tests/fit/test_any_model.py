"""Whatever a lock file says of a model, the rules find something or nothing; they never fail."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.deployments import a_deployment
from fit.recorded import models
from sagemaker_model.checks.rules import check
from sagemaker_model.engine.engines import ENGINES
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.instance.table import instance_names
from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig, read_config

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
FIELDS = [
    "architectures",
    "auto_map",
    "dtype",
    "head_dim",
    "hidden_size",
    "kv_lora_rank",
    "layer_types",
    "max_position_embeddings",
    "model_type",
    "num_attention_heads",
    "num_hidden_layers",
    "num_key_value_heads",
    "quantization_config",
    "sliding_window",
    "transformers_version",
    "vocab_size",
]
COUNTS = st.none() | st.integers(min_value=0, max_value=2**40)
CONFIGS = st.builds(
    read_config, st.dictionaries(st.sampled_from(FIELDS), JSON | st.integers(1, 10**6))
) | st.builds(
    ModelConfig,
    architectures=st.tuples(
        st.sampled_from(["LlamaForCausalLM", "T5ForConditionalGeneration", ""])
    ),
    model_type=st.sampled_from(["llama", "gemma2", "t5", None]),
    dtype=st.sampled_from(["bfloat16", "float32", "nonsense", None]),
    hidden_size=COUNTS,
    num_hidden_layers=COUNTS,
    num_attention_heads=COUNTS,
    num_key_value_heads=COUNTS,
    head_dim=COUNTS,
    max_position_embeddings=COUNTS,
    sliding_window=COUNTS,
    layer_types=st.dictionaries(
        st.sampled_from(["full_attention", "sliding_attention", "x"]), st.integers(0, 99)
    ),
    kv_lora_rank=COUNTS,
    quantization_method=st.sampled_from(["fp8", "awq", "nonsense", None]),
)
MODELS = st.builds(
    LockedModel,
    id=st.just("org/name"),
    commit=st.just("0" * 40),
    licence=st.none() | st.text(max_size=9),
    gated=st.booleans(),
    pipeline_tag=st.none() | st.sampled_from(["text-generation", "feature-extraction", "x"]),
    files=st.lists(
        st.builds(LockedFile, path=st.text(max_size=20), size=st.integers(0, 2**50)), max_size=3
    ).map(tuple),
    parameters=st.dictionaries(
        st.sampled_from(["BF16", "F8_E4M3", "I32", "?"]), st.integers(0, 2**45)
    ),
    config=CONFIGS,
    chat_template=st.booleans(),
    remote_code=st.booleans(),
) | st.sampled_from([model for _, model in sorted(models().items())])
OPTIONS = st.builds(
    ServingOptions,
    tensor_parallel_degree=st.none() | st.integers(1, 16),
    max_total_tokens=st.none() | st.integers(1, 2**20),
    quantization=st.sampled_from([None, "fp8", "awq", "x"]),
    dtype=st.sampled_from([None, "bfloat16", "float16", "x"]),
)


@settings(max_examples=300)
@given(
    MODELS,
    st.sampled_from([engine.name for engine in ENGINES]),
    st.sampled_from(instance_names()),
    OPTIONS,
)
def test_any_model_on_any_engine_and_instance_gives_findings_or_none(
    model: LockedModel, engine: str, instance: str, options: ServingOptions
) -> None:
    findings = check(a_deployment(model, engine, instance, options=options, region="us-east-1"))

    assert all(finding.what and finding.path for finding in findings)
