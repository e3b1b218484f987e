"""A person's way through the page, in a real browser, before an endpoint that speaks vLLM's API."""

from __future__ import annotations

import http.client
import json
import re
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from runtime.fake_aws import FakeAws, Fault, Reply
from runtime.recorded import STREAMS, TEXT
from web.conftest import Served
from web.steps import CHAT, Steps

HUNG_UP_WITHIN = 20.0


def message(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def say(page: Page, text: str) -> None:
    message(page).fill(text)
    message(page).press("Enter")


def answers(page: Page) -> Locator:
    return page.get_by_test_id("bot")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def hangs_up(aws: FakeAws, steps: Steps) -> bool:
    """Write on, and return whether the page's server hangs up instead of reading it all."""
    ends = time.monotonic() + HUNG_UP_WITHIN
    while not aws.hung_up.wait(0.1) and time.monotonic() < ends:
        steps.send(CHAT[2])
    steps.end()
    return aws.hung_up.is_set()


def streaming(text: str) -> Reply:
    chunk = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]}
    return Reply([f"data: {json.dumps(chunk)}\n\n".encode()], content_type="text/event-stream")


@pytest.fixture(autouse=True)
def _answering(aws: FakeAws) -> None:
    aws.stream(STREAMS["vLLM chat"])


def test_an_answer_appears_while_it_is_written_then_its_figures(page: Page, aws: FakeAws) -> None:
    steps = Steps()
    aws.answer = lambda _body: steps.reply()

    say(page, "What is it?")
    steps.send(*CHAT[:2])
    expect(answers(page)).to_have_text("Deep")
    expect(button(page, "Send")).to_be_hidden()
    steps.send(*CHAT[2:4])
    expect(answers(page)).to_have_text("Deep learning is")
    steps.send(*CHAT[4:])
    steps.end()

    expect(answers(page)).to_have_text(TEXT)
    expect(page.get_by_text(re.compile(r"^6 tokens, the first after \d"))).to_be_visible()
    expect(button(page, "Stop")).to_be_hidden()
    expect(message(page)).to_have_value("")


def test_the_endpoint_is_asked_with_the_blog_posts_parameters(page: Page, aws: FakeAws) -> None:
    say(page, "What is it?")
    expect(answers(page)).to_have_text(TEXT)

    assert aws.body == {
        "messages": [{"role": "user", "content": "What is it?"}],
        "max_tokens": 256,
        "temperature": 0.7,
        "top_p": 0.7,
        "top_k": 50,
        "repetition_penalty": 1.03,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_what_was_said_before_and_the_system_prompt_go_along(page: Page, aws: FakeAws) -> None:
    page.get_by_label("System prompt").fill("Be brief.")
    say(page, "One?")
    expect(answers(page)).to_have_count(1)
    expect(button(page, "Send")).to_be_visible()
    say(page, "Two?")
    expect(answers(page)).to_have_count(2)

    assert aws.asked[1].body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "One?"},
        {"role": "assistant", "content": TEXT},
        {"role": "user", "content": "Two?"},
    ]


def test_stop_ends_the_request_at_the_endpoint_and_keeps_what_came(
    page: Page, aws: FakeAws
) -> None:
    steps = Steps()
    aws.answer = lambda _body: steps.reply()

    say(page, "What is it?")
    steps.send(*CHAT[:3])
    expect(answers(page)).to_have_text("Deep learning")
    button(page, "Stop").click()
    expect(page.get_by_text(re.compile(r"^2 parts, .*; stopped$"))).to_be_visible()

    assert hangs_up(aws, steps)
    expect(answers(page)).to_have_text("Deep learning")
    expect(button(page, "Send")).to_be_visible()


def test_changed_parameters_reach_the_endpoint(page: Page, aws: FakeAws) -> None:
    page.get_by_label("number input for top_k").fill("7")
    page.get_by_label("number input for max_new_tokens").fill("1000")
    page.get_by_label("seed").fill("42")
    page.get_by_label("stop", exact=False).first.fill("END\\n")
    page.get_by_label("truncate").fill("100")
    say(page, "What is it?")
    expect(answers(page)).to_have_text(TEXT)

    wanted = {"top_k": 7, "max_tokens": 1000, "seed": 42, "stop": ["END\n"]}
    assert wanted.items() <= aws.body.items()
    assert aws.body["truncate_prompt_tokens"] == 100


