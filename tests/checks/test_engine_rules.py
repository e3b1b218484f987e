"""What the rules say of a model and the engine that is to serve it."""

from __future__ import annotations

import pytest

from checks.deployments import a_deployment
from sagemaker_model.checks.engine_rules import ENGINE_RULES
from sagemaker_model.checks.finding import Finding, Severity
from sagemaker_model.checks.model_code_rules import MODEL_CODE_RULES
from sagemaker_model.checks.rule import check_all
from sagemaker_model.checks.subject import Deployed
from sagemaker_model.engine.model_kinds import known_kinds, releases
from sagemaker_model.engine.serving_options import ServingOptions
from sagemaker_model.image.container_images import ContainerImages
from sagemaker_model.image.table import records
from sagemaker_model.model_lock.locked_model import LockedFile, LockedModel
from sagemaker_model.model_lock.model_config import ModelConfig

TRUSTING = ServingOptions(trust_remote_code=True)


def a_model(
    architecture: str = "LlamaForCausalLM",
    kind: str | None = "llama",
    *,
    task: str | None = "text-generation",
    files: tuple[str, ...] = (),
    chat_template: bool = True,
    auto_map: bool = False,
    remote_code: bool = False,
    saved_by: str | None = None,
) -> LockedModel:
    return LockedModel(
        id="org/name",
        commit="0" * 40,
        pipeline_tag=task,
        files=tuple(LockedFile(path=path, size=1) for path in files),
        chat_template=chat_template,
        remote_code=remote_code,
        config=ModelConfig(
            architectures=(architecture,),
            model_type=kind,
            auto_map=auto_map,
            transformers_version=saved_by,
        ),
    )


def found(subject: Deployed) -> list[Finding]:
    return check_all((*ENGINE_RULES, *MODEL_CODE_RULES), subject)


def the_one(subject: Deployed) -> Finding:
    (finding,) = found(subject)
    return finding


@pytest.mark.parametrize("engine", ["vllm", "huggingface-vllm", "lmi", "sglang", "tgi", "toolkit"])
def test_a_usual_model_has_no_finding(engine: str) -> None:
    assert found(a_deployment(a_model(files=("model.safetensors",)), engine)) == []


def test_nothing_is_said_without_a_lock_file() -> None:
    assert found(a_deployment(None, "tgi")) == []


@pytest.mark.parametrize(
    ("engine", "task", "instead"),
    [
        ("tgi", "sentence-similarity", "ContainerImages.TEI_LATEST"),
        ("tgi", "text-ranking", "ContainerImages.TEI_LATEST"),
        ("sglang", "feature-extraction", "ContainerImages.TEI_LATEST"),
        ("tei", "text-generation", "ContainerImages.HF_VLLM_LATEST"),
        ("vllm", "text-to-image", "ContainerImages.HF_PYTORCH_INFERENCE_LATEST"),
        ("lmi", "automatic-speech-recognition", "ContainerImages.HF_PYTORCH_INFERENCE_LATEST"),
        ("llama-cpp", "object-detection", "ContainerImages.HF_PYTORCH_INFERENCE_LATEST"),
    ],
)
def test_a_task_of_another_engine_is_an_error_that_names_its_image(
    engine: str, task: str, instead: str
) -> None:
    finding = the_one(a_deployment(a_model("BertModel", "bert", task=task), engine))

    assert (finding.rule, finding.severity) == ("task-not-served", Severity.ERROR)
    assert finding.got == task
    assert finding.fix == f"container={instead}"
    assert hasattr(ContainerImages, instead.rpartition(".")[2])


@pytest.mark.parametrize(
    ("engine", "task"),
    [
        ("vllm", "feature-extraction"),
        ("tei", "text-ranking"),
        ("toolkit", "object-detection"),
        ("tgi", "image-text-to-text"),
        ("tgi", None),
    ],
)
def test_a_task_that_the_engine_serves_has_no_finding(engine: str, task: str | None) -> None:
    assert found(a_deployment(a_model("BertModel", "bert", task=task), engine)) == []


