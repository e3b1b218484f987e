"""The documentation: snippets run, links lead somewhere, and public names have pages."""

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

import sagemaker_model
from sagemaker_model import Container, ContainerImages, SageMakerModel

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "examples/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


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


@pytest.mark.parametrize("code", snippets("python"))
def test_every_python_snippet_runs_and_its_apps_synthesize(code: str) -> None:
    namespace = {"__name__": "snippet", **what_a_reader_has()}

    exec(compile(code, "<snippet>", "exec"), namespace)

    for value in list(namespace.values()):
        if isinstance(value, Stack):
            Template.from_stack(value)


@pytest.mark.parametrize("text", snippets("json"))
def test_every_json_snippet_is_json(text: str) -> None:
    assert json.loads(text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    missing = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert missing == []


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


def test_every_public_name_has_a_page() -> None:
    for name in sagemaker_model.__all__:
        words = name.replace("SageMaker", "Sagemaker")
        page = re.sub(r"(?<!^)(?=[A-Z])", "_", words).lower()
        assert (ROOT / f"docs/{page}.md").is_file(), page


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
    if "__init__" not in vars(cls):
        return
    text = inspect.getdoc(cls) or ""
    for argument in inspect.signature(cls).parameters:
        if argument not in {"args", "kwargs"} and f"\n    {argument}: " not in text:
            yield argument


def test_every_fragment_of_the_changelog_says_what_kind_it_is() -> None:
    for fragment in (ROOT / "changes").glob("*"):
        assert re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed|removed)\.md", fragment.name)
        assert fragment.read_text().strip()