def test_without_sampling_the_endpoint_is_told_no_parameters_of_it(
    page: Page, aws: FakeAws
) -> None:
    page.get_by_label("do_sample").uncheck()
    say(page, "What is it?")
    expect(answers(page)).to_have_text(TEXT)

    assert aws.body["temperature"] == 0
    assert not {"top_p", "top_k", "seed"} & aws.body.keys()


def test_an_error_is_told_and_the_conversation_goes_on(page: Page, aws: FakeAws) -> None:
    say(page, "One?")
    expect(answers(page)).to_have_text(TEXT)
    aws.answer = lambda _body: Fault(400, "ThrottlingException", "Rate <b>exceeded</b>")
    say(page, "Two?")

    expect(page.get_by_role("alert")).to_have_text(
        "Rate <b>exceeded</b>; try again later, or scale the endpoint"
    )
    expect(answers(page)).to_have_count(1)
    expect(message(page)).to_have_value("Two?")

    aws.stream(STREAMS["vLLM chat"])
    button(page, "Send").click()
    expect(answers(page)).to_have_count(2)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_stream_that_breaks_keeps_what_came_and_says_so(page: Page, aws: FakeAws) -> None:
    aws.stream(*CHAT[:3], cut=True)
    say(page, "What is it?")

    expect(page.get_by_role("alert")).to_contain_text("the answer broke off")
    expect(answers(page)).to_have_text("Deep learning")


def test_a_parameter_that_cant_be_right_is_told(page: Page, aws: FakeAws) -> None:
    page.get_by_label("seed").fill("many")
    say(page, "What is it?")

    expect(page.get_by_role("alert")).to_have_text(
        "seed must be a whole number of at least 0, got 'many'"
    )
    assert aws.asked == []


def test_clear_begins_anew_also_while_an_answer_is_written(page: Page, aws: FakeAws) -> None:
    say(page, "One?")
    expect(answers(page)).to_have_text(TEXT)
    expect(button(page, "Send")).to_be_visible()
    steps = Steps()
    aws.answer = lambda _body: steps.reply()
    say(page, "Two?")
    steps.send(*CHAT[:2])
    expect(answers(page)).to_have_count(2)

    page.get_by_text("Clear", exact=True).click()
    expect(answers(page)).to_have_count(0)
    assert hangs_up(aws, steps)
    aws.stream(STREAMS["vLLM chat"])
    say(page, "Three?")
    expect(answers(page)).to_have_text(TEXT)
    assert aws.asked[2].body["messages"] == [{"role": "user", "content": "Three?"}]


def test_another_try_and_taking_back_leave_the_last_turn_out(page: Page, aws: FakeAws) -> None:
    say(page, "One?")
    expect(answers(page)).to_have_text(TEXT)
    aws.answer = lambda _body: streaming("Otherwise.")
    button(page, "Retry").click()
    expect(answers(page)).to_have_text("Otherwise.")
    button(page, "Undo").click()
    expect(answers(page)).to_have_count(0)

    expect(message(page)).to_have_value("One?")
    assert [asked.body["messages"] for asked in aws.asked] == [
        [{"role": "user", "content": "One?"}]
    ] * 2


def test_loaded_again_the_page_is_new_and_what_it_asked_for_ends(page: Page, aws: FakeAws) -> None:
    steps = Steps()
    aws.answer = lambda _body: steps.reply()
    say(page, "One?")
    steps.send(*CHAT[:2])
    expect(answers(page)).to_have_text("Deep")

    page.reload()
    expect(answers(page)).to_have_count(0)
    aws.stream(STREAMS["vLLM chat"])
    say(page, "Two?")
    expect(answers(page)).to_have_text(TEXT)
    assert aws.asked[1].body["messages"] == [{"role": "user", "content": "Two?"}]

    assert hangs_up(aws, steps)