def test_the_images_that_also_make_pictures_are_not_judged() -> None:
    pictures = a_model("QwenImagePipeline", None, task="text-to-image")

    assert found(a_deployment(pictures, "vllm", tag="omni-sagemaker-cuda-v1.8")) == []


@pytest.mark.parametrize("engine", ["vllm", "lmi", "sglang"])
@pytest.mark.parametrize(
    "architecture", ["T5ForConditionalGeneration", "BartForConditionalGeneration"]
)
def test_a_text_model_with_an_encoder_is_an_error_where_it_is_not_served(
    engine: str, architecture: str
) -> None:
    model = a_model(architecture, "t5", task="text2text-generation")

    (finding, *_) = found(a_deployment(model, engine))

    assert (finding.rule, finding.severity) == ("encoder-decoder-not-served", Severity.ERROR)
    assert "TGI" in finding.fix


@pytest.mark.parametrize(
    ("engine", "version"), [("tgi", None), ("toolkit", None), ("lmi", "0.32.0")]
)
def test_engines_that_serve_t5_have_no_finding(engine: str, version: str | None) -> None:
    model = a_model("T5ForConditionalGeneration", "t5", task="text2text-generation")

    assert found(a_deployment(model, engine, version=version)) == []


@pytest.mark.parametrize("engine", ["vllm", "sglang", "lmi"])
def test_an_architecture_that_the_engine_lacks_is_a_warning(engine: str) -> None:
    finding = the_one(a_deployment(a_model("MadeUpForCausalLM"), engine))

    assert (finding.rule, finding.severity) == ("architecture-not-listed", Severity.WARNING)
    assert finding.got == "MadeUpForCausalLM"


def test_an_architecture_that_is_newer_than_the_image_names_the_version_that_has_it() -> None:
    newest = releases("vllm")[-1]
    model = a_model(newest.added[0])

    finding = the_one(a_deployment(model, "huggingface-vllm", version="0.14.0"))

    assert finding.rule == "architecture-not-listed"
    assert f"{newest.version} or newer" in finding.fix


def test_a_kind_that_the_images_transformers_lacks_is_an_error_for_the_toolkit() -> None:
    model = a_model("Qwen3ForCausalLM", "qwen3")

    finding = the_one(a_deployment(model, "toolkit", version="4.48.0"))

    assert (finding.rule, finding.severity) == ("model-kind-unknown", Severity.ERROR)
    assert (finding.got, finding.fix) == ("qwen3", "an image with transformers 4.51.3 or newer")


@pytest.mark.parametrize("version", ["4.51.3", "5.5.3", None])
def test_a_kind_that_the_image_knows_has_no_finding(version: str | None) -> None:
    assert (
        found(a_deployment(a_model("Qwen3ForCausalLM", "qwen3"), "toolkit", version=version)) == []
    )


@pytest.mark.parametrize(("carried", "said"), [("4.51.3", ["transformers-older"]), ("5.5.3", [])])
def test_a_model_that_a_later_major_version_saved_is_a_warning(
    carried: str, said: list[str]
) -> None:
    subject = a_deployment(a_model(saved_by="5.0.0"), "toolkit", version=carried)

    assert [finding.rule for finding in found(subject)] == said


@pytest.mark.parametrize(
    ("engine", "files", "fix"),
    [
        ("vllm", ("model-q4.gguf",), "HF_LLAMACPP_LATEST"),
        ("toolkit", ("tf_model.h5", "flax_model.msgpack"), "another repository"),
        ("tgi", ("model.onnx",), "another repository"),
        ("llama-cpp", ("model.safetensors",), "another repository"),
    ],
)
def test_weights_that_the_engine_cannot_load_are_an_error(
    engine: str, files: tuple[str, ...], fix: str
) -> None:
    finding = the_one(a_deployment(a_model(files=(*files, "config.json")), engine))

    assert (finding.rule, finding.severity) == ("weights-format-not-served", Severity.ERROR)
    assert fix in finding.fix


