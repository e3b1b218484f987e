"""The verbs, with the real CDK CLI and a local AWS of their own."""

import re
import signal
import subprocess
from contextlib import suppress

import psutil
import pytest

from local.cli.conftest import User
from local.live import until

HUMAN_TEXT = re.compile(r"\x1b|Traceback")


@pytest.fixture(scope="module")
def deployed(user: User) -> User:
    """The user, after ``up`` and ``deploy``."""
    up = user.does("up")
    assert up.returncode == 0, up.stderr
    deploy = user.does("deploy")
    assert deploy.returncode == 0, deploy.stderr
    (user.folder / "deploy.out").write_text(deploy.stdout)
    (user.folder / "deploy.err").write_text(deploy.stderr)
    (user.folder / "up.out").write_text(up.stdout)
    return user


def test_deploy_shows_each_resource_and_the_endpoints_answer(deployed: User) -> None:
    told, progress = (
        (deployed.folder / "deploy.out").read_text(),
        (deployed.folder / "deploy.err").read_text(),
    )

    assert re.search(r"CREATE_COMPLETE +Chat  Model/Endpoint  AWS::SageMaker::Endpoint", progress)
    assert re.search(r"CREATE_COMPLETE +Chat  the stack", progress)
    assert 'asked     {"messages"' in told
    assert "answered  {" in told
    assert not HUMAN_TEXT.search(told + progress)


def test_deploy_says_where_no_model_answered(deployed: User) -> None:
    assert "by        stand-in for vLLM, no model" in (deployed.folder / "deploy.out").read_text()


def test_a_chat_is_answered_by_the_stand_in(deployed: User) -> None:
    done = deployed.does("chat", "Chat", "hello", "--local", group=())

    assert done.stdout == "This is a stand-in of the local AWS: no model has read the prompt.\n"
    assert not HUMAN_TEXT.search(done.stderr)


def test_a_second_up_says_that_it_is_up_and_prints_the_same(deployed: User) -> None:
    again = deployed.does("up")

    assert "already up" in again.stderr
    assert again.stdout == (deployed.folder / "up.out").read_text()


def test_cdk_itself_works_with_the_printed_variables(deployed: User) -> None:
    script = (
        f"{(deployed.folder / 'up.out').read_text()}\nnode_modules/.bin/cdk diff Chat -o diffed"
    )

    done = subprocess.run(
        ["bash", "-c", script], cwd=deployed.folder, text=True, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "There were no differences" in done.stdout + done.stderr


def test_all_files_lie_in_one_folder_that_git_ignores(deployed: User) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=deployed.folder, check=True)
    told = subprocess.run(
        ["git", "status", "--short", "--untracked-files=all"],
        cwd=deployed.folder,
        text=True,
        capture_output=True,
        check=True,
    )

    new = {line.split()[-1] for line in told.stdout.splitlines()}
    assert not {name for name in new if name.startswith((".sagemaker-model", "cdk.out"))}


def test_status_shows_stacks_and_endpoints(deployed: User) -> None:
    told = deployed.gets("status")

    assert {"name": "Chat", "region": "us-east-1", "status": "CREATE_COMPLETE"} in told["stacks"]
    (endpoint,) = told["endpoints"]
    assert (endpoint["stack"], endpoint["status"]) == ("Chat", "InService")
    shown = deployed.does("status").stdout
    assert told["url"] in shown
    assert endpoint["name"] in shown


def test_invoke_sends_what_is_given_on_the_line_or_in_a_file(deployed: User) -> None:
    (deployed.folder / "body.json").write_text('{"prompt": "hello"}')

    on_the_line = deployed.gets("invoke", "chat", '{"prompt": "hello"}', "--local", group=())
    from_a_file = deployed.gets("invoke", "Chat", "@body.json", "--local", group=())

    assert on_the_line["answered_by"].startswith("stand-in for ")
    assert on_the_line["answer"] == from_a_file["answer"]


def test_invoke_fails_with_what_the_model_said(deployed: User) -> None:
    done = deployed.does("invoke", "chat", '{"nothing": 1}', "--local", group=())

    assert done.returncode == 1
    assert "refuses the request (400): give 'messages', 'prompt' or 'input'" in done.stderr
    assert "Traceback" not in done.stderr


def test_logs_shows_what_the_endpoint_wrote(deployed: User) -> None:
    assert "stand-in" in deployed.does("logs", "Chat", "--local", group=()).stdout


def test_a_mistake_in_the_app_is_shown_as_the_app_tells_it(deployed: User) -> None:
    done = deployed.does("deploy", "--", "-c", "instance_type=p3.2xlarge")

    assert done.returncode == 1
    assert "cdk synth failed" in done.stderr
    assert "instance_type" in done.stderr


def test_an_endpoint_that_fails_is_told_with_its_reason_and_rolled_back(deployed: User) -> None:
    done = deployed.does("deploy", "Broken", "--", "-c", "broken=1")

    assert done.returncode == 1
    assert re.search(
        r"CREATE_FAILED +Broken  Endpoint  AWS::SageMaker::Endpoint\n +\w", done.stderr
    )
    stacks = {each["name"]: each["status"] for each in deployed.gets("status")["stacks"]}
    assert stacks["Broken"] == "ROLLBACK_COMPLETE"
    assert stacks["Chat"] == "CREATE_COMPLETE"
    why = deployed.does("why", "Broken", "--local", group=())
    assert why.returncode == 0, why.stderr
    assert "CloudFormation, of Endpoint (AWS::SageMaker::Endpoint)" in why.stdout
    assert "\n  fix: " in why.stdout


def test_why_says_that_nothing_failed_and_knows_what_is_not_there(deployed: User) -> None:
    fine = deployed.does("why", "Chat", "--local", group=())
    missing = deployed.does("why", "Caht", "--local", group=())

    assert (fine.returncode, fine.stdout) == (0, "")
    assert fine.stderr == "nothing failed in the last change of Chat\n"
    assert missing.returncode == 1
    assert missing.stderr.startswith("error: there is no endpoint and no stack 'Caht'")


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_a_deploy_that_is_told_to_end_ends_the_cdk_cli_and_the_app(
    deployed: User, told: signal.Signals
) -> None:
    with deployed.begins("deploy") as deploy:
        until(lambda: any("app.py" in each for each in command_lines(deploy.pid)))
        family = psutil.Process(deploy.pid).children(recursive=True)
        deploy.send_signal(told)
        deploy.communicate(timeout=60)

    assert deploy.returncode != 0
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert deployed.gets("status")["endpoints"][0]["status"] == "InService"


def command_lines(pid: int) -> list[str]:
    """Return the command lines of all that a process started."""
    lines = []
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            lines.append(" ".join(child.cmdline()))
    return lines


def test_destroy_and_down_leave_nothing(user: User, deployed: User) -> None:
    destroyed = deployed.does("destroy")

    assert destroyed.returncode == 0, destroyed.stderr
    assert "DELETE_COMPLETE" in destroyed.stderr
    assert {each["name"] for each in deployed.gets("status")["stacks"]} <= {"CDKToolkit", "Broken"}
    assert deployed.gets("down") == {"ended": True}
    assert deployed.gets("down") == {"ended": False}
    assert not (user.folder / ".sagemaker-model" / "local").exists()
