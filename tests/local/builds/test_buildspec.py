"""A buildspec as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from sagemaker_model.local.builds.buildspec import BuildspecError, Phase, parse
from sagemaker_model.local.builds.variables import Variable

ROOT = Path(__file__).parents[3]
BUILD = "phases: {build: {commands: [make]}}"


def test_the_projects_own_buildspec_is_understood() -> None:
    spec = parse((ROOT / "codebuild" / "buildspec.yml").read_text())

    assert spec.runtimes == {"python": "3.12"}
    assert spec.phases["build"].commands[-1] == "python -m model_builder build"
    assert len(spec.phases["install"].commands) == 2
    assert spec.phases["post_build"] == Phase()


def test_phases_keep_the_order_in_which_they_run() -> None:
    spec = parse("version: 0.2\nphases: {post_build: {commands: [b]}, install: {commands: [a]}}")

    assert list(spec.phases) == ["install", "pre_build", "build", "post_build"]


def test_a_phase_has_commands_and_what_runs_in_any_case() -> None:
    spec = parse(
        "version: 0.2\n"
        "phases: {build: {on-failure: CONTINUE, commands: [make, make test], finally: [clean]}}"
    )

    assert spec.phases["build"] == Phase(("make", "make test"), ("clean",), "CONTINUE")


def test_a_single_command_may_stand_without_a_list() -> None:
    assert parse("version: 0.2\nphases: {build: {commands: make}}").phases["build"].commands == (
        "make",
    )


def test_json_is_a_buildspec_too() -> None:
    spec = parse('{"version": "0.2", "phases": {"build": {"commands": ["make"]}}}')

    assert spec.phases["build"].commands == ("make",)


def test_variables_come_from_three_places() -> None:
    spec = parse(
        f"version: 0.2\n{BUILD}\n"
        "env:\n"
        "  shell: bash\n"
        "  variables: {SIZE: 3, FAST: true}\n"
        "  parameter-store: {USER: /ci/user}\n"
        "  secrets-manager: {TOKEN: 'hub:token'}\n"
        "  exported-variables: [SIZE]\n"
    )

    assert spec.variables == (
        Variable("SIZE", "3"),
        Variable("FAST", "true"),
        Variable("USER", "/ci/user", "PARAMETER_STORE"),
        Variable("TOKEN", "hub:token", "SECRETS_MANAGER"),
    )
    assert spec.exported == ("SIZE",)
    assert spec.shell == "bash"


def test_parts_without_effect_are_told() -> None:
    spec = parse(f"version: 0.2\n{BUILD}\ncache: {{paths: [x]}}\nartifacts: {{files: ['*']}}")

    assert spec.not_emulated == ("artifacts", "cache")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "the buildspec is no YAML"),
        ("just text", "the buildspec must be a mapping, got 'just text'"),
        ("version: 0.1\nphases: {}", "the buildspec has version 0.1; write version: 0.2"),
        ("phases: {}", "the buildspec has version None; write version: 0.2"),
        ("version: 0.2", "has no phases; give one of install, pre_build, build, post_build"),
        (f"version: 0.2\n{BUILD}\nbatch: {{}}", "has batch, which the local CodeBuild"),
        ("version: 0.2\nphases: {deploy: {}}", "phases has deploy"),
        ("version: 0.2\nphases: {build: {run-as: me}}", "phases/build has run-as"),
        ("version: 0.2\nphases: {build: {on-failure: RETRY}}", "on-failure is 'RETRY'; the local"),
        ("version: 0.2\nphases: {build: {runtime-versions: {}}}", "which only install may have"),
        (
            "version: 0.2\nphases: {build: {commands: [a, echo: b]}}",
            r"phases/build/commands\[2\] must be a string, got {'echo': 'b'}; quote a command",
        ),
        ("version: 0.2\nphases: {build: {commands: {a: b}}}", "must be a list of strings"),
        (f"version: 0.2\n{BUILD}\nenv: {{shell: fish}}", "env/shell is 'fish'; give one of bash"),
        (f"version: 0.2\n{BUILD}\nenv: {{variables: {{A: [1]}}}}", "env/variables/A must be a str"),
    ],
)
def test_what_cannot_be_run_is_told(text: str, told: str) -> None:
    with pytest.raises(BuildspecError, match=told):
        parse(text)
