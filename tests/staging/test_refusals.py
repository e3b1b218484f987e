from pathlib import Path

import pytest
from aws_cdk import CfnParameter, Stack

from sagemaker_model import CustomInference, Weights
from staging.staged import COMMIT, MODEL, code_folder, custom, deploy


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model_id": None}, "neither model_id nor weights is given"),
        ({"model_id": ["a/b", "c/d"]}, "give a revision for each"),
        ({"model_id": ["a/b"], "revision": {"x/y": "main"}}, "revision names 'x/y'"),
        ({"code_folder": "/nowhere/at/all"}, "does not exist"),
        ({"hf_token": "hf_" + "b" * 34}, "must not be the token itself"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_can_not_be_right_is_refused_where_it_is_written(
    tmp_path: Path, arguments: dict[str, object], message: str
) -> None:
    given = {"code_folder": code_folder(tmp_path)}

    with pytest.raises(ValueError, match=message):
        CustomInference(
            **{  # type: ignore[arg-type]
                "model_id": MODEL,
                "revision": COMMIT,
                "instance_type": "ml.m5.xlarge",
                **given,
                **arguments,
            }
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": Weights.from_hub()}, "inference code lies beside weights in S3"),
        ({"model_id": "no such id!"}, "model_id must be 'org/name'"),
        ({"revision": "a b"}, "revision must be a commit"),
        ({"model_id": ["a/same", "b/same"], "revision": None}, "'same' is taken"),
    ],
    ids=["hub", "id", "revision", "folders"],
)
def test_what_can_not_be_staged_is_refused(
    stack: Stack, tmp_path: Path, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        deploy(stack, custom(tmp_path, **arguments))


def test_a_model_id_that_is_a_token_says_why_it_can_not_be(stack: Stack, tmp_path: Path) -> None:
    parameter = CfnParameter(stack, "Id", default="a/b").value_as_string

    with pytest.raises(ValueError, match="must be known when the app is synthesized"):
        deploy(stack, custom(tmp_path, model_id=parameter))
