"""The documentation: snippets run, links lead somewhere, and public names have pages."""

import inspect
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

import sagemaker_model
from sagemaker_model import Container, ContainerImages, SageMakerModel
from sagemaker_model.checks.registry import rules
from sagemaker_model.context import KEYS

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "examples/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
# Its snippets ask an endpoint: tests/runtime/ brings one.
ASKING = ROOT / "docs/client.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
CDK_OWN = {"scope", "id", "args", "kwargs"}
MAKE_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


def snippets(language: str, pages: Sequence[Path] = PAGES) -> list[object]:
    return [
        pytest.param(match[2], id=f"{page.stem}-{index}")
        for page in pages
        for index, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")))
        if match[1] == language
    ]


def what_a_reader_has() -> dict[str, object]:
    """Return the names that a snippet may use without saying where they are from."""
    stack = Stack(App(), "Docs")
    model = SageMakerModel(
        stack, "Model", model=Container(model_id="org/name", instance_type="ml.g5.2xlarge")
    )
    public = {name: getattr(sagemaker_model, name) for name in sagemaker_model.__all__}
    return {**public, "stack": stack, "model": model}


@pytest.mark.parametrize("code", snippets("python", PAGES[:1]))
def test_the_readmes_snippets_are_whole(code: str) -> None:
    exec(compile(code, "<snippet>", "exec"), {"__name__": "snippet"})


@pytest.mark.parametrize("code", snippets("python", [p for p in PAGES if p != ASKING]))
def test_every_python_snippet_runs_and_its_apps_synthesize(code: str) -> None:
    namespace = {"__name__": "snippet", **what_a_reader_has()}

    exec(compile(code, "<snippet>", "exec"), namespace)

    for value in list(namespace.values()):
        if isinstance(value, Stack):
            Template.from_stack(value)


@pytest.mark.parametrize("text", snippets("json"))
def test_every_json_snippet_is_json(text: str) -> None:
    assert json.loads(text)


@pytest.mark.parametrize("text", [*snippets("sh"), *snippets("bash")])
def test_every_shell_snippet_is_shell(text: str) -> None:
    parsed = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)

    assert parsed.stderr == ""


def test_every_make_target_that_is_named_exists() -> None:
    targets = MAKE_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    named = set(re.findall(r"(?:`|^)make ([a-z]+)", pages, re.MULTILINE))

    assert {"run", "test"} <= named <= set(targets)


def test_every_context_key_that_is_named_is_read() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    named = set(re.findall(r"-c (\w+)=", pages))

    assert {"model_id", "vpc_id"} <= named <= {*KEYS, "account", "region"}


def test_every_context_key_has_its_line() -> None:
    page = (ROOT / "docs/app.md").read_text(encoding="utf-8")

    assert tuple(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == KEYS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        linked = page.parent / target if target else page
        if not linked.exists() or (anchor and anchor not in anchors(linked)):
            dead.append(f"{target}#{anchor}")

    assert dead == []


def anchors(page: Path) -> set[str]:
    """Return what headings can be linked by: lower case, hyphens for spaces, no punctuation."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs/index.md"

    listed = {target for target, _ in LINK.findall(index.read_text(encoding="utf-8"))}

    assert {page.name for page in index.parent.glob("*.md")} - {"index.md"} <= listed


def test_every_rule_that_the_docs_name_exists() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    named = set(re.findall(r"sagemaker-model:([a-z0-9]+(?:-[a-z0-9]+)+)", pages))

    assert named
    assert named <= rules().keys()


def test_the_error_that_the_docs_show_is_the_one_that_is_told() -> None:
    app = App()
    container = Container(
        model_id="org/name",
        instance_type="ml.g5.2xlarge",
        container=ContainerImages.HF_PYTORCH_LLM_TGI_INFERENCE_LATEST,
        env={"MAX_TOTEL_TOKENS": "2048"},
    )
    SageMakerModel(Stack(app, "Chat"), "Model", model=container)

    with pytest.raises(RuntimeError) as failure:
        app.synth()

    page = (ROOT / "docs/checks.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^\[Chat/Model\] .*$", page, re.MULTILINE)
    assert shown in str(failure.value)


@pytest.mark.parametrize("name", sagemaker_model.__all__)
def test_every_public_name_has_a_page_with_a_line_for_each_argument(name: str) -> None:
    words = name.replace("SageMaker", "Sagemaker")
    page = ROOT / f"docs/{re.sub(r'(?<!^)(?=[A-Z])', '_', words).lower()}.md"
    given = [each for each in arguments(getattr(sagemaker_model, name)) if each not in CDK_OWN]

    first_cells = "".join(
        re.findall(r"^\|([^|]*)\|", page.read_text(encoding="utf-8"), re.MULTILINE)
    )

    assert [each for each in given if f"`{each}`" not in first_cells] == []


def arguments(cls: type) -> list[str]:
    """Return the names that the constructor takes, which jsii's metaclass hides."""
    constructor = vars(cls).get("__init__")
    return [*inspect.signature(constructor).parameters][1:] if constructor else []


def test_every_public_class_method_and_argument_is_documented() -> None:
    missing = []
    for name in sagemaker_model.__all__:
        cls = getattr(sagemaker_model, name)
        if not inspect.getdoc(cls):
            missing.append(name)
        missing += [f"{name}.{member}" for member in undocumented(cls)]
        missing += [f"{name}({argument})" for argument in undocumented_arguments(cls)]
    assert missing == []


def undocumented(cls: type) -> Iterator[str]:
    for name, member in vars(cls).items():
        public = not name.startswith("_") and (callable(member) or isinstance(member, property))
        if public and not inspect.getdoc(getattr(cls, name)):
            yield name


def undocumented_arguments(cls: type) -> Iterator[str]:
    text = inspect.getdoc(cls) or ""
    for argument in arguments(cls):
        if argument not in {"args", "kwargs"} and f"\n    {argument}: " not in text:
            yield argument


def test_every_fragment_of_the_changelog_says_what_kind_it_is() -> None:
    for fragment in (ROOT / "changes").glob("*"):
        assert re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md", fragment.name)
        assert fragment.read_text().strip()
