"""Which files of a repository are staged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from model_builder.model import RemoteFile
from model_builder.selection import is_weights, select


def files(*paths: str) -> list[RemoteFile]:
    return [RemoteFile(path, 1, None, "0" * 40) for path in paths]


def paths(*offered: str, allow: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[str]:
    return [file.path for file in select(files(*offered), allow, ignore)]


def test_safetensors_come_before_pickle() -> None:
    offered = (
        "config.json",
        "model.safetensors",
        "pytorch_model.bin",
        "pytorch_model.bin.index.json",
    )

    assert paths(*offered) == ["config.json", "model.safetensors"]


def test_pickle_is_taken_where_there_is_nothing_else() -> None:
    assert paths("pytorch_model.bin", "tf_model.h5") == ["pytorch_model.bin"]


def test_each_part_of_a_pipeline_decides_for_itself() -> None:
    offered = ("2_Dense/pytorch_model.bin", "model.safetensors", "pytorch_model.bin")

    assert paths(*offered) == ["2_Dense/pytorch_model.bin", "model.safetensors"]


def test_the_same_weights_for_others_are_left_out() -> None:
    twins = (
        "onnx/model.onnx",
        "openvino/openvino_model.bin",
        "original/consolidated.00.pth",
        "consolidated.safetensors",
        "a.gguf",
        "flax_model.msgpack",
        "rust_model.ot",
        "training_args.bin",
        ".gitattributes",
        ".git/config",
        ".cache/huggingface/x",
    )

    assert paths("model.safetensors", *twins) == ["model.safetensors"]


def test_consolidated_weights_are_taken_where_they_are_alone() -> None:
    assert paths("consolidated.safetensors", "params.json") == [
        "consolidated.safetensors",
        "params.json",
    ]


def test_patterns_that_allow_take_any_format() -> None:
    assert paths("model.gguf", "README.md", allow=("*.gguf",)) == ["model.gguf"]


def test_patterns_that_ignore_win() -> None:
    offered = ("a/x.json", "a/y.json", "b.json")

    assert paths(*offered, allow=("*.json",), ignore=("a/",)) == ["b.json"]


NAMES = st.sampled_from(
    ["model.safetensors", "pytorch_model.bin", "model.pt", "x.onnx", "config.json", "weights.ckpt"]
)
TREES = st.lists(
    st.builds(lambda folder, name: folder + name, st.sampled_from(["", "a/", "a/b/"]), NAMES),
    unique=True,
)


@given(TREES)
def test_no_folder_has_weights_in_two_formats(offered: list[str]) -> None:
    chosen = [path for path in paths(*offered) if is_weights(path)]

    safe = {path.rpartition("/")[0] for path in chosen if path.endswith(".safetensors")}
    pickled = {path.rpartition("/")[0] for path in chosen if not path.endswith(".safetensors")}
    assert not safe & pickled


@given(TREES)
def test_order_of_the_listing_does_not_matter(offered: list[str]) -> None:
    assert paths(*offered) == paths(*reversed(offered)) == sorted(paths(*offered))
