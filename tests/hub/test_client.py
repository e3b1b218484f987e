"""The Hub's client, against a Hub that answers for real."""

from __future__ import annotations

import json
import logging
import re
import socket

import pytest

from hub.conftest import MakeClient
from hub.hubs import CONFIG, MODEL, TOKEN, put_model, safetensors, sha256
from sagemaker_model.hub import errors
from sagemaker_model.local.hub.server import Hub
from sagemaker_model.model_lock.lock import ModelLock
from sagemaker_model.model_lock.lock_file import parse_lock, write_lock
from sagemaker_model.model_lock.model_config import read_config
from sagemaker_model.weights.hub_model import HubModel

TINY = HubModel(MODEL)


def test_a_model_is_described_at_its_commit(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub)

    locked = make_client().lock(TINY)

    weights = hub.repositories.root / MODEL / "model.safetensors"
    assert locked.commit == hub.repositories.commit(MODEL)
    assert locked.licence == "apache-2.0"
    assert locked.pipeline_tag == "feature-extraction"
    assert locked.tags == ("bert",)
    assert not locked.gated
    assert locked.config == read_config(CONFIG)
    assert locked.parameters == {"BF16": 4, "F32": 7}
    assert locked.chat_template
    assert locked.tokenizer_max_length == 512
    assert [file.path for file in locked.files] == [
        "README.md",
        "config.json",
        "model.safetensors",
        "tokenizer_config.json",
    ]
    assert locked.files[2].sha256 == sha256(weights)
    assert locked.files[2].size == weights.stat().st_size
    assert locked.files[1].sha256 is None
    assert locked.files[1].blob_id


def test_what_is_described_can_be_written_and_read(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub)

    lock = ModelLock(models={MODEL: make_client().lock(TINY)})

    assert parse_lock(write_lock(lock)) == lock


def test_a_revision_is_asked_for(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub)
    first = hub.repositories.keep(MODEL)
    put_model(hub, {"config.json": b'{"num_hidden_layers": 9}'})

    old, new = make_client().lock(HubModel(MODEL, first)), make_client().lock(TINY)

    assert (old.commit, old.revision) == (first, first)
    assert old.config.num_hidden_layers == 2
    assert new.commit != first
    assert new.config.num_hidden_layers == 9


def test_the_hubs_own_count_of_parameters_saves_reading_the_files(
    hub: Hub, make_client: MakeClient
) -> None:
    put_model(hub)
    hub.control.info = {MODEL: {"safetensors": {"parameters": {"BF16": 5}, "total": 5}}}

    assert make_client().lock(TINY).parameters == {"BF16": 5}
    assert not [request for request in hub.requests if "model.safetensors" in request]


def test_a_long_head_of_a_file_is_read_to_its_end(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub, {"model.safetensors": safetensors(padding=300_000)})

    assert make_client().lock(TINY).parameters == {"BF16": 4, "F32": 7}


@pytest.mark.parametrize(
    "content",
    [b"", b"short", b"\xff" * 200, safetensors()[:50], b"\2\0\0\0\0\0\0\0[]"],
    ids=["empty", "short", "too long", "cut", "a list"],
)
def test_a_file_that_is_no_safetensors_has_no_count(
    hub: Hub, make_client: MakeClient, content: bytes
) -> None:
    put_model(hub, {"model.safetensors": content})

    assert make_client().lock(TINY).parameters == {}


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ({"license": "llama3.1"}, "llama3.1"),
        ({"license": "other", "license_name": "deepseek"}, "deepseek"),
        ({"license": "other"}, "other"),
        ({"license": ["mit", "apache-2.0"]}, "mit, apache-2.0"),
        ({}, "from-a-tag"),
        (None, "from-a-tag"),
    ],
    ids=["id", "named", "other", "several", "tag", "no card"],
)
def test_the_licence_is_that_of_the_card_or_of_a_tag(
    hub: Hub, make_client: MakeClient, card: object, licence: str
) -> None:
    put_model(hub)
    hub.control.info = {MODEL: {"cardData": card, "tags": ["license:from-a-tag"]}}

    assert make_client().lock(TINY).licence == licence


