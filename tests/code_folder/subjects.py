"""Code folders and subjects, made of as little as a test wants to say."""

from __future__ import annotations

import ast
from dataclasses import replace

from sagemaker_model.checks.code_subject import CodeSubject
from sagemaker_model.code_folder.handler_functions import imports_everything, read_functions
from sagemaker_model.code_folder.inference_code import InferenceCode
from sagemaker_model.code_folder.requirements import Requirements, read_requirement
from sagemaker_model.image.bound_image import BoundImage

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
HUGGING_FACE = BoundImage(
    uri=f"{REGISTRY}/huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04",
    pull=(),
    engine="huggingface",
    version="4.51.3",
)
PYTORCH = BoundImage(
    uri=f"{REGISTRY}/pytorch-inference:2.6.0-gpu-py312-cu124-ubuntu22.04-sagemaker",
    pull=(),
    engine="pytorch",
    version="2.6.0",
)
UNKNOWN = BoundImage(uri=f"{REGISTRY}/mine:1", pull=())
VLLM = BoundImage(uri=f"{REGISTRY}/vllm:0.11.0-gpu-py312", pull=(), engine="vllm")
PLAIN = "def predict_fn(data, model):\n    return model(data)\n"


def code(source: str = PLAIN, *requirements: str, options: tuple[str, ...] = ()) -> InferenceCode:
    module = ast.parse(source)
    return InferenceCode(
        folder="code",
        functions=read_functions(module),
        complete=not imports_everything(module),
        requirements=Requirements(tuple(map(read_requirement, requirements)), options),
    )


def subject(
    source: str = PLAIN,
    *requirements: str,
    image: BoundImage = HUGGING_FACE,
    options: tuple[str, ...] = (),
    isolated: bool = False,
    bundled: bool = False,
) -> CodeSubject:
    made = CodeSubject(code=code(source, *requirements, options=options), image=image)
    return replace(made, isolated=isolated, bundled=bundled)
