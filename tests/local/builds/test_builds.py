"""Builds that really run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local.builds.cloud import Builder, archive, phases, reason, spec

HUB = "arn:aws:secretsmanager:us-east-1:123456789012:secret:hub-AbCdEf"


def test_a_build_runs_its_commands_and_succeeds(builder: Builder) -> None:
    build = builder.run(spec("echo hello", "echo again"))

    assert builder.printed(build) == ["hello", "again"]
    assert build["buildStatus"] == "SUCCEEDED"
    assert list(phases(build)) == [
        "SUBMITTED",
        "QUEUED",
        "PROVISIONING",
        "DOWNLOAD_SOURCE",
        "INSTALL",
        "PRE_BUILD",
        "BUILD",
        "POST_BUILD",
        "UPLOAD_ARTIFACTS",
        "FINALIZING",
        "COMPLETED",
    ]
    assert set(phases(build).values()) == {"SUCCEEDED", ""}
    assert build["endTime"] >= build["startTime"]
    assert build["currentPhase"] == "COMPLETED"


def test_a_failing_command_fails_its_phase_and_says_how(builder: Builder) -> None:
    build = builder.run(spec("echo one", "ls /no/such/place", "echo never"))

    assert build["buildStatus"] == "FAILED"
    assert phases(build)["BUILD"] == "FAILED"
    assert reason(build) == (
        "COMMAND_EXECUTION_ERROR: Error while executing command: ls /no/such/place. "
        "Reason: exit status 2"
    )
    assert builder.printed(build)[0] == "one"
    assert "never" not in builder.printed(build)


def test_post_build_runs_after_a_failed_build_and_is_told(builder: Builder) -> None:
    succeeding = "echo $CODEBUILD_BUILD_SUCCEEDING"

    build = builder.run(spec(build=[succeeding, "false"], post_build=[succeeding]))

    assert builder.printed(build) == ["1", "0"]
    assert phases(build)["POST_BUILD"] == "SUCCEEDED"
    assert build["buildStatus"] == "FAILED"


@pytest.mark.parametrize("phase", ["install", "pre_build"])
def test_a_failure_before_the_build_ends_it(builder: Builder, phase: str) -> None:
    build = builder.run(spec("false", phase=phase, build=["echo b"], post_build=["echo p"]))

    assert builder.printed(build) == []
    assert "BUILD" not in phases(build)
    assert phases(build)["FINALIZING"] == "SUCCEEDED"


@pytest.mark.parametrize(("told", "printed"), [("CONTINUE", ["built"]), ("ABORT", [])])
def test_on_failure_decides_what_follows(builder: Builder, told: str, printed: list[str]) -> None:
    build = builder.run(
        "version: 0.2\nphases:\n"
        f"  install: {{commands: ['false'], on-failure: {told}}}\n"
        "  build: {commands: [echo built]}"
    )

    assert builder.printed(build) == printed
    assert build["buildStatus"] == "FAILED"


def test_finally_runs_after_a_failed_command(builder: Builder) -> None:
    build = builder.run(
        "version: 0.2\nphases: {build: {commands: ['false'], finally: [echo cleaned]}}"
    )

    assert builder.printed(build) == ["cleaned"]
    assert phases(build)["BUILD"] == "FAILED"


def test_a_failing_finally_fails_the_phase(builder: Builder) -> None:
    build = builder.run("version: 0.2\nphases: {build: {commands: ['true'], finally: [exit 4]}}")

    assert build["buildStatus"] == "FAILED"
    assert "Reason: exit status 4" in reason(build)


def test_variables_of_the_call_win_over_the_projects_and_these_over_the_buildspecs(
    builder: Builder,
) -> None:
    builder.project(
        "version: 0.2\n"
        "env: {variables: {A: spec, B: spec, C: spec}}\n"
        "phases: {build: {commands: [echo $A $B $C $HF_ENDPOINT]}}",
        environment={
            "environmentVariables": [
                {"name": "B", "value": "project"},
                {"name": "C", "value": "project"},
            ]
        },
    )

    build = builder.wait(
        builder.start(environmentVariablesOverride=[{"name": "C", "value": "call"}])
    )

    assert builder.printed(build) == ["spec project call http://127.0.0.1:1"]
    told = build["environment"]["environmentVariables"]
    assert {each["name"]: each["value"] for each in told} == {"B": "project", "C": "call"}


def test_nothing_of_this_machine_leaks_into_a_build_but_what_it_needs(builder: Builder) -> None:
    build = builder.run(spec("env"))

    seen = {line.partition("=")[0] for line in builder.printed(build)}
    of_the_shell = {"PWD", "OLDPWD", "SHLVL", "_"}
    given = {"PATH", "HOME", "TMPDIR", "LC_ALL", "HF_ENDPOINT", "PIP_CACHE_DIR"}
    others = {name for name in seen if not name.startswith(("CODEBUILD_", "AWS_"))}
    assert others - of_the_shell == given


def test_codebuild_tells_a_build_about_itself(builder: Builder) -> None:
    names = ["BUILD_ID", "BUILD_ARN", "BUILD_NUMBER", "BUILD_IMAGE", "LOG_PATH", "INITIATOR"]

    build = builder.run(spec(*(f"echo $CODEBUILD_{name}" for name in names)))

    stream = build["logs"]["streamName"]
    assert builder.printed(build) == [
        build["id"],
        build["arn"],
        "1",
        "aws/codebuild/standard:7.0",
        stream,
        "local",
    ]
    assert build["id"] == f"one:{stream}"
    assert builder.cloud.sessions == [f"AWSCodeBuild-{stream}"]


def test_values_from_vaults_reach_the_build_and_never_its_logs(builder: Builder) -> None:
    builder.role.secrets[HUB] = '{"token": "hf_secret_token"}'
    builder.role.known["/ci/user"] = "someone-secret"

    build = builder.run(
        "version: 0.2\n"
        "env: {parameter-store: {WHO: /ci/user}}\n"
        "phases: {build: {commands: ['echo $TOKEN $WHO', 'printf %s $TOKEN | wc -c',"
        " 'echo $AWS_SECRET_ACCESS_KEY']}}",
        environment={
            "environmentVariables": [
                {"name": "TOKEN", "value": f"{HUB}:token", "type": "SECRETS_MANAGER"}
            ]
        },
    )

    assert builder.printed(build) == ["*** ***", "15", "***"]
    everything = str(builder.role.logged)
    assert "hf_secret_token" not in everything
    assert "*** ***" in everything
    assert f"{HUB}:token" in str(build["environment"])


def test_the_log_goes_to_cloudwatch_as_it_goes_to_the_file(builder: Builder) -> None:
    build = builder.run(
        spec("echo hello"),
        logsConfig={"cloudWatchLogs": {"status": "ENABLED", "groupName": "g", "streamName": "s"}},
    )

    own = build["id"].split(":")[1]
    file = Path(build["logs"]["deepLink"].removeprefix("file://"))
    assert build["logs"]["streamName"] == f"s/{own}"
    assert builder.role.logged[f"g/s/{own}"] == file.read_text().splitlines()
    assert "Running command echo hello" in file.read_text()


def test_without_a_group_the_log_goes_to_the_projects_own(builder: Builder) -> None:
    build = builder.run(spec("true"))

    assert build["logs"]["groupName"] == "/aws/codebuild/one"
    assert list(builder.role.logged) == [f"/aws/codebuild/one/{build['logs']['streamName']}"]


def test_a_log_that_is_switched_off_is_not_sent(builder: Builder) -> None:
    builder.run(spec("true"), logsConfig={"cloudWatchLogs": {"status": "DISABLED"}})

    assert builder.role.logged == {}


def test_sources_lie_in_folders_and_the_buildspec_in_the_first(builder: Builder) -> None:
    builder.role.objects["assets/program.zip"] = archive(
        buildspec__yml=spec(
            "cat a.txt $CODEBUILD_SRC_DIR_code/b.txt", "echo $CODEBUILD_SRC_DIR_code"
        ),
        a__txt="one\n",
    )
    builder.role.objects["assets/code.zip"] = archive(b__txt="two\n")

    build = builder.run(
        "",
        source={"type": "S3", "location": "assets/program.zip"},
        secondarySources=[
            {"type": "S3", "location": "assets/code.zip", "sourceIdentifier": "code"}
        ],
    )

    assert builder.printed(build)[:2] == ["one", "two"]
    assert [each for each in builder.role.asked if each.startswith("s3:")] == [
        "s3:GetObject assets/program.zip",
        "s3:GetObject assets/code.zip",
    ]
    folder = Path(builder.printed(build)[2])
    assert not folder.exists()


def test_another_buildspec_and_another_version_of_the_source_may_be_named(builder: Builder) -> None:
    builder.role.objects["assets/program.zip@v2"] = archive(other__yml=spec("echo second"))
    builder.project("", source={"type": "S3", "location": "assets/program.zip"})

    build = builder.wait(builder.start(sourceVersion="v2", buildspecOverride="other.yml"))

    assert builder.printed(build) == ["second"]


def test_a_buildspec_may_lie_in_s3(builder: Builder) -> None:
    builder.role.objects["specs/one.yml"] = spec("echo from s3").encode()

    build = builder.run("arn:aws:s3:::specs/one.yml")

    assert builder.printed(build) == ["from s3"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"type": "S3", "location": "assets/none.zip"}, "NoSuchKey: The specified key does not"),
        ({"type": "S3", "location": "assets/text.zip"}, "no ZIP archive"),
        ({"type": "S3", "location": "assets/folder/"}, "fetches ZIP archives in S3"),
        ({"type": "GITHUB", "location": "https://example.org/x"}, "got GITHUB https://example.org"),
        ({"type": "S3", "location": "assets/empty.zip"}, "YAML_FILE_ERROR: YAML file does not exi"),
    ],
)
def test_a_source_that_cannot_be_had_fails_the_download(
    builder: Builder, source: dict[str, str], told: str
) -> None:
    builder.role.objects["assets/text.zip"] = b"not an archive"
    builder.role.objects["assets/empty.zip"] = archive()

    build = builder.run("", source=source)

    assert build["buildStatus"] == "FAILED"
    assert phases(build)["DOWNLOAD_SOURCE"] == "FAILED"
    assert told in reason(build)


@pytest.mark.parametrize(
    ("denied", "phase", "told"),
    [
        ("s3:GetObject", "DOWNLOAD_SOURCE", "CLIENT_ERROR: AccessDenied: not authorized"),
        ("secretsmanager:GetSecretValue", "DOWNLOAD_SOURCE", "Decrypted Variables Error: Access"),
        (
            "logs:CreateLogStream",
            "PROVISIONING",
            "ACCESS_DENIED: Service role arn:aws:iam::1234567",
        ),
        ("logs:PutLogEvents", "FINALIZING", "not authorized to perform: logs:PutLogEvents"),
    ],
)
def test_what_the_role_may_not_do_fails_the_build(
    builder: Builder, denied: str, phase: str, told: str
) -> None:
    builder.role.objects["assets/program.zip"] = archive(buildspec__yml=spec("true"))
    builder.role.secrets["hub"] = "x"
    builder.role.denied.add(denied)

    build = builder.run(
        "",
        source={"type": "S3", "location": "assets/program.zip"},
        environment={
            "environmentVariables": [{"name": "T", "value": "hub", "type": "SECRETS_MANAGER"}]
        },
    )

    assert build["buildStatus"] == "FAILED"
    assert phases(build)[phase] == "FAILED"
    assert told in reason(build)


def test_a_role_that_codebuild_may_not_assume_fails_the_build(builder: Builder) -> None:
    builder.project(spec("true"))

    build = builder.wait(builder.start(serviceRoleOverride="arn:aws:iam::123456789012:role/other"))

    assert phases(build)["PROVISIONING"] == "FAILED"
    assert "sts:AssumeRole on arn:aws:iam::123456789012:role/other" in reason(build)


def test_a_buildspec_that_cannot_be_run_says_so(builder: Builder) -> None:
    build = builder.run("version: 0.2\nphases: {deploy: {commands: [x]}}")

    assert phases(build)["DOWNLOAD_SOURCE"] == "FAILED"
    assert reason(build).startswith("YAML_FILE_ERROR: phases has deploy")


def test_a_shell_that_is_not_there_is_a_fault_and_not_an_endless_build(builder: Builder) -> None:
    build = builder.run(
        "version: 0.2\nenv: {shell: bash, variables: {PATH: /nowhere}}\n"
        "phases: {build: {commands: [ls]}}"
    )

    assert build["buildStatus"] == "FAULT"
    assert "FileNotFoundError" in reason(build)


def test_exported_variables_are_told_when_the_build_is_done(builder: Builder) -> None:
    build = builder.run(
        "version: 0.2\nenv: {exported-variables: [A, NONE]}\n"
        "phases: {build: {commands: [A=1, A=2]}}"
    )

    assert build["exportedEnvironmentVariables"] == [{"name": "A", "value": "2"}]


def test_python_is_the_builds_own_and_has_the_packages_of_its_image(builder: Builder) -> None:
    build = builder.run(
        spec(
            "python -c 'import pytest, sys; print(sys.prefix)'",
            "command -v pip",
            "pip --version",
            "python -m pip --version",
        )
    )

    prefix, pip, *versions = builder.printed(build)
    assert prefix != sys.prefix
    assert pip == f"{prefix}/bin/pip"
    assert versions[0] == versions[1]


def test_proxies_never_stand_between_a_build_and_this_machine(builder: Builder) -> None:
    build = builder.run(
        "version: 0.2\nenv: {variables: {HTTPS_PROXY: 'http://p:1', NO_PROXY: intra}}\n"
        "phases: {build: {commands: [echo $HTTPS_PROXY $NO_PROXY]}}"
    )

    assert builder.printed(build) == ["http://p:1 intra,127.0.0.1,localhost"]
