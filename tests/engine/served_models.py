"""Models that engines are told of."""

from __future__ import annotations

from sagemaker_model.engine.engine import ServedModel

MODEL = "Qwen/Qwen2.5-7B-Instruct"
COMMIT = "a09a35458c702b33eeacc393d103063234e8bc28"
HUB = ServedModel(model_id=MODEL, revision=COMMIT, gpus=4)
