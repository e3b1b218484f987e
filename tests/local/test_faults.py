"""Which requests meet a fault."""

from __future__ import annotations

import pytest

from sagemaker_model.local.emulator.faults import Fault, action_of, take

JSON = {
    "x-amz-target": "CodeBuild_20161006.StartBuild",
    "authorization": "AWS4-HMAC-SHA256 Credential=1/20260101/us-east-1/codebuild/aws4_request",
}
S3 = {"authorization": "AWS4-HMAC-SHA256 Credential=1/20260101/us-east-1/s3/aws4_request"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "action"),
    [
        ("POST", "/", JSON, "codebuild:StartBuild"),
        ("PUT", "/bucket/key", S3, "s3:PutObject"),
        ("GET", "/bucket/key", S3, "s3:GetObject"),
        ("PUT", "/_ministack/cfn-response/1", {}, "cloudformation:ResponseURL"),
    ],
)
def test_requests_are_known_by_what_iam_calls_them(
    method: str, path: str, headers: dict[str, str], action: str
) -> None:
    assert action_of(method, path, headers, b"", {}) == action


def test_a_fault_is_met_as_often_as_it_is_told_and_no_more() -> None:
    fault = Fault("s3:*", times=2)

    met = [take([fault], "s3:PutObject", b"") for _ in range(3)]

    assert met == [fault, fault, None]
    assert (fault.times, fault.met) == (0, 2)


def test_a_fault_that_is_aimed_at_one_stack_spares_the_others() -> None:
    fault = Fault("codebuild:*", containing="mine_")

    assert take([fault], "codebuild:StartBuild", b'{"projectName": "other_1"}') is None
    assert take([fault], "s3:PutObject", b"mine_1") is None
    assert take([fault], "codebuild:StartBuild", b'{"projectName": "mine_1"}') is fault


def test_the_next_fault_has_its_turn_when_the_one_before_it_is_used_up() -> None:
    first, second = Fault("s3:PutObject"), Fault("s3:PutObject")

    met = [take([first, second], "s3:PutObject", b"") for _ in range(2)]

    assert met[0] is first
    assert met[1] is second