def test_what_a_model_writes_never_runs_and_loads_nothing(page: Page, aws: FakeAws) -> None:
    text = (
        "before <img src=x onerror=\"document.title='run'\"> "
        f'<script>document.title="run"</script> ![a]({aws.url}/picture.png) after'
    )
    aws.answer = lambda _body: streaming(text)
    say(page, text)

    expect(answers(page)).to_contain_text("after")
    assert page.title() == "chat"
    assert page.locator("[onerror]").count() == 0
    refused = page.evaluate("url => fetch(url).catch(error => error.name)", aws.url)
    assert refused == "TypeError"
    assert aws.fetched == []


def test_nothing_but_this_machine_is_asked(page: Page, served: Served) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    for tab in ("Generate", "Embeddings", "Rerank", "Chat"):
        open_tab(page, tab)
    say(page, "# A title\n\n```python\nprint(1)\n```\n\n$$x^2$$")
    expect(answers(page)).to_have_text(TEXT)

    assert asked
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}
    assert served.connected() <= {"127.0.0.1", "localhost"}


def test_a_page_elsewhere_whose_name_leads_here_is_refused(served: Served) -> None:
    address = urlsplit(served.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    connection.request("GET", "/", headers={"Host": "elsewhere.example"})

    assert connection.getresponse().status == 400
    connection.close()


def test_a_text_is_continued(page: Page, aws: FakeAws) -> None:
    aws.stream(STREAMS["vLLM completion"])
    open_tab(page, "Generate")
    page.get_by_label("Text to continue").fill("What is it? ")
    button(page, "Generate").click()

    expect(page.get_by_label("Continuation")).to_have_value(TEXT)
    assert (aws.body["prompt"], aws.body["max_tokens"]) == ("What is it? ", 256)


def test_embeddings_are_a_table_of_similarities(page: Page, aws: FakeAws) -> None:
    vectors = {"a cat": [1.0, 0.0], "<img src=x onerror=alert(1)> ${1+1}": [0.6, 0.8]}

    def answer(body: Any) -> Reply:
        rows = [{"index": i, "embedding": vectors[text]} for i, text in enumerate(body["input"])]
        return Reply([json.dumps({"object": "list", "data": rows}).encode()])

    aws.answer = answer
    open_tab(page, "Embeddings")
    page.get_by_label("Texts One a line").fill("\n".join(vectors) + "\n\n")
    button(page, "Compare").click()

    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_text(
        ["text12", "1 a cat1.000.60", "2 <img src=x onerror=alert(1)> ${1+1}0.601.00"]
    )
    expect(page.get_by_text("2 vectors of 2 numbers in")).to_be_visible()


def test_texts_are_ranked_the_best_one_first(page: Page, aws: FakeAws) -> None:
    rows = [{"index": 0, "relevance_score": 0.125}, {"index": 1, "relevance_score": 0.75}]
    aws.say({"id": "rerank-1", "results": rows})
    open_tab(page, "Rerank")
    page.get_by_label("Query").fill("where do cats sit")
    page.get_by_label("Texts to rank").fill("on chairs\non mats")
    button(page, "Rank").click()

    expect(page.get_by_role("table").get_by_role("row")).to_have_text(
        ["placescoretext", "10.75on mats", "20.125on chairs"]
    )
    assert aws.body == {"query": "where do cats sit", "documents": ["on chairs", "on mats"]}


def test_a_model_that_makes_no_embeddings_is_told_of(page: Page, aws: FakeAws) -> None:
    aws.say({"error": {"message": "The model does not support Embeddings API"}}, status=400)
    open_tab(page, "Embeddings")
    page.get_by_label("Texts One a line").fill("a cat")
    button(page, "Compare").click()

    expect(page.get_by_role("alert")).to_contain_text("does not support Embeddings API")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_in_its_width_light_and_dark(
    browser: Browser, served: Served, scheme: Any
) -> None:
    narrow = {"width": 375, "height": 720}
    with browser.new_context(color_scheme=scheme, viewport=narrow) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(served.url)
        say(page, "A long word: " + "a" * 200)
        expect(answers(page)).to_have_text(TEXT)

        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        box = message(page).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 720
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != (
            "rgb(255, 255, 255)"
        )
        assert dark == (scheme == "dark")