def test_a_gated_model_is_described_with_a_token_that_may(
    hub: Hub, make_client: MakeClient
) -> None:
    put_model(hub)
    hub.control.gated = {MODEL: TOKEN}

    locked = make_client(token=TOKEN).lock(TINY)

    assert locked.gated
    # Where file contents are, a token is refused.
    assert locked.parameters == {"BF16": 4, "F32": 7}


STATUSES = {
    "401 with a token": (TOKEN, 401, errors.UnauthorizedError, "refuses the token"),
    "401 without": (None, 401, errors.UnauthorizedError, "or it is private.*set HF_TOKEN"),
    "403": (TOKEN, 403, errors.ForbiddenError, "may not read org/tiny"),
    "404": (TOKEN, 404, errors.ModelNotFoundError, "there is no model 'org/tiny'"),
    "418": (None, 418, errors.NotAHubError, "answers HTTP 418"),
    "429": (None, 429, errors.RateLimitedError, "try again later; with HF_TOKEN"),
    "500": (None, 500, errors.ServerError, "HTTP 500"),
    "503": (None, 503, errors.ServerError, "HTTP 503"),
}


@pytest.mark.parametrize(("token", "status", "kind", "told"), STATUSES.values(), ids=STATUSES)
def test_each_status_is_an_outcome_of_its_own(  # noqa: PLR0917 - fixtures
    hub: Hub,
    make_client: MakeClient,
    token: str | None,
    status: int,
    kind: type[errors.HubError],
    told: str,
) -> None:
    put_model(hub)
    hub.control.faults = [{"match": "/api/", "status": status}]

    with pytest.raises(kind, match=told):
        make_client(token=token).lock(TINY)


def test_a_missing_model_is_told_with_and_without_a_token(make_client: MakeClient) -> None:
    with pytest.raises(errors.ModelNotFoundError, match="no model 'org/tiny'"):
        make_client(token=TOKEN).lock(TINY)
    with pytest.raises(errors.UnauthorizedError, match=r"no model 'org/tiny'.*or it is private"):
        make_client().lock(TINY)


def test_a_missing_revision_is_not_a_missing_model(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub)

    with pytest.raises(errors.RevisionNotFoundError, match=r"has no revision 'v9'.*/commits"):
        make_client().lock(HubModel(MODEL, "v9"))


@pytest.mark.parametrize("token", [None, "hf_other"], ids=["without a token", "not let in"])
def test_a_gated_model_names_the_page_of_its_licence(
    hub: Hub, make_client: MakeClient, token: str | None
) -> None:
    put_model(hub)
    hub.control.gated = {MODEL: TOKEN}

    with pytest.raises(errors.GatedError, match=f"accept its licence at {hub.url}/{MODEL}"):
        make_client(token=token).lock(TINY)


def test_a_hub_that_is_asked_too_often_is_given_the_time_that_it_asks_for(
    hub: Hub, make_client: MakeClient, pauses: list[float]
) -> None:
    put_model(hub)
    hub.control.faults = [
        {"match": "/api/", "times": 2, "status": 429, "headers": {"Retry-After": "7"}}
    ]

    assert make_client().lock(TINY).commit
    assert pauses == [7, 7]


def test_a_hub_that_asks_for_an_hour_is_not_waited_for(
    hub: Hub, make_client: MakeClient, pauses: list[float]
) -> None:
    put_model(hub)
    hub.control.faults = [{"match": "/api/", "status": 429, "headers": {"Retry-After": "3600"}}]

    with pytest.raises(errors.RateLimitedError, match="try again in 3600 s"):
        make_client().lock(TINY)
    assert pauses == []
    assert len(hub.requests) == 1