@pytest.mark.parametrize(
    ("engine", "files"),
    [
        ("vllm", ("model.safetensors", "tf_model.h5")),
        ("toolkit", ("pytorch_model.bin",)),
        ("llama-cpp", ("model-q4.gguf",)),
        ("tei", ("onnx/model.onnx",)),
        ("vllm", ("config.json",)),
    ],
)
def test_one_format_that_the_engine_loads_is_enough(engine: str, files: tuple[str, ...]) -> None:
    model = a_model(
        files=files, task="feature-extraction" if engine == "tei" else "text-generation"
    )

    assert found(a_deployment(model, engine)) == []


@pytest.mark.parametrize("engine", ["tgi", "toolkit"])
def test_code_that_must_run_and_may_not_is_an_error(engine: str) -> None:
    model = a_model("MadeUpForCausalLM", "made_up", auto_map=True)

    finding = the_one(a_deployment(model, engine))

    assert (finding.rule, finding.severity) == ("remote-code-needed", Severity.ERROR)
    assert "trust_remote_code=True" in finding.fix
    assert "commit" in finding.fix


@pytest.mark.parametrize("engine", ["tgi", "toolkit"])
def test_code_that_may_run_has_no_finding(engine: str) -> None:
    model = a_model("MadeUpForCausalLM", "made_up", auto_map=True)

    assert found(a_deployment(model, engine, options=TRUSTING)) == []


@pytest.mark.parametrize(
    ("engine", "architecture", "kind"),
    [
        ("vllm", "DeepseekV3ForCausalLM", "deepseek_v3"),
        ("vllm", "MiniCPMForCausalLM", "minicpm_of_its_own"),
        ("toolkit", "Phi3ForCausalLM", "phi3"),
    ],
)
def test_code_that_the_image_has_itself_need_not_run(
    engine: str, architecture: str, kind: str
) -> None:
    assert found(a_deployment(a_model(architecture, kind, auto_map=True), engine)) == []


def test_an_image_before_the_model_was_known_needs_its_code() -> None:
    model = a_model("Phi3ForCausalLM", "phi3", auto_map=True)

    assert the_one(a_deployment(model, "toolkit", version="4.37.0")).rule == "remote-code-needed"


def test_a_tokenizer_with_code_is_a_warning() -> None:
    finding = the_one(a_deployment(a_model(remote_code=True), "vllm"))

    assert (finding.rule, finding.severity) == ("tokenizer-code-unused", Severity.WARNING)


def test_a_chat_engine_without_a_template_is_a_warning() -> None:
    finding = the_one(a_deployment(a_model(chat_template=False), "sglang"))

    assert (finding.rule, finding.severity) == ("chat-without-template", Severity.WARNING)


@pytest.mark.parametrize("engine", ["vllm", "lmi", "tgi"])
def test_an_engine_that_also_completes_tells_of_it(engine: str) -> None:
    finding = the_one(a_deployment(a_model(chat_template=False), engine))

    assert (finding.rule, finding.severity) == ("prompts-only", Severity.INFO)


def test_a_template_of_ones_own_settles_it() -> None:
    env = {"SM_SGLANG_CHAT_TEMPLATE": "chatml"}

    assert found(a_deployment(a_model(chat_template=False), "sglang", env=env)) == []


def test_every_version_of_the_images_has_its_list_of_kinds() -> None:
    """Between two listed releases the older one stands for the image."""
    images = {record.version for record in records() if record.family == "huggingface"}

    assert images <= {release.version for release in releases("transformers")}
    assert known_kinds("transformers", "4.28.1") < known_kinds("transformers", "4.51.3")


def test_what_a_release_took_away_is_not_known_any_more() -> None:
    dropped = next(release for release in releases("vllm") if release.removed)

    assert not known_kinds("vllm", dropped.version) & set(dropped.removed)


def test_before_the_oldest_release_nothing_is_known() -> None:
    assert known_kinds("vllm", "0.1") == frozenset()
