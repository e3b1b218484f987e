"""The environment as settings."""

from __future__ import annotations

import pytest

from model_builder.errors import SettingsError
from model_builder.model import MIB, Model
from model_builder.settings import HUB, Settings
from model_builder.stored_source import Kind, StoredSource

LEAST = {"MODEL_ID": "org/name", "DESTINATION": "s3://bucket/a/b/"}


def test_two_variables_are_enough() -> None:
    settings = Settings.from_environment(LEAST)

    assert settings.models == (Model("org/name", "main"),)
    assert (settings.bucket, settings.prefix) == ("bucket", "a/b/")
    assert (settings.hub, settings.archive, settings.token) == (HUB, False, None)
    assert settings.memory == 256 * MIB


def test_models_come_with_and_without_revision() -> None:
    settings = Settings.from_environment({**LEAST, "MODEL_ID": "a/b@v1.0, c/d ,gpt2"})

    assert settings.models == (Model("a/b", "v1.0"), Model("c/d"), Model("gpt2"))


def test_a_prefix_without_its_last_slash_is_the_same_prefix() -> None:
    settings = Settings.from_environment({**LEAST, "DESTINATION": "s3://bucket/a/b"})

    assert settings.prefix == "a/b/"


WRONG = {
    "MODEL_ID": [
        "a/b/c",
        "../x",
        "a/..",
        "a b",
        "a/b@",
        "a/b@../x",
        ",",
        "x/same,y/same",
        "a/b,c/code",
    ],
    "DESTINATION": [
        "bucket/a",
        "s3://bucket",
        "s3://bucket/",
        "https://b/a",
        "s3://b/a//c",
        "s3://b1b/../a",
    ],
    "CODE_FOLDER": ["/not/there"],
    "MODEL_FOLDER": ["/not/there"],
    "SOURCE": [
        "bucket/a/",
        "s3://bucket",
        "s3://bucket/",
        "s3:///a/",
        "s3://b/a.zip",
        "http://b/a/",
    ],
    "SOURCE_SHA256": ["abc", "g" * 64],
    "BUNDLE_PYTHON": ["3", "3.12.1", "python3.12"],
    "BUNDLE_ARCHITECTURE": ["arm"],
    "ARCHIVE": ["yes", "true", "2"],
    "OBJECT_TAGS": ["no"],
    "HF_ENDPOINT": ["hub.example.com", "ftp://hub", "https://user:secret@hub.example.com"],
    "CONNECTIONS": ["0", "65", "many"],
    "MEMORY_MIB": ["1", "x"],
    "STALL_SECONDS": ["0", "-1"],
    "ATTEMPTS": ["0", "21"],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in WRONG.items() for v in vs])
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({**LEAST, name: value})

    assert str(error.value).startswith(f"{name} is")


def test_all_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(SettingsError, match=r"DESTINATION is missing.*MODEL_ID is missing"):
        Settings.from_environment({})


def test_a_token_is_not_printed() -> None:
    assert "hf_secret" not in repr(Settings.from_environment({**LEAST, "HF_TOKEN": "hf_secret"}))


TOGETHER = {
    "MODEL_ID and SOURCE are set": {"SOURCE": "s3://b/a/"},
    "BUNDLE_PYTHON is set: set CODE_FOLDER": {"BUNDLE_PYTHON": "3.12"},
    "SOURCE is an archive.*ARCHIVE=1": {"MODEL_ID": "", "SOURCE": "s3://b/a.tar.gz"},
    "SOURCE_SHA256 is set.*manifest": {
        "MODEL_ID": "",
        "SOURCE": "s3://b/a/",
        "SOURCE_SHA256": "a" * 64,
    },
    "DESTINATION lies in SOURCE": {"MODEL_ID": "", "SOURCE": "s3://bucket/a/"},
}


@pytest.mark.parametrize(("message", "given"), TOGETHER.items())
def test_what_does_not_go_together_is_told(message: str, given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.from_environment({**LEAST, **given})


def test_weights_come_from_one_place() -> None:
    given = {"MODEL_ID": "", "SOURCE": "s3://other/x.manifest.json", "SOURCE_SHA256": "a" * 64}

    source = Settings.from_environment({**LEAST, **given}).source

    assert source is not None
    assert source == StoredSource("other", "x.manifest.json", Kind.MANIFEST, "a" * 64)
    assert source.prefix == "x/"
