"""Ten mistakes, one for each usual cause of a failed deployment, told before anything is deployed.

In an empty folder: a lock file is asked for from a Hub, and the app is checked with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hub.hubs import TOKEN, put_model
from sagemaker_model.cli.main import app as command
from sagemaker_model.local.hub.control import Control
from sagemaker_model.local.hub.server import Hub

ROOT = Path(__file__).parents[2]
LLAMA = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 4096,
    "vocab_size": 128_256,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "max_position_embeddings": 131_072,
    "torch_dtype": "bfloat16",
}
FALCON = {
    **LLAMA,
    "architectures": ["FalconForCausalLM"],
    "model_type": "falcon",
    "hidden_size": 4544,
    "num_attention_heads": 71,
    "num_key_value_heads": 1,
    "max_position_embeddings": 2048,
}
OWN_CODE = {
    **LLAMA,
    "architectures": ["MadeUpForCausalLM"],
    "model_type": "made_up",
    "auto_map": {"AutoModelForCausalLM": "modeling_made_up.MadeUpForCausalLM"},
}
MODELS = {"org/llama": LLAMA, "org/falcon": FALCON, "org/own-code": OWN_CODE, "org/gated": LLAMA}
CARD = "---\nlicense: apache-2.0\npipeline_tag: text-generation\n---\n"

APP = """\
from aws_cdk import App, Environment, Stack
from sagemaker_model import (
    Container, ContainerImages, CustomInference, InferenceAmi, RealTime, SageMakerModel, Weights,
)

app = App()


def serve(name, model, **options):
    stack = Stack(app, name, env=Environment(region="us-east-1"))
    SageMakerModel(stack, "Model", model=model, **options)


def container(model_id="org/llama", instance_type="ml.g5.12xlarge", **options):
    return Container(model_id=model_id, instance_type=instance_type, **options)


TGI = ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST
STAGED = Weights.staged()
serve("Ping", container(), network_isolation=True)
serve("Disk", container(), hosting=RealTime(volume_size_gib=5))
newest_host = RealTime(inference_ami_version=InferenceAmi.GPU_4_1)
serve("Driver", container(container=TGI), hosting=newest_host)
serve("Gated", container("org/gated"))
elsewhere = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/server:1.0.0"
serve("Image", container(container=elsewhere), hosting=RealTime(inference_ami_version=None))
code = CustomInference(model_id="org/llama", instance_type="ml.g5.2xlarge", code_folder="code")
serve("Code", code)
serve("Shards", container("org/falcon"))
serve("OwnCode", container("org/own-code"))
serve("Context", container(instance_type="ml.g5.2xlarge"))
serve("Twice", container(weights=STAGED, env={"HF_MODEL_ID": "org/falcon"}))
app.synth()
"""
PLANTED = {
    "Ping": "hub-without-network",
    "Disk": "volume-size-on-local-nvme",
    "Driver": "inference-ami-cuda",
    "Gated": "gated-without-token",
    "Image": "image-in-other-region",
    "Code": "code-arity",
    "Shards": "heads-not-divisible",
    "OwnCode": "remote-code-needed",
    "Context": "context-too-long",
    "Twice": "environment-model-twice",
}


@pytest.fixture
def folder(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the app, and let the Hub have its models."""
    hub.control = Control(gated={"org/gated": TOKEN})
    for model_id, config in MODELS.items():
        files = {"config.json": json.dumps(config).encode(), "README.md": CARD.encode()}
        put_model(hub, {**files, "model.safetensors": eight_billion()}, model_id)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    folder = tmp_path / "app"
    (folder / "code").mkdir(parents=True)
    (folder / "code/inference.py").write_text("def predict_fn(data): ...\n")
    (folder / "app.py").write_text(APP)
    context = {"sagemaker-model:lock": "models.lock.json"}
    (folder / "cdk.json").write_text(json.dumps({"app": "python app.py", "context": context}))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    monkeypatch.chdir(folder)
    return folder


def eight_billion() -> bytes:
    """Return a file of weights that tells of eight billion numbers, and holds none of them."""
    tensor = {"dtype": "BF16", "shape": [8_030_261_248], "data_offsets": [0, 0]}
    head = json.dumps({"weight": tensor}).encode()
    return len(head).to_bytes(8, "little") + head


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def found() -> dict[str, dict[str, Any]]:
    """Return the findings of the app by stack and rule."""
    result = run("check", "--json")
    assert result.exit_code == 1, result.stderr
    told: dict[str, dict[str, Any]] = {name: {} for name in PLANTED}
    for each in json.loads(result.stdout)["findings"]:
        told[each["construct"].partition("/")[0]][each["id"].partition(":")[2]] = each
    return told


def test_lock_and_check_tell_of_ten_planted_mistakes_with_path_line_and_fix(folder: Path) -> None:
    locked = run("lock", *MODELS)
    assert locked.exit_code == 0, locked.stderr

    told = found()

    assert {name: rule for name, rule in PLANTED.items() if rule not in told[name]} == {}
    for name, rule in PLANTED.items():
        finding = told[name][rule]
        assert finding["path"]
        assert finding["what"]
        assert finding["fix"]
        assert (Path(finding["file"]).name, finding["line"] > 0) == ("app.py", True)
    assert (folder / "models.lock.json").is_file()