@pytest.mark.parametrize("part", ["/api/models/org/tiny$", "/tree/", "resolve"])
def test_a_hub_that_stays_ill_is_asked_as_often_as_the_budget_says(
    hub: Hub, make_client: MakeClient, pauses: list[float], part: str
) -> None:
    put_model(hub)
    hub.control.faults = [{"match": part, "status": 503}]

    with pytest.raises(errors.ServerError):
        make_client().lock(TINY)
    assert pauses == [0.5, 1]
    assert len([request for request in hub.requests if re.search(part, request)]) == 3


def test_a_reset_connection_is_got_over(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub)
    hub.control.faults = [{"match": "/api/", "times": 2, "reset": True}]

    assert make_client().lock(TINY).commit


def test_a_hub_that_says_nothing_times_out(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub)
    hub.control.faults = [{"match": "/api/", "stall": True}]

    with pytest.raises(errors.TimedOutError, match=r"did not answer within 0\.2 s"):
        make_client(timeout=0.2).lock(TINY)


def test_a_hub_that_is_not_there_is_no_network(make_client: MakeClient) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # it does not listen
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(errors.NoNetworkError, match="can't be reached"):
            make_client(endpoint=closed).lock(TINY)


def test_offline_asks_nothing(hub: Hub, make_client: MakeClient) -> None:
    put_model(hub)

    with pytest.raises(errors.OfflineError, match="is not locked yet"):
        make_client(offline=True).lock(TINY)
    assert hub.requests == []


JUNK: list[object] = [None, True, -1, 1.5, "text", [], {}, [None], [{}], {"a": None}]
FIELDS = ["sha", "tags", "cardData", "gated", "safetensors", "pipeline_tag", "library_name"]


@pytest.mark.parametrize("field", FIELDS)
def test_an_answer_of_any_form_is_taken_or_told(
    hub: Hub, make_client: MakeClient, field: str
) -> None:
    put_model(hub)
    client = make_client()

    for junk in JUNK:
        hub.control.info = {MODEL: {field: junk}}
        try:
            lock = ModelLock(models={MODEL: client.lock(TINY)})
        except errors.NotAHubError as error:
            assert "does not answer as a Hub does" in str(error)  # noqa: PT017
        else:
            assert parse_lock(write_lock(lock)) == lock


@pytest.mark.parametrize(
    "entry",
    [{}, {"type": "file"}, {"type": "file", "size": "big"}, {"type": "file", "size": 1, "oid": 7}],
    ids=["nothing", "no size", "a size of text", "a digest of digits"],
)
def test_a_listing_of_any_form_is_told(
    hub: Hub, make_client: MakeClient, entry: dict[str, object]
) -> None:
    put_model(hub)
    hub.control.extra = {MODEL: [{"path": "x", **entry}]}

    with pytest.raises(errors.NotAHubError, match="does not answer as a Hub does"):
        make_client().lock(TINY)


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[[", b"7", b"\xff", b"[" * 100_000],
    ids=["empty", "cut", "cut list", "number", "bytes", "deep"],
)
def test_a_broken_file_of_a_model_says_nothing(
    hub: Hub, make_client: MakeClient, name: str, content: bytes
) -> None:
    put_model(hub, {name: content})

    locked = make_client().lock(TINY)

    assert locked.config.num_hidden_layers is None or name != "config.json"


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 418])
def test_the_token_stands_in_no_message_and_no_log(
    hub: Hub, make_client: MakeClient, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    put_model(hub)
    hub.control.faults = [{"match": "resolve", "status": status}]

    with pytest.raises(errors.HubError) as raised:
        make_client(token=TOKEN).lock(TINY)

    causes = json.dumps([repr(raised.value), repr(raised.value.__cause__)])
    assert TOKEN not in str(raised.value) + causes + caplog.text


def test_every_outcome_has_an_exit_code_of_its_own() -> None:
    kinds = errors.HubError.__subclasses__()
    codes = {kind.exit_code for kind in kinds}

    assert len(codes) == len(kinds)
    assert not codes & {0, 1, 2}
