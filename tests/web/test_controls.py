"""What a page offers follows from what its engine takes."""

from __future__ import annotations

import pytest

from sagemaker_model.runtime import OPEN_ASSISTANT
from sagemaker_model.runtime.parameters import GENERATION, checked
from sagemaker_model.runtime.protocol.protocols import PROTOCOLS
from sagemaker_model.web.controls import CONTROLS, chosen, controls_for
from sagemaker_model.web.task import Task, offered, try_request

SIX = ["max_new_tokens", "do_sample", "temperature", "top_p", "top_k", "repetition_penalty"]
# Of the blog post's payload; its stop text is the prompt format's.
BLOG = {
    "do_sample": True,
    "top_p": 0.7,
    "temperature": 0.7,
    "top_k": 50,
    "max_new_tokens": 256,
    "repetition_penalty": 1.03,
    "stop": ["<|endoftext|>"],
}


@pytest.mark.parametrize(
    ("engine", "tasks"),
    [
        ("vllm", ["chat", "generate", "embed", "rerank"]),
        ("sglang", ["chat"]),
        ("tgi", ["chat", "generate"]),
        ("lmi", ["chat", "generate", "embed"]),
        ("tei", ["embed", "rerank"]),
        ("toolkit", ["chat", "generate", "embed", "rerank"]),
    ],
)
def test_there_is_a_page_for_each_thing_that_an_engine_does(engine: str, tasks: list[str]) -> None:
    assert offered(PROTOCOLS[engine], None) == tasks


def test_pages_that_are_wanted_are_the_only_ones_each_once() -> None:
    wanted = [Task.RERANK, Task.EMBED, Task.RERANK]

    assert offered(PROTOCOLS["vllm"], None, wanted) == [Task.RERANK, Task.EMBED]


def test_a_page_of_what_the_engine_does_not_do_is_refused() -> None:
    with pytest.raises(ValueError, match=r"TEI answers no chats at /invocations; ask for what"):
        offered(PROTOCOLS["tei"], None, [Task.CHAT])


def test_a_prompt_format_needs_an_engine_that_continues_texts() -> None:
    assert offered(PROTOCOLS["lmi"], OPEN_ASSISTANT)[0] is Task.CHAT
    with pytest.raises(ValueError, match="SGLang continues no text"):
        offered(PROTOCOLS["sglang"], OPEN_ASSISTANT, [Task.CHAT])


@pytest.mark.parametrize(
    ("engine", "task", "names"),
    [
        ("tgi", Task.GENERATE, [*SIX, "stop", "seed", "typical_p", "truncate", "watermark"]),
        ("tgi", Task.CHAT, [*SIX[:4], "stop", "seed"]),
        ("vllm", Task.CHAT, [*SIX, "stop", "seed", "truncate"]),
        ("sglang", Task.CHAT, [*SIX, "stop", "seed"]),
        ("toolkit", Task.CHAT, [*SIX, "stop", "typical_p"]),
        ("llama-cpp", Task.CHAT, [*SIX, "stop", "seed", "typical_p"]),
    ],
)
def test_a_parameter_that_the_engine_lacks_has_no_control(
    engine: str, task: Task, names: list[str]
) -> None:
    assert [each.name for each in controls_for(task, PROTOCOLS[engine], None)] == names


def test_every_control_is_a_parameter() -> None:
    assert {each.name for each in CONTROLS} < GENERATION.keys()


def test_untouched_controls_ask_with_the_blog_posts_parameters() -> None:
    controls = controls_for(Task.CHAT, PROTOCOLS["tgi"], OPEN_ASSISTANT)

    assert chosen(controls, [each.default for each in controls]) == BLOG


@pytest.mark.parametrize("engine", PROTOCOLS)
@pytest.mark.parametrize("prompt_format", [None, OPEN_ASSISTANT], ids=["template", "format"])
def test_untouched_controls_suit_the_engine(engine: str, prompt_format: object) -> None:
    assert prompt_format in (None, OPEN_ASSISTANT)
    written = OPEN_ASSISTANT if prompt_format else None
    for task in {Task.CHAT, Task.GENERATE} & {*offered(PROTOCOLS[engine], written)}:
        controls = controls_for(task, PROTOCOLS[engine], written)
        given = chosen(controls, [each.default for each in controls])

        try_request(task, PROTOCOLS[engine], written, checked(given, GENERATION))


def test_without_sampling_only_that_is_said_of_it() -> None:
    controls = controls_for(Task.GENERATE, PROTOCOLS["tgi"], None)
    given = {each.name: each.default for each in controls} | {"do_sample": False, "seed": "7"}

    assert chosen(controls, [*given.values()]) == {
        "do_sample": False,
        "max_new_tokens": 256,
        "repetition_penalty": 1.03,
    }


@pytest.mark.parametrize(
    ("name", "given", "sent"),
    [
        ("top_k", 7.0, 7),
        ("temperature", 1, 1.0),
        ("seed", " 42 ", 42),
        ("seed", "", None),
        ("seed", "many", "many"),
        ("typical_p", "0.5", 0.5),
        ("stop", "a\n\n b\\n", ["a", " b\n"]),
        ("stop", "", None),
        ("watermark", False, None),
        ("watermark", True, True),
    ],
)
def test_what_a_browser_gives_becomes_what_a_request_has(
    name: str, given: object, sent: object
) -> None:
    (control,) = [each for each in CONTROLS if each.name == name]

    read = control.read(given)

    assert read == sent
    assert type(read) is type(sent)
