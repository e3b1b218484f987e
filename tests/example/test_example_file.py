"""Examples are files that people write: what is wrong in one is told with its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sagemaker_model.example.example_file import find_examples, read_example, write_answer


def write(folder: Path, name: str = "texts", **fields: Any) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    return path


def test_an_example_has_the_name_of_its_file_and_sends_json(tmp_path: Path) -> None:
    example = read_example(write(tmp_path, payload={"inputs": "ein Äpfel"}, about="a text"))

    assert example.name == "texts"
    assert json.loads(example.body) == {"inputs": "ein Äpfel"}
    assert (example.content_type, example.accept) == ("application/json", "application/json")
    assert example.says_nothing


def test_text_is_sent_as_it_is(tmp_path: Path) -> None:
    example = read_example(write(tmp_path, payload="1,2\n", content_type="text/csv"))

    assert (example.body, example.content_type) == (b"1,2\n", "text/csv")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("cat.png", "image/png"), ("data", "application/octet-stream")],
)
def test_a_file_is_sent_as_what_its_name_tells(
    name: str, content_type: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG")

    example = read_example(write(tmp_path, payload_file=name))

    assert (example.body, example.content_type) == (b"\x89PNG", content_type)


def test_the_files_of_a_folder_are_its_examples_by_name(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write(tmp_path, name, payload="")
    (tmp_path / "cat.png").touch()

    assert [path.stem for path in find_examples(tmp_path)] == ["a", "b"]
    assert find_examples(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"payload": 1, "anwser": 1}, "an example has no 'anwser'; did you mean 'answer'?"),
        ({"answer": 1}, "an example must have what is sent: either payload or payload_file"),
        ({"payload": 1, "payload_file": "a"}, "either payload or payload_file"),
        ({"payload": 1, "status": "400"}, 'status must be a whole number, got "400"'),
        ({"payload": 1, "status": True}, "status must be a whole number, got true"),
        ({"payload": 1, "tolerance": "1"}, 'tolerance must be a number, got "1"'),
        ({"payload": 1, "expect": 1}, "expect must be a text, got 1"),
        ({"payload": 1, "tolerance": -1}, "tolerance must be 0 or above, got -1"),
        ({"payload": 1, "status": 200}, "status must be that of an error, 400 to 599, got 200"),
        ({"payload": 1, "status": 400, "answer": 1}, "give expect instead of answer"),
        ({"payload": 1, "part": "["}, "part must be a JMESPath expression, got '['"),
        ({"payload": 1, "expect_json": "a ="}, "expect_json must be a JMESPath expression"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_mistake_is_told_with_the_file(fields: dict[str, Any], told: str, tmp_path: Path) -> None:
    path = write(tmp_path, **fields)

    with pytest.raises(ValueError, match=r"\S") as caught:
        read_example(path)

    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_a_file_that_is_no_object_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)

    with pytest.raises(ValueError, match=r"bad\.json: "):
        read_example(path)


def test_another_answer_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, about="é", payload={"inputs": "a"}, answer=1, tolerance=0.5)

    write_answer(path, [[0.5, 1], [2, 3]])

    assert path.read_text(encoding="utf-8") == (
        '{\n  "about": "é",\n  "payload": {"inputs": "a"},\n'
        '  "answer": [[0.5, 1], [2, 3]],\n  "tolerance": 0.5\n}\n'
    )
    assert read_example(path).answer == [[0.5, 1], [2, 3]]
